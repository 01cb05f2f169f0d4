"""Rows merged into others and rows told apart, as far as somebody sees them."""

from collections.abc import Sequence

from bihuan.foundation import access
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.merged import survivor_of
from bihuan.foundation.models import Apart, Entry
from bihuan.portal.visits import Visit


def merged_rows(visit: Visit, view: RegisterView, most: int) -> list[Entry]:
    """The rows of a register that are part of another, the last merged first, each with that row at hand."""
    seen = access.visible(visit.actor, view).condition()
    return list(Entry.objects.filter(seen, merged_into__isnull=False).select_related("merged_into").order_by("-changed_seq", "-pk")[:most])


def told_apart(visit: Visit, view: RegisterView, most: int) -> list[Apart]:
    """The pairs that somebody told apart and the actor sees both rows of, the latest first."""
    scope = access.visible(visit.actor, view)
    found = Apart.objects.filter(first__register=view.name, undone=False, first__withdrawn=False, second__withdrawn=False)
    return [one for one in found.select_related("first", "second").order_by("-seq")[:most] if scope.holds(one.first) and scope.holds(one.second)]


def standing_for(visit: Visit, view: RegisterView, entry: Entry) -> Entry | None:
    """The row that stands for one that was merged, where the actor sees it; None for one that was not."""
    there = survivor_of(entry)
    return there if there.pk != entry.pk and access.visible(visit.actor, view).holds(there) else None


def seen_rows(visit: Visit, view: RegisterView, ids: Sequence[int]) -> dict[int, Entry]:
    """Rows that stand, by their ids, in few queries however many are asked for; those the actor does not see are left out."""
    scope, found = access.visible(visit.actor, view), dict[int, Entry]()
    for start in range(0, len(ids), 500):
        rows = Entry.objects.filter(pk__in=ids[start : start + 500], withdrawn=False)
        found.update({entry.pk: entry for entry in rows if scope.holds(entry)})
    return found
