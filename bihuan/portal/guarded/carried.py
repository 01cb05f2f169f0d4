"""What one person carries: the rows in their charge, what they owe, and the open rows that name them. Read for a list on one page."""

from collections.abc import Sequence

from django.db.models import Count, Q
from django.http import Http404

from bihuan.foundation import access
from bihuan.foundation.models import Assignment, Duty, Entry, Member
from bihuan.portal.guarded.rows import every_row
from bihuan.portal.visits import Visit


def leaders(visit: Visit) -> list[tuple[str, str, str, int]]:
    """The leaders whose list this person may see: a supervisor all, a leader the own one; username, name, office, rows in their charge."""
    found = Member.objects.filter(is_active=True).order_by("seq")
    if access.SUPERVISOR not in visit.actor.roles:
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


def in_charge(visit: Visit, username: str) -> list[tuple[Assignment, Entry]]:
    """The rows somebody carries a responsibility for, as far as the reader sees them, largest registers together."""
    held = Assignment.objects.filter(member=username, to_day__isnull=True, entry__withdrawn=False).select_related("entry")
    seen = set(Entry.objects.filter(every_row(visit), assignments__member=username, assignments__to_day__isnull=True).values_list("pk", flat=True))
    return [(one, one.entry) for one in held.order_by("entry__register", "entry__key") if one.entry_id in seen]


def owed_of(username: str, rows: Sequence[int]) -> list[Duty]:
    """The open duties of a person by name, and those of the rows in their charge, by their due days."""
    mine = Q(member=username) | Q(entry_id__in=list(rows))
    return list(Duty.objects.filter(mine, closed_on__isnull=True).select_related("entry").order_by("due", "id"))


def naming(visit: Visit, username: str) -> list[Entry]:
    """The rows, as far as the reader sees them, in which a field names somebody: what was decided and given to them."""
    named = Q(pk__in=[])
    for view in visit.catalogue.registers.values():
        for key, shape in view.shape.fields.items():
            if shape.kind == "person" and not shape.personal:
                named |= Q(register=view.name, **{f"data__{key}": username})
    return list(Entry.objects.filter(every_row(visit) & named, withdrawn=False).order_by("register", "key"))
