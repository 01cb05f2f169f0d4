"""Every column the list of a register can show, those somebody chose and their order, and what stands in each row's cell.

A column has a key, which addresses and kept views name: a field or computed name by its own, ``light.NAME``, ``who.NAME`` for a responsibility,
and ``_title``, ``_state``, ``_since``, ``_next`` (the open duty that is due first) and ``_changed``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import boards
from bihuan.computing import lists as computed
from bihuan.computing.judge import row_lights
from bihuan.computing.lists import LIGHT
from bihuan.computing.tables import Columns
from bihuan.foundation import access
from bihuan.foundation.grammar.quantities import exactly, parse_quantity, unit_of
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.shape import in_force
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import guarded, words
from bihuan.portal.visits import Shaped, Visit, query

WHO, TITLE, STATE, SINCE, NEXT, CHANGED = "who.", "_title", "_state", "_since", "_next", "_changed"
MOST_LIGHTS = 2
"""So many lights show at first where a pack marks none as listed."""

PERCENT = "%"
Cell = Callable[[Entry, "Around"], Any]


@dataclass(frozen=True)
class Column:
    """One column: how its cells are drawn, and what its rows are sorted by (empty: they are not)."""

    key: str
    title: str
    kind: str
    cell: Cell
    unit: str = ""
    sort: str = ""


def offered(visit: Visit, view: RegisterView, lights: Iterable[str] = ()) -> dict[str, Column]:
    """Every column by its key, in the order a list has them by default; ``lights`` says which stand first."""
    found = [*_lights(visit, view, lights), _title(visit, view), *_fields(visit, view)]
    if view.lifecycle:
        found.append(Column(STATE, _("状态"), "tag", lambda line, _a: {"text": words.state_title(visit, view, line.state)} if line.state else None, sort="_state"))
        found.append(Column(SINCE, _("进入状态日期"), "date", lambda line, _around: line.state_since, sort="_state_since"))
    found += _computed(visit, view)
    found += _people(visit, view)
    if view.clocks or view.cadences:
        found.append(Column(NEXT, _("下一件事"), "due", lambda line, around: around.next.get(line.pk)))
    found.append(Column(CHANGED, _("更新"), "date", lambda line, around: around.changed.get(line.changed_seq)))
    return {column.key: column for column in found}


def of_a_day(known: Mapping[str, Column]) -> dict[str, Column]:
    """Those columns that a day gone by has: who answers for a row and what is due are told of today."""
    return {key: column for key, column in known.items() if key not in (NEXT, CHANGED) and not key.startswith(WHO)}


def by_default(view: RegisterView, known: Mapping[str, Column], filtered: Iterable[str] = ()) -> list[str]:
    """The columns a list shows where nobody chose: the lights it is filtered by and those listed, the listed fields, the state, what a shown
    light measures, and who answers for a row."""
    of_rows = [key.removeprefix(LIGHT) for key in known if key.startswith(LIGHT)]
    listed = [light for light in of_rows if view.lights[light].shape.listed] or of_rows[:MOST_LIGHTS]
    lights = list(dict.fromkeys([*filtered, *listed]))
    fields = [key for key, shape in view.shape.fields.items() if shape.listed and key in known]
    measured = [item.shape.of for light in lights if (item := view.lights[light]).shape.of in known]
    single = [key for key, item in view.assignments.items() if item.shape.exactly == "one"]
    chosen = [*(LIGHT + light for light in lights), TITLE, *fields, STATE, *measured, *(WHO + name for name in single), NEXT]
    return [key for key in dict.fromkeys(chosen) if key in known]


def chosen(known: Mapping[str, Column], asked: Iterable[str], otherwise: Sequence[str]) -> list[str]:
    """The columns to show: those asked for, in that order, else the others. The name of a row is always among them."""
    kept = [key for key in dict.fromkeys(asked) if key in known] or list(otherwise)
    if TITLE in kept:
        return kept
    leading = next((place for place, key in enumerate(kept) if not key.startswith(LIGHT)), len(kept))
    return [*kept[:leading], TITLE, *kept[leading:]]


class Around:
    """What the cells of some rows refer to, looked up once for all of them, and only as far as a chosen column asks for it.

    Where `columns` are those of a day gone by, colours and computed values are that day's, and `on` is what an address says for it.
    """

    def __init__(self, visit: Visit, view: RegisterView, lines: Sequence[Entry], columns: Columns, keys: Sequence[str]) -> None:
        ids = [line.pk for line in lines]
        fields = {key: view.shape.fields[key] for key in keys if key in view.shape.fields}
        computed_names = [key for key in keys if key in view.computed]
        judged = any(key.startswith(LIGHT) for key in keys) or bool(computed_names)
        self.on, day = columns.day, columns.day or visit.day
        self.lamps = (_lamps_then(visit, view, columns, columns.day) if columns.day else guarded.lamps_of(ids, visit.day)) if judged and view.lights else {}
        self.targets = {key: target.name for key, shape in fields.items() if shape.kind == "entry" and (target := visit.catalogue.referred(shape.of, view.pack))}
        pairs = [(name, str(line.data[key])) for key, name in self.targets.items() for line in lines if line.data.get(key)]
        self.titles = guarded.titles_of(visit, pairs) if pairs else {}
        self.holders = guarded.holders_of(ids) if any(key.startswith(WHO) for key in keys) else {}
        persons = [str(line.data[key]) for key, shape in fields.items() if shape.kind == "person" for line in lines if line.data.get(key)]
        persons += self.holders.values()
        self.people = guarded.people(persons) if persons else {}
        self.values = computed.values_of(columns, view, ids, day, computed_names)
        self.next = guarded.next_due(ids) if NEXT in keys else {}
        self.changed = guarded.written_at([line.changed_seq for line in lines]) if CHANGED in keys else {}


def _lamps_then(visit: Visit, view: RegisterView, columns: Columns, day: date) -> dict[int, dict[str, tuple[str, str]]]:
    """The colours that showed at the end of a day, by row and the light's full name, as the board of that day counts them."""
    found: dict[int, dict[str, tuple[str, str]]] = {}
    for light in row_lights(view):
        for row, (_office, colour) in boards.colours_by_row(columns, view, light, access.visible(visit.actor, view), day).items():
            found.setdefault(row, {})[view.lights[light].name] = (colour, "")
    return found


