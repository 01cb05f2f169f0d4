"""Invitations: somebody of the city opens the door for an enterprise or a citizen once, for some days, by a link that is shown once.

The ledger and the tables hold the digest of the link's token, never the token; who is invited is kept apart as personal data. An
invitation gives the role of an enterprise or a citizen and no other.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.foundation.access import CITIZEN, ENTERPRISE, SYSTEM, Actor, may, role_name
from bihuan.foundation.actions.members import MemberGiven, set_member, set_password, set_roles
from bihuan.foundation.actions.writing import allow, record
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Invitation, Member
from bihuan.foundation.private import committed
from bihuan.foundation.projections.ids import next_id

LONGEST_DAYS = 30
MOST_OPEN = 20
"""So many invitations of one member may stand open: a door that nobody watches is a door for anybody."""
BYTES = 32
"""Of chance in a token: too many to try."""

INVITED = (ENTERPRISE, CITIZEN)


@dataclass(frozen=True)
class InvitationGiven:
    """Whom to invite: as what, for an enterprise its code as the registers hold it, their name, and for how many days."""

    role: str
    enterprise: str = ""
    name: str = ""
    days: int = 7


def invite(actor: Actor, given: InvitationGiven, at: datetime) -> tuple[Invitation, str]:
    """Make an invitation; gives it and the token, which is kept nowhere and cannot be shown again."""
    allow(may(actor, "invite"))
    if given.role not in INVITED:
        names, names_en = (" / ".join(role_name(role, language) for role in INVITED) for language in ("zh", "en"))
        raise rejected(Refused(f"只能邀请{names}", f"only {names_en} can be invited", ""), "role", "身份")
    enterprise = given.enterprise.strip()
    if (given.role == ENTERPRISE) != bool(enterprise):
        why = Refused("邀请企业须写明企业名称，邀请公众不写", "an enterprise is invited by its name, a citizen without one", "甲公司")
        raise rejected(why, "enterprise", "企业")
    if not 1 <= given.days <= LONGEST_DAYS:
        raise rejected(Refused(f"有效期为 1 至 {LONGEST_DAYS} 天", f"valid for 1 to {LONGEST_DAYS} days", "7"), "days", "有效天数")
    token = secrets.token_urlsafe(BYTES)
    with writing():
        if Invitation.objects.filter(made_by=actor.username, state="open", expires__gt=at).count() >= MOST_OPEN:
            full = f"您已有 {MOST_OPEN} 份还没有用的邀请；请先撤回不再需要的，或等它们被使用、到期"
            full_en = f"{MOST_OPEN} of your invitations are still open; take back what is not needed, or wait until they are used or out of date"
            raise rejected(Refused(full, full_en))
        number = next_id(Invitation, "default")
        body = {
            "id": number,
            "digest": digest_of(token),
            "role": given.role,
            "enterprise": enterprise,
            "name": committed(given.name.strip(), subject_of(number)),
            "expires": (at + timedelta(days=given.days)).isoformat(),
        }
        record(New("invitation.made", body, actor.username, at))
        return Invitation.objects.get(pk=number), token


def revoke_invitation(actor: Actor, number: int, at: datetime) -> Invitation:
    """Take an open invitation back: its own maker, or a system administrator."""
    allow(may(actor, "invite"))
    with writing():
        standing = Invitation.objects.filter(pk=number, state="open").first()
        if standing is None or not may_revoke(actor, standing):
            raise rejected(Refused("没有这份未使用的邀请", "there is no such open invitation", ""))
        record(New("invitation.revoked", {"id": number}, actor.username, at))
        return Invitation.objects.get(pk=number)


def may_revoke(actor: Actor, invitation: Invitation) -> bool:
    """Whether an invitation is this actor's to see and to take back."""
    return invitation.made_by == actor.username or bool(may(actor, "member.set"))


def open_invitation(token: str, at: datetime) -> Invitation | None:
    """The invitation of a token, where it is neither used nor taken back nor out of date."""
    return Invitation.objects.filter(digest=digest_of(token), state="open", expires__gt=at).first()


def accept_invitation(token: str, username: str, password: str, at: datetime) -> Member:
    """Make the account of who was invited, with the role of the invitation and the password they chose. It works once.

    Rejected where the invitation does not hold, the name is taken or unfit, or the password is too weak; then nothing was made.
    """
    with writing():
        invitation = open_invitation(token, at)
        if invitation is None:
            raise rejected(Refused("邀请已使用、已撤回或已过期", "the invitation was used, taken back or is out of date", ""))
        if Member.objects.filter(pk=username).exists():
            raise rejected(Refused("这个用户名已有人用", "this username is taken", "zhang.san"), "username", "用户名")
        set_member(SYSTEM, MemberGiven(username, invitation.name, enterprise=invitation.enterprise), at)
        set_roles(SYSTEM, username, [invitation.role], at)
        member = set_password(SYSTEM, username, password, at)
        record(New("invitation.used", {"id": invitation.pk, "username": username}, username, at))
        return member


def digest_of(token: str) -> str:
    """What is kept of a token. It is all chance, so one round of a hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def subject_of(number: int) -> str:
    """Whom an invitation's secret is about."""
    return f"invitation {number}"
