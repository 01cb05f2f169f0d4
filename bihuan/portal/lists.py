"""A register's list as an address asks for it, and as the page shows it. The rows themselves come from `computing.lists`.

In the address: ``q`` words, ``office``, ``state``, ``f.FIELD`` accepted values (``f.FIELD.from`` and ``.to`` for numbers and days),
``light.NAME`` accepted colours, ``sort`` (a minus before it turns it round), ``page``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing.judge import listed_lights, row_lights
from bihuan.computing.lists import Asked, Found
from bihuan.foundation import access
from bihuan.foundation.checking import check_value
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import guarded, words
from bihuan.portal.visits import Shaped, Visit

FIELD, LIGHT, LEAST, MOST = "f.", "light.", ".from", ".to"
SIZE = 30
MOST_LIGHTS = 3
MOST_CHOICES = 60
"""A field with more values than this is no filter to choose from."""

RANGED = frozenset({"number", "money", "date", "month"})
CHOSEN = frozenset({"choice", "choices", "yes_no", "office", "entry", "person"})


# --- the address


@dataclass
class Query:
    """What an address asks of a list: the question for `computing.lists`, and what could not be read."""

    view: RegisterView
    given: QueryDict
    choices: dict[str, list[str]] = field(default_factory=dict)
    ranges: dict[str, tuple[int | str | None, int | str | None]] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)
    colours: dict[str, list[str]] = field(default_factory=dict)
    sort: tuple[str, bool] | None = None
    refused: list[str] = field(default_factory=list)

    def asked(self, size: int = SIZE, page: int | None = None) -> Asked:
        """The question, for one page of so many rows."""
        sort = [self.sort] if self.sort else [("_key", False)]
        return Asked(
            text=self.text, choices=self.choices, ranges=self.ranges, states=self.states, colours=self.colours,
            office=self.given.get("office", ""), gravest=() if self.sort else listed_lights(self.view), sort=sort, page=self.page if page is None else page, size=size,
        )  # fmt: skip

    @property
    def text(self) -> str:
        """The words looked for."""
        return self.given.get("q", "").strip()[:60]

    @property
    def page(self) -> int:
        """The page asked for, 1 where none or nonsense is."""
        text = self.given.get("page", "")
        return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1

    def href(self, changes: Mapping[str, Sequence[str]]) -> str:
        """The same list with some parts of the question replaced, on its first page."""
        changed = self.given.copy()
        changed.pop("page", None)
        for name, values in changes.items():
            changed.setlist(name, list(values))
        kept = QueryDict(mutable=True)
        for name, values in changed.lists():
            if any(values):
                kept.setlist(name, [value for value in values if value])
        return f"?{kept.urlencode()}" if kept else "?"


def filterable(view: RegisterView) -> dict[str, FieldShape]:
    """The fields a list may be asked by: not long texts, not files, and never personal data."""
    return {key: shape for key, shape in view.shape.fields.items() if not shape.personal and shape.kind in RANGED | CHOSEN}


def read_query(visit: Visit, view: RegisterView, given: QueryDict) -> Query:
    """Read an address. What names nothing is left out; what cannot be read is named in `refused`."""
    query = Query(view, given)
    for key, shape in filterable(view).items():
        if shape.kind in CHOSEN and (values := [value for value in given.getlist(FIELD + key) if value]):
            query.choices[key] = [_stored_choice(shape, value) for value in values]
        if shape.kind in RANGED:
            least, most = (_bound(visit, query, shape, given.get(FIELD + key + end, "")) for end in (LEAST, MOST))
            if least is not None or most is not None:
                query.ranges[key] = (least, most)
    states = view.lifecycle.shape.states if view.lifecycle else {}
    query.states = [states[name].title for name in given.getlist("state") if name in states]
    for light in row_lights(view):
        if accepted := [colour for colour in given.getlist(LIGHT + light) if colour in words.COLOURS]:
            query.colours[light] = accepted
    query.sort = _sort(view, given.get("sort", ""))
    return query


def _stored_choice(shape: FieldShape, value: str) -> str:
    return {"是": "true", "否": "false"}.get(value, value) if shape.kind == "yes_no" else value


def _bound(visit: Visit, query: Query, shape: FieldShape, text: str) -> int | str | None:
    try:
        value = check_value(FieldShape.model_construct(**{**dict(shape), "at_least": "", "at_most": ""}), text)
    except Refused as why:
        query.refused.append(f"{visit.title(shape)}：{why.text(visit.language)}")
        return None
    return value if isinstance(value, int | str) else None


def _sort(view: RegisterView, text: str) -> tuple[str, bool] | None:
    name = text.removeprefix("-")
    shape = view.shape.fields.get(name)
    known = name in ("_key", "_title", "_office", "_state") or name in view.computed or (shape is not None and not shape.personal)
    return (name, text.startswith("-")) if known else None


# --- the page


def table(visit: Visit, query: Query, page: Found, size: int = SIZE) -> Shaped:
    """The rows and everything around them, as `_rows.html` reads it."""
    view, here = query.view, reverse("register", args=[query.view.name])
    lines = guarded.in_order(visit, view, page.ids)
    lights = shown_lights(query, page.colours)
    columns, around = list(_columns(visit, query, lights)), _Around(visit, view, lines)
    first = (page.page - 1) * size + 1
    return {
        "total": page.total, "sums": [], "lights": list(_lights(visit, query, page, lights)), "chosen": list(chips(visit, query)),
        "keep": list(_keep(query)), "columns": [column.shaped for column in columns], "bulk": [],
        "rows": [{"key": line.key, "title": line.title, "cells": [column.cell(line, around) for column in columns]} for line in lines],
        "page": {
            "first": first if lines else 0, "last": first - 1 + len(lines), "number": page.page, "pages": page.pages,
            "before_href": query.href({"page": [str(page.page - 1)]}) if page.page > 1 else "",
            "after_href": query.href({"page": [str(page.page + 1)]}) if page.page < page.pages else "",
        },
        "register": {"key": view.name, "title": visit.title(view.shape), "note": "", "href": here, "rows_href": here},
    }  # fmt: skip


@dataclass(frozen=True)
class _Column:
    shaped: Shaped
    cell: Callable[[Entry, "_Around"], Any]


class _Around:
    """What cells refer to, looked up once for the page: lights, titles of other rows, names of people."""

    def __init__(self, visit: Visit, view: RegisterView, lines: Sequence[Entry]) -> None:
        self.lamps = guarded.lamps_of([line.pk for line in lines], visit.day) if view.lights else {}
        listed = {key: shape for key, shape in view.shape.fields.items() if shape.listed}
        self.targets = {key: target.name for key, shape in listed.items() if shape.kind == "entry" and (target := visit.catalogue.referred(shape.of, view.pack))}
        pairs = [(name, str(line.data[key])) for key, name in self.targets.items() for line in lines if line.data.get(key)]
        self.titles = guarded.titles_of(visit, pairs) if pairs else {}
        persons = [str(line.data[key]) for key, shape in listed.items() if shape.kind == "person" for line in lines if line.data.get(key)]
        self.people = guarded.people(persons) if persons else {}


def _columns(visit: Visit, query: Query, lights: Mapping[str, bool]) -> Iterator[_Column]:
    view = query.view
    for light, shown in lights.items():
        title = visit.title(view.lights[light].shape)
        yield _Column({**_head(query, f"light-{light}", title, "lamp"), "shown": shown}, _lamp_cell(view.lights[light].name))
    named = view.shape.fields.get(view.shape.name or view.shape.key)
    title = visit.title(named) if named else _("名称")
    yield _Column(_head(query, "_title", title, "name", sort="_title"), lambda line, _around: {"text": line.title or line.key, "href": reverse("row", args=[line.pk])})
    for key, shape in view.shape.fields.items():
        if shape.listed and key != view.shape.name:
            kind = "number" if shape.kind in words.NUMERIC else "date" if shape.kind == "date" else "text"
            yield _Column(_head(query, key, visit.title(shape), kind, shape.unit, "" if shape.personal else key), _field_cell(key, shape))
    if view.lifecycle:
        yield _Column(_head(query, "_state", _("状态"), "tag", sort="_state"), lambda line, _around: {"text": words.state_title(visit, view, line.state)} if line.state else None)


def _head(query: Query, key: str, title: str, kind: str, unit: str = "", sort: str = "") -> Shaped:
    name, down = query.sort or ("", False)
    turned = f"-{sort}" if name == sort and not down else sort
    return {
        "key": key, "title": title, "kind": kind, "unit": unit, "shown": True, "sort_href": query.href({"sort": [turned]}) if sort else "",
        "sorted": ("descending" if down else "ascending") if sort and name == sort else "",
    }  # fmt: skip


def _lamp_cell(light: str) -> Callable[[Entry, _Around], Any]:
    def cell(line: Entry, around: _Around) -> Any:
        lamp = around.lamps[line.pk].get(light)
        if lamp is None:
            return None
        colour, rule = lamp
        by_hand = _("人工设定；规则判定为%(colour)s") % {"colour": words.colour_word(rule)} if rule else ""
        return {"colour": colour, "text": "", "by_hand": by_hand}

    return cell


def _field_cell(key: str, shape: FieldShape) -> Callable[[Entry, _Around], Any]:
    def cell(line: Entry, around: _Around) -> Any:
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


def _state(visit: Visit, view: RegisterView, title: str) -> str:
    states = view.lifecycle.shape.states.values() if view.lifecycle else []
    return next((visit.title(state) for state in states if state.title == title), title)


def leading_lights(view: RegisterView, colours: Mapping[str, Mapping[str, int]]) -> list[str]:
    """The lights of rows: those marked ``listed`` as declared, then those with most to say: most red and yellow rows, then most rows."""

    def says(light: str) -> tuple[bool, int, int]:
        if view.lights[light].shape.listed:
            return False, 0, 0
        counts = colours.get(light, {})
        return True, -counts.get("red", 0) - counts.get("yellow", 0), -sum(counts.values())

    return sorted(row_lights(view), key=says)


def shown_lights(query: Query, colours: Mapping[str, Mapping[str, int]]) -> dict[str, bool]:
    """The lights that are columns of a list, and whether they show at first: those it is filtered by, and those listed, else a few."""
    leading = leading_lights(query.view, colours)
    first = {*query.colours, *([light for light in leading if query.view.lights[light].shape.listed] or leading[:MOST_LIGHTS])}
    return {light: light in first for light in [*query.colours, *(light for light in leading if light not in query.colours)]}


def _lights(visit: Visit, query: Query, page: Found, shown: Mapping[str, bool]) -> Iterator[Shaped]:
    """How many rows show each colour of the leading light."""
    light = next(iter(shown), "")
    counts = page.colours.get(light, {})
    chosen = query.colours.get(light, [])
    for colour in words.COLOURS:
        if counts.get(colour) or colour in chosen:
            others = [one for one in chosen if one != colour] if colour in chosen else [*chosen, colour]
            yield {
                "colour": colour, "text": words.colour_word(colour), "count": counts.get(colour, 0), "chosen": colour in chosen,
                "href": query.href({LIGHT + light: others}),
            }  # fmt: skip


def chips(visit: Visit, query: Query) -> Iterator[Shaped]:
    """Every condition in words, each with the address of the list without it."""
    fields = query.view.shape.fields
    for key, values in query.choices.items():
        yes_no = {"true": _("是"), "false": _("否")} if fields[key].kind == "yes_no" else {}
        text = "、".join(yes_no.get(value, value) for value in values)
        yield {"text": f"{visit.title(fields[key])}：{text}", "href": query.href({FIELD + key: []})}
    for key, bounds in query.ranges.items():
        for sign, end, bound in zip(("≥", "≤"), (LEAST, MOST), bounds, strict=True):
            if bound is not None:
                yield {"text": f"{visit.title(fields[key])} {sign} {words.with_unit(fields[key], bound)}", "href": query.href({FIELD + key + end: []})}
    for title in query.states:
        yield {"text": _state(visit, query.view, title), "href": query.href({"state": []})}
    for light, colours in query.colours.items():
        text = "、".join(map(words.colour_word, colours))
        yield {"text": f"{visit.title(query.view.lights[light].shape)}：{text}", "href": query.href({LIGHT + light: []})}
    if office := query.given.get("office"):
        yield {"text": office, "href": query.href({"office": []})}


def _keep(query: Query) -> Iterator[Shaped]:
    """What the filter form does not ask but must not lose."""
    for name, values in query.given.lists():
        key = name.removeprefix(FIELD)
        bound = key in query.view.shape.fields and query.view.shape.fields[key].kind in ("entry", "person")
        if name == "sort" or name.startswith(LIGHT) or bound:
            yield from ({"name": name, "value": value} for value in values if value)


def filters(visit: Visit, query: Query, offices: Sequence[str]) -> list[Shaped]:
    """The conditions a list may be narrowed by: office and state first, then every field that has a few values or a range."""
    view, given = query.view, query.given
    shown: list[Shaped] = []
    if view.shape.office:
        title = visit.title(view.shape.fields[view.shape.office])
        shown.append(_choice("office", title, words.choices(offices, given.getlist("office")), first=True))
    if view.lifecycle:
        states = [(name, visit.title(state)) for name, state in view.lifecycle.shape.states.items()]
        shown.append(_choice("state", _("状态"), words.choices(states, given.getlist("state")), first=True))
    for key, shape in filterable(view).items():
        name, title = FIELD + key, visit.title(shape)
        if shape.kind in ("choice", "choices") and len(shape.choices) <= MOST_CHOICES:
            shown.append(_choice(name, title, words.choices(shape.choices, given.getlist(name)), first=shape.listed and len(shown) < 3))
        elif shape.kind == "yes_no":
            shown.append(_choice(name, title, words.choices([("是", _("是")), ("否", _("否"))], given.getlist(name)), first=False))
        elif shape.kind in RANGED:
            shown.append({
                "name": name, "title": title, "kind": shape.kind, "unit": shape.unit, "first": False, "options": [],
                "low": given.get(name + LEAST, ""), "high": given.get(name + MOST, ""),
            })  # fmt: skip
    return shown


def _choice(name: str, title: str, options: list[Shaped], *, first: bool) -> Shaped:
    return {"name": name, "title": title, "kind": "choice", "unit": "", "first": first, "options": options, "low": "", "high": ""}


# --- a few rows on another page


def small_table(visit: Visit, view: RegisterView, entries: Sequence[Entry]) -> Shaped:
    """A few rows as a table without filters: name, the first listed fields, state."""
    listed = [(key, shape) for key, shape in view.shape.fields.items() if shape.listed and key != view.shape.name][:4]
    heads = [{"key": "_title", "title": _("名称"), "kind": "name", "unit": ""}]
    heads += [{"key": key, "title": visit.title(shape), "kind": "number" if shape.kind in words.NUMERIC else "text", "unit": shape.unit} for key, shape in listed]
    heads += [{"key": "_state", "title": _("状态"), "kind": "tag", "unit": ""}] if view.lifecycle else []
    rows = []
    for entry in entries:
        data = access.shown(visit.actor, view, entry)
        cells: list[Any] = [{"text": entry.title or entry.key, "href": reverse("row", args=[entry.pk])}]
        cells += [words.value_text(shape, data.get(key)) for key, shape in listed]
        cells += [{"text": words.state_title(visit, view, entry.state)} if entry.state else None] if view.lifecycle else []
        rows.append({"key": entry.key, "title": entry.title, "cells": cells})
    return {"columns": heads, "rows": rows}