# --- each sort of column


def _lights(visit: Visit, view: RegisterView, first: Iterable[str]) -> Iterator[Column]:
    for light in dict.fromkeys([*first, *row_lights(view)]):
        yield Column(LIGHT + light, visit.title(view.lights[light].shape), "lamp", _lamp_cell(view.lights[light].name), sort=LIGHT + light)


def _lamp_cell(light: str) -> Cell:
    def cell(line: Entry, around: Around) -> Any:
        lamp = around.lamps.get(line.pk, {}).get(light)
        if lamp is None:
            return None
        colour, rule = lamp
        by_hand = _("人工设定；规则判定为%(colour)s") % {"colour": words.colour_word(rule)} if rule else ""
        return {"colour": colour, "text": "", "by_hand": by_hand}

    return cell


def _title(visit: Visit, view: RegisterView) -> Column:
    named = view.shape.fields.get(view.shape.name or view.shape.key)
    title = visit.title(named) if named else _("名称")
    return Column(TITLE, title, "name", _title_cell, sort="_title")


def _title_cell(line: Entry, around: Around) -> Any:
    return {"text": line.title or line.key, "href": reverse("row", args=[line.pk]) + query(on=around.on)}


def _fields(visit: Visit, view: RegisterView) -> Iterator[Column]:
    for key, shape in view.shape.fields.items():
        if key != view.shape.name and shape.kind != "file":
            kind = "number" if shape.kind in words.NUMERIC else "date" if shape.kind == "date" else "key" if key == view.shape.key else "text"
            yield Column(key, visit.title(shape), kind, _field_cell(key, shape), words.unit_text(shape.unit), "" if shape.personal else key)


