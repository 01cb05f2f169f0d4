"""A register's list as an address asks for it, and as the page shows it. The rows themselves come from `computing.lists`.

In the address: ``on`` a day gone by, ``q`` words, ``office``, ``state``, ``f.FIELD`` accepted values (``f.FIELD.from`` and ``.to`` for numbers and days),
``light.NAME`` accepted colours, ``sort`` (a minus before it turns it round), ``page``; ``col`` the columns in order, ``density`` the height of
rows, ``view`` how the rows are shown (table, stages, gantt, map).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import lists as computed
from bihuan.computing.judge import listed_lights, row_lights
from bihuan.computing.lists import Asked, Found
from bihuan.computing.tables import Columns
from bihuan.foundation import access
from bihuan.foundation.checking import check_value
from bihuan.foundation.earlier import end_of
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import columns, guarded, words
from bihuan.portal.columns import Around, Column
from bihuan.portal.visits import Shaped, Visit

FIELD, LIGHT, LEAST, MOST = "f.", computed.LIGHT, ".from", ".to"
COLUMN, DENSITY, SHAPE, ON = "col", "density", "view", "on"
DENSITIES = ("compact", "standard", "loose")
SIZE = 30
MOST_COLUMNS = 60
MOST_SUMS = 2
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
    columns: list[str] = field(default_factory=list)
    density: str = ""
    shape: str = ""
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
    query.columns = given.getlist(COLUMN)[:MOST_COLUMNS]
    query.density = given.get(DENSITY, "")
    query.shape = given.get(SHAPE, "")
    return query


def _stored_choice(shape: FieldShape, value: str) -> str:
    return {"是": "true", "否": "false"}.get(value, value) if shape.kind == "yes_no" else value


def _bound(visit: Visit, query: Query, shape: FieldShape, text: str) -> int | str | None:
    try:
        value = check_value(FieldShape.model_construct(**{**dict(shape), "at_least": "", "at_most": ""}), text)
    except Refused as why:
        query.refused.append(words.about(visit.title(shape), why.text(visit.language)))
        return None
    return value if isinstance(value, int | str) else None


def _sort(view: RegisterView, text: str) -> tuple[str, bool] | None:
    name = text.removeprefix("-")
    shape = view.shape.fields.get(name)
    lit = name.startswith(LIGHT) and name.removeprefix(LIGHT) in row_lights(view)
    known = lit or name in ("_key", "_title", "_office", "_state", "_state_since") or name in view.computed or (shape is not None and not shape.personal)
    return (name, text.startswith("-")) if known else None


# --- the page


@dataclass(frozen=True)
class Listed:
    """One list being shown: what was asked, what was found, in which columns, and how high its rows are."""

    visit: Visit
    query: Query
    page: Found
    tables: Columns
    known: Mapping[str, Column]
    keys: Sequence[str]
    density: str
    size: int = SIZE

    @property
    def view(self) -> RegisterView:
        """The register."""
        return self.query.view

    @property
    def shown(self) -> list[Column]:
        """The columns chosen, in order."""
        return [self.known[key] for key in self.keys]

    def lines(self) -> tuple[list[Entry], Around]:
        """The rows of the page and what their cells refer to."""
        return self.lines_of(self.page.ids)

    def lines_of(self, ids: Sequence[int]) -> tuple[list[Entry], Around]:
        """Some rows and what their cells refer to."""
        day = self.tables.day
        lines = guarded.in_order(self.visit, self.view, ids, withdrawn=day is not None)
        if day is not None:
            lines = guarded.rows_earlier(lines, end_of(day))
        return lines, Around(self.visit, self.view, lines, self.tables, self.keys)


def listed(visit: Visit, query: Query, tables: Columns, page: Found, size: int = SIZE) -> Listed:
    """A list with the columns its address asks for, else those this person last chose, else those a list begins with."""
    last = {} if query.columns and query.density else guarded.arrangement_of(visit, query.view.name)
    known = columns.offered(visit, query.view, leading_lights(query.view, page.colours))
    known = columns.of_a_day(known) if tables.day else known
    keys = columns.chosen(known, query.columns or last.get(COLUMN, ()), columns.by_default(query.view, known, query.colours))
    density = query.density or next(iter(last.get(DENSITY, ())), "")
    return Listed(visit, query, page, tables, known, keys, density if density in DENSITIES else DENSITIES[1], size)


def around(one: Listed) -> Shaped:
    """What stands around the rows whatever their view: counts, conditions, columns to choose from, as `_rows.html` reads it."""
    visit, query, page = one.visit, one.query, one.page
    here = reverse("register", args=[query.view.name])
    return {
        "total": page.total, "lights": list(_lights(visit, query, page, leading_lights(query.view, page.colours))), "chosen": list(chips(visit, query)),
        "keep": list(_keep(query)), "query": query.href({}).removeprefix("?"), "density": one.density, "shape": query.shape,
        "choosing": _choosing(one), "densities": [{"value": value, "text": text, "chosen": value == one.density} for value, text in density_words()],
        "sums": _sums(one),
        "register": {"key": query.view.name, "title": visit.title(query.view.shape), "note": "", "href": here, "rows_href": here},
    }  # fmt: skip


def density_words() -> list[tuple[str, str]]:
    """The heights of rows and what they are called."""
    return [("compact", _("紧凑")), ("standard", _("标准")), ("loose", _("宽松"))]


def _choosing(one: Listed) -> list[Shaped]:
    """Every column to choose from: those shown in their order, then the others."""
    ordered = [*one.keys, *(key for key in one.known if key not in one.keys)]
    return [{"key": key, "title": one.known[key].title, "shown": key in one.keys, "fixed": key == columns.TITLE} for key in ordered]


def _sums(one: Listed) -> list[Shaped]:
    """What the shown amounts of money add up to over the whole list."""
    visit, view = one.visit, one.view
    money = [key for key in one.keys if key in view.shape.fields and view.shape.fields[key].kind == "money" and not view.shape.fields[key].personal][:MOST_SUMS]
    asked = one.query.asked()
    found = computed.sums(one.tables, view, asked, access.visible(visit.actor, view), one.tables.day or visit.day, money)
    return [{"title": visit.title(view.shape.fields[key]), **words.large(view.shape.fields[key], value)} for key, value in found.items()]


def table(one: Listed) -> Shaped:
    """The rows as a table."""
    query, page = one.query, one.page
    lines, around_them = one.lines()
    first = (page.page - 1) * one.size + 1
    return {
        "columns": columns.heads(one.shown, query.sort, lambda name: query.href({"sort": [name]})),
        "rows": [{"key": line.key, "id": line.pk, "title": line.title or line.key, "cells": [column.cell(line, around_them) for column in one.shown]} for line in lines],
        "page": {"first": first if lines else 0, "last": first - 1 + len(lines), **paging(query, page)},
    }  # fmt: skip


def paging(query: Query, page: Found) -> Shaped:
    """The pages before and after."""
    return {
        "number": page.page, "pages": page.pages,
        "before_href": query.href({"page": [str(page.page - 1)]}) if page.page > 1 else "",
        "after_href": query.href({"page": [str(page.page + 1)]}) if page.page < page.pages else "",
    }  # fmt: skip


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


def _lights(visit: Visit, query: Query, page: Found, leading: Sequence[str]) -> Iterator[Shaped]:
    """How many rows show each colour of the light the list is filtered by, else of the leading one."""
    light = next(iter([*query.colours, *leading]), "")
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
    if query.text:
        yield {"text": _("含“%(words)s”") % {"words": query.text}, "href": query.href({"q": []})}
    for key, values in query.choices.items():
        yes_no = {"true": _("是"), "false": _("否")} if fields[key].kind == "yes_no" else {}
        text = words.listed(yes_no.get(value) or words.choice_text(fields[key], value) for value in values)
        yield {"text": words.about(visit.title(fields[key]), text), "href": query.href({FIELD + key: []})}
    for key, bounds in query.ranges.items():
        for sign, end, bound in zip(("≥", "≤"), (LEAST, MOST), bounds, strict=True):
            if bound is not None:
                yield {"text": f"{visit.title(fields[key])} {sign} {words.with_unit(fields[key], bound)}", "href": query.href({FIELD + key + end: []})}
    for title in query.states:
        yield {"text": _state(visit, query.view, title), "href": query.href({"state": []})}
    for light, colours in query.colours.items():
        text = words.listed(map(words.colour_word, colours))
        yield {"text": words.about(visit.title(query.view.lights[light].shape), text), "href": query.href({LIGHT + light: []})}
    if office := query.given.get("office"):
        yield {"text": office, "href": query.href({"office": []})}


def _keep(query: Query) -> Iterator[Shaped]:
    """What the filter form does not ask but must not lose: the sort, the lights, the columns, the view."""
    for name, values in query.given.lists():
        key = name.removeprefix(FIELD)
        bound = key in query.view.shape.fields and query.view.shape.fields[key].kind in ("entry", "person")
        if name in ("sort", COLUMN, DENSITY, SHAPE, ON, "scale", "measure") or name.startswith(LIGHT) or bound:
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
            shown.append(_choice(name, title, words.choices(words.choices_of(shape), given.getlist(name)), first=shape.listed and len(shown) < 3))
        elif shape.kind == "yes_no":
            shown.append(_choice(name, title, words.choices([("是", _("是")), ("否", _("否"))], given.getlist(name)), first=False))
        elif shape.kind in RANGED:
            shown.append({
                "name": name, "title": title, "kind": shape.kind, "unit": words.unit_text(shape.unit), "first": False, "options": [],
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
    heads += [{"key": key, "title": visit.title(shape), "kind": "number" if shape.kind in words.NUMERIC else "text", "unit": words.unit_text(shape.unit)} for key, shape in listed]
    heads += [{"key": "_state", "title": _("状态"), "kind": "tag", "unit": ""}] if view.lifecycle else []
    rows = []
    for entry in entries:
        data = access.shown(visit.actor, view, entry)
        cells: list[Any] = [{"text": entry.title or entry.key, "href": reverse("row", args=[entry.pk])}]
        cells += [words.value_text(shape, data.get(key)) for key, shape in listed]
        cells += [{"text": words.state_title(visit, view, entry.state)} if entry.state else None] if view.lifecycle else []
        rows.append({"key": entry.key, "title": entry.title, "cells": cells})
    return {"columns": heads, "rows": rows}
