"""Whose duty list somebody may see. What stands in it is read by `computing.carrying`."""

from django.db.models import Count
from django.http import Http404

from bihuan.foundation import access
from bihuan.foundation.models import Assignment, Member
from bihuan.portal.visits import Visit


def leaders(visit: Visit) -> list[tuple[str, str, str, int]]:
    """The leaders whose list this person may see: a supervisor all, a leader the own one; username, name, office, rows in their charge."""
    found = Member.objects.filter(is_active=True).order_by("seq")
    if access.SUPERVISOR not in visit.actor.roles:  # as `sees_list` has it
        found = found.filter(pk=visit.actor.username)
    held = Assignment.objects.filter(to_day__isnull=True, entry__withdrawn=False).order_by().values("member").annotate(n=Count("id"))
    rows = dict(held.values_list("member", "n"))
    chosen = [one for one in found.values_list("username", "name", "office_id", "roles") if access.LEADER in one[3]]
    return [(username, name or username, office or "", rows.get(username, 0)) for username, name, office, _roles in chosen]


def leader_of(visit: Visit, username: str) -> tuple[str, str]:
    """The name and office of a leader whose list this person may see; 404 for anybody else."""
    for known, name, office, _rows in leaders(visit):
        if known == username:
            return name, office
    raise Http404


def sees_list(visit: Visit, username: str) -> bool:
    """Whether this person may see somebody's list: a supervisor everybody's, others their own."""
    return access.SUPERVISOR in visit.actor.roles or visit.actor.username == username