def _field_cell(key: str, shape: FieldShape) -> Cell:
    def cell(line: Entry, around: Around) -> Any:
        value = line.data.get(key)
        if value is None or value == "" or value == []:
            return None
        if shape.personal:
            return words.secret(value)
        if key in around.targets:
            found = around.titles.get((around.targets[key], str(value)))
            return {"text": found[1], "note": str(value)} if found else str(value)
        if shape.kind == "person":
            return around.people.get(str(value), (str(value), ""))[0]
        if shape.kind == "date":
            return date.fromisoformat(value)
        return words.value_text(shape, value)

    return cell


def _computed(visit: Visit, view: RegisterView) -> Iterator[Column]:
    """Lookups, rollups and indicators of single rows; one in per cent is a bar, marked where its light turns green."""
    for key, name in view.computed.items():
        indicator = next((item for item in view.indicators.values() if item.key == key and item.shape.per == "entry"), None)
        quota = next((item for item in view.quotas.values() if item.key == key), None)
        shape = indicator.shape if indicator else quota.shape.granted if quota else view.shape.rollups.get(key) or view.shape.lookups.get(key)
        title = visit.title(shape) if shape else name.title
        if indicator and indicator.shape.unit == PERCENT:
            yield Column(key, title, "progress", _progress_cell(visit, view, key), sort=key)
        else:
            numeric = name.kind == "number"
            yield Column(key, title, "number" if numeric else "text", _computed_cell(visit, key), sort=key)


def _computed_cell(visit: Visit, key: str) -> Cell:
    def cell(line: Entry, around: Around) -> Any:
        values, said = around.values.get(line.pk, ({}, {}))
        return None if values.get(key) is None else said[key].text(visit.language)

    return cell


def _progress_cell(visit: Visit, view: RegisterView, key: str) -> Cell:
    light = next((item for item in view.lights.values() if item.shape.of == key), None)
    line_of = in_force(light.shape.since, visit.day) if light else None
    plan = _per_cent(parse_quantity(line_of[1].green).value) if line_of and light and light.shape.better == "higher" else None

    def cell(line: Entry, around: Around) -> Any:
        values, said = around.values.get(line.pk, ({}, {}))
        if values.get(key) is None:
            return None
        colour = around.lamps.get(line.pk, {}).get(light.name, ("", ""))[0] if light else ""
        actual = _per_cent(exactly(values[key]) / unit_of(PERCENT).factor)
        return {"actual": actual, "plan": plan, "colour": colour if colour in ("red", "yellow") else "", "text": said[key].text(visit.language)}

    return cell


def _per_cent(value: Any) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _people(visit: Visit, view: RegisterView) -> Iterator[Column]:
    for name, item in view.assignments.items():
        yield Column(WHO + name, visit.title(item.shape), "text", _holder_cell(f"{item.pack}.{item.mechanism}", item.key))


def _holder_cell(mechanism: str, role: str) -> Cell:
    def cell(line: Entry, around: Around) -> Any:
        member = around.holders.get((line.pk, mechanism, role))
        return around.people.get(member, (member, ""))[0] if member else None

    return cell


def heads(columns: Iterable[Column], sorted_by: tuple[str, bool] | None, href: Callable[[str], str]) -> list[Shaped]:
    """The heads of some columns; ``href`` gives the address of the list sorted by a name, with a minus the other way round."""
    name, down = sorted_by or ("", False)
    return [
        {
            "key": column.key, "title": column.title, "kind": column.kind, "unit": column.unit,
            "sort_href": href(f"-{column.sort}" if name == column.sort and not down else column.sort) if column.sort else "",
            "sorted": ("descending" if down else "ascending") if column.sort and name == column.sort else "",
        }
        for column in columns
    ]  # fmt: skip
