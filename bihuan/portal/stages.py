"""A list by stage: one column a state of the lifecycle, with how many rows there are and the first of them as cards."""

from django.urls import reverse

from bihuan.computing import lists as computed
from bihuan.computing.lists import LIGHT, Stage
from bihuan.foundation import access
from bihuan.foundation.models import Entry
from bihuan.portal import columns, lists, words
from bihuan.portal.columns import Around
from bihuan.portal.lists import Listed
from bihuan.portal.visits import Shaped

CARDS = 12
"""So many rows of each state are drawn; the rest is one link further, in the table."""

FACTS = 3


def stages(one: Listed) -> Shaped:
    """The states in their order, each with its number of rows, its first cards, and the address of them all in the table."""
    visit, view = one.visit, one.view
    assert view.lifecycle is not None
    asked = one.query.asked(CARDS, 1)
    found = {stage.state: stage for stage in computed.find_by_state(one.tables, view, asked, access.visible(visit.actor, view), visit.day)}
    ids = [number for stage in found.values() for number in stage.ids]
    lines, around = one.lines_of(ids)
    by_id = {line.pk: line for line in lines}
    reach = access.charge(visit.actor, view) if visit.actor.roles & access.STAFF else None
    shown = []
    for name, state in view.lifecycle.shape.states.items():
        stage = found.get(state.title, Stage(state.title, 0, ()))
        cards = [_card(one, by_id[number], around, may_move=bool(reach and reach.holds(by_id[number]) and not state.final)) for number in stage.ids if number in by_id]
        shown.append({
            "key": name, "title": visit.title(state), "count": stage.total, "cards": cards, "more": max(0, stage.total - len(cards)),
            "href": one.query.href({lists.SHAPE: [], "state": [name]}), "final": state.final,
        })  # fmt: skip
    return {"stages": shown}


def _card(one: Listed, line: Entry, around: Around, *, may_move: bool) -> Shaped:
    """One row as a card: its lights, its name, and the first of the chosen columns that hold something."""
    lamps = [lamp for column in one.shown if column.key.startswith(LIGHT) and (lamp := column.cell(line, around))]
    facts = []
    for column in one.shown:
        if column.kind in ("text", "number") and column.key != one.view.shape.key:
            field = one.view.shape.fields.get(column.key) if column.kind == "number" else None
            value = words.with_unit(field, line.data.get(column.key)) if field and not field.personal else column.cell(line, around)
            text = value["text"] if isinstance(value, dict) else value
            if text:
                facts.append({"title": column.title, "text": text})
    due = around.next.get(line.pk) if columns.NEXT in one.keys else None
    return {
        "title": line.title or line.key, "key": line.key, "href": reverse("row", args=[line.pk]), "lamps": lamps, "facts": facts[:FACTS], "due": due,
        "move_href": reverse("move", args=[line.pk]) if may_move else "",
    }  # fmt: skip
