"""People, offices, and the lists that people keep."""

from collections.abc import Iterable, Sequence

from django.db.models import Q

from bihuan.foundation import access
from bihuan.foundation.actions.invitations import may_revoke
from bihuan.foundation.actions.unsent import KEPT
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Invitation, Member, Office, SavedView, Unsent
from bihuan.foundation.remembered import remembered
from bihuan.portal.visits import Visit


def people(usernames: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The names and offices of some accounts."""
    rows = Member.objects.filter(pk__in=sorted(set(usernames))).values_list("username", "name", "office_id")
    return {username: (name or username, office or "") for username, name, office in rows}


def people_for(visit: Visit, usernames: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The same as this person may read them: to a visitor, an enterprise or a citizen, another enterprise's or citizen's account has no name."""
    rows = Member.objects.filter(pk__in=sorted(set(usernames))).values_list("username", "name", "office_id", "roles", "enterprise")
    outside = not visit.actor.roles - access.OUTSIDE
    named = {}
    for username, name, office, roles, enterprise in rows:
        own = username == visit.actor.username or (enterprise != "" and enterprise == visit.actor.enterprise)
        unnamed = outside and not own and roles and not set(roles) - access.OUTSIDE
        named[username] = (access.role_name(sorted(roles)[0], visit.language), "") if unnamed else (name or username, office or "")
    return named


def people_with(roles: Iterable[str]) -> list[tuple[str, str]]:
    """Active accounts that hold one of some roles, each with what it is called: a name and an office."""
    held = set(roles)
    rows = Member.objects.filter(is_active=True).values_list("username", "name", "office_id", "roles").order_by("office_id", "username")
    return [(username, " · ".join(filter(None, (name or username, office)))) for username, name, office, has in rows if held & set(has)]


def offices(visit: Visit) -> Sequence[str]:
    """The offices that are not closed, in the order of their tree: which there are is no secret. Asked of the table only when the ledger has moved."""
    return remembered(visit.head, "offices", lambda: tuple(Office.objects.filter(closed=False).order_by("path").values_list("code", flat=True)))


def offices_of(visit: Visit, view: RegisterView) -> list[str]:
    """The offices a list of a register may be narrowed to: those this person sees rows of."""
    everything = access.visible(visit.actor, view).everything
    return [code for code in offices(visit) if everything or code in visit.actor.reach] if view.shape.office else []


def demo_people() -> list[Member]:
    """The first leader, officer and enterprise of a demo city: who the sign-in page offers."""
    chosen: dict[str, Member] = {}
    for member in Member.objects.filter(is_active=True).select_related("office").order_by("seq"):
        for role in (access.LEADER, access.OFFICER, access.ENTERPRISE):
            if role in member.roles:
                chosen.setdefault(role, member)
        if len(chosen) == 3:
            break
    return [chosen[role] for role in (access.LEADER, access.OFFICER, access.ENTERPRISE) if role in chosen]


def saved_views(visit: Visit, register: str) -> list[SavedView]:
    """The lists of a register this person kept, then those that others keep for their office or for everybody; each with who made it."""
    if visit.member is None:
        return []
    shared = Q(audience=SavedView.EVERYBODY)
    if visit.member.office_id:
        shared |= Q(audience=SavedView.OFFICE, member__office=visit.member.office_id)
    found = SavedView.objects.filter(Q(member=visit.member) | shared, register=register).select_related("member").order_by("id")
    return sorted(found, key=lambda one: (one.member_id != visit.member.pk if visit.member else True, one.pk))


def unsent(visit: Visit, page: str) -> Unsent | None:
    """What this person typed into a page and has not sent, if that is not too long ago. Nobody reads another's."""
    return Unsent.objects.filter(member=visit.actor.username, page=page, at__gte=visit.at - KEPT).first() if visit.member else None


def arrangement_of(visit: Visit, register: str) -> dict[str, list[str]]:
    """The columns and the row height this person last chose for a list; nothing where they never did."""
    return dict((visit.preference.lists or {}).get(register, {}))


def invitations(visit: Visit) -> list[Invitation]:
    """The invitations nobody has used yet: all for a system administrator, for others those they made."""
    rows = Invitation.objects.filter(state="open").order_by("expires", "id")
    return [one for one in rows if may_revoke(visit.actor, one)]


def member(username: str) -> Member:
    """The account that was just made for whoever stands before it."""
    return Member.objects.get(pk=username)
