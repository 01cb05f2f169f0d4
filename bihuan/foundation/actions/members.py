"""Offices and the people in them: accounts made by one administrator, rights given by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from bihuan.foundation.access import ROLES, SYSTEM, Actor, Decision, may, refused_roles
from bihuan.foundation.actions.writing import Forbidden, allow, record
from bihuan.foundation.checking import Refusal, Rejected, rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.loading import catalogue
from bihuan.foundation.models import Event, Member, Office
from bihuan.foundation.private import committed


@dataclass(frozen=True)
class OfficeGiven:
    """An office as an administrator sets it: `kind` is city, department, county, township or another word of the city."""

    code: str
    kind: str
    parent: str = ""
    name: str = ""
    name_en: str = ""
    closed: bool = False


@dataclass(frozen=True)
class MemberGiven:
    """A person's account, without rights: `name` and `phone` are kept apart from the ledger."""

    username: str
    name: str = ""
    office: str = ""
    phone: str = ""
    enterprise: str = ""
    language: str = "zh-hans"
    active: bool = True


def set_office(actor: Actor, given: OfficeGiven, at: datetime) -> Office:
    """Make an office or change it; with a new parent its whole subtree moves."""
    allow(may(actor, "office.set"))
    with writing():
        above = Office.objects.filter(pk=given.parent).first() if given.parent else None
        if given.parent and above is None:
            raise rejected(Refused(f"没有上级单位“{given.parent}”", f"there is no office “{given.parent}” above it", ""), "parent", "上级单位")
        if above and f"/{given.code}/" in above.path:
            raise rejected(Refused("上级单位不能是自己或下级单位", "an office cannot lie below itself", ""), "parent", "上级单位")
        if not given.code or "/" in given.code:
            raise rejected(Refused("单位名称不能为空，不能含 /", "an office needs a name without a slash", "濮阳县"), "code", "单位")
        body = {
            "code": given.code,
            "name": given.name or given.code,
            "name_en": given.name_en,
            "kind": given.kind,
            "parent": given.parent,
            "closed": given.closed,
        }
        record(New("office.set", body, actor.username, at))
        return Office.objects.get(pk=given.code)


def set_member(actor: Actor, given: MemberGiven, at: datetime) -> Member:
    """Make an account or change it. It has no rights until somebody else gives them, and no password until one is set."""
    allow(may(actor, "member.set"))
    if not given.username or given.username == SYSTEM.username or not given.username.isprintable() or " " in given.username:
        raise rejected(Refused(f"用户名“{given.username}”不可用", f"the username “{given.username}” cannot be used", "zhang.san"), "username", "用户名")
    with writing():
        if given.office and not Office.objects.filter(pk=given.office, closed=False).exists():
            raise rejected(Refused(f"没有单位“{given.office}”", f"there is no office “{given.office}”", ""), "office", "单位")
        body = {
            "username": given.username,
            "name": committed(given.name, subject_of(given.username)),
            "phone": committed(given.phone, subject_of(given.username)),
            "office": given.office,
            "enterprise": given.enterprise,
            "language": given.language,
            "active": given.active,
        }
        record(New("member.set", body, actor.username, at))
        return Member.objects.get(pk=given.username)


def set_roles(actor: Actor, username: str, roles: Sequence[str], at: datetime) -> Member:
    """Give a person exactly these roles. Nobody gives rights to themselves, and no account is two of the three administrators."""
    allow(may(actor, "member.roles"))
    if actor.username == username:
        raise Forbidden(Decision(False, "不能给自己授权", "nobody gives rights to themselves"))
    given = sorted(set(roles))
    known = {*ROLES, *(role for pack in catalogue(at.date()).packs.values() for role in pack.head.roles)}
    refusals = [Refused(f"没有角色“{role}”", f"there is no role “{role}”", "、".join(sorted(known))) for role in given if role not in known]
    both = refused_roles(given)
    if both:
        refusals.append(Refused(*both))
    if refusals:
        raise Rejected(Refusal("roles", "角色", refused) for refused in refusals)
    with writing():
        member = member_of(username)
        record(New("member.roles_set", {"username": username, "roles": given, "old": sorted(member.roles)}, actor.username, at))
        return Member.objects.get(pk=username)


def set_password(actor: Actor, username: str, password: str, at: datetime) -> Member:
    """Set a password: one's own, or as system administrator another's. The ledger says that it was set, never what it is."""
    if actor.username != username:
        allow(may(actor, "member.password"))
    member = member_of(username)
    try:
        validate_password(password, member)
    except ValidationError as error:
        raise Rejected(Refusal("password", "密码", Refused(message, message)) for message in error.messages) from error
    member.set_password(password)
    with writing():
        Member.objects.filter(pk=username).update(password=member.password)
        record(New("member.password_set", {"username": username}, actor.username, at))
    return member


def end_sessions(actor: Actor, username: str, at: datetime) -> Member:
    """End every session of an account: one's own, or as system administrator another's."""
    if actor.username != username:
        allow(may(actor, "member.password"))
    member_of(username)
    record(New("member.sessions_ended", {"username": username}, actor.username, at))
    return Member.objects.get(pk=username)


def signed_in(member: Member, at: datetime) -> Event:
    """Put on record that somebody signed in."""
    return record(New("member.signed_in", {"username": member.username}, member.username, at))


def locked_out(username: str, at: datetime) -> Event:
    """Put on record that an account was locked after too many failures; a name that is no account is not written down."""
    known = username if Member.objects.filter(pk=username).exists() else ""
    return record(New("member.locked_out", {"username": known}, SYSTEM.username, at))


def subject_of(username: str) -> str:
    """Whom a member's secrets are about."""
    return f"member {username}"


def member_of(username: str) -> Member:
    """The account of that name; rejected where there is none."""
    member = Member.objects.filter(pk=username).first()
    if member is None:
        raise rejected(Refused(f"没有账号“{username}”", f"there is no account “{username}”", ""), "username", "用户名")
    return member
