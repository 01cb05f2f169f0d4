"""The contents of a document, computed from the ledger: every number with its source, so that it can be computed again before issue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from bihuan.computing.carrying import Carried, Row, carried
from bihuan.computing.engine import Record, run
from bihuan.computing.scoring import Table, league, measure
from bihuan.computing.tables import Columns
from bihuan.foundation.actions import Draft
from bihuan.foundation.grammar import person_papers
from bihuan.foundation.grammar.documents import Document, TablePart, TextPart
from bihuan.foundation.grammar.gathering import rows_table
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.periods import Period
from bihuan.foundation.grammar.plans import Wanted, row_plan, with_names
from bihuan.foundation.grammar.reading import NOTHING, shown
from bihuan.foundation.grammar.saying import Said
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Duty, Member

_NAMED = re.compile(r"\{([^{}]+)\}")
BETWEEN, NOBODY = "；", "无。"
"""What stands between the sentences of a paragraph about rows, and all of it where there are none."""

COLOURS = {"red": "红", "yellow": "黄", "green": "绿", "blue": "蓝", "grey": "灰"}
LIGHTS = {**COLOURS, "blue": "办结", "grey": "未评", "": "—"}
"""What stands in a column of lights: the colours by what they mean for whoever answers for the row."""
EMPTY = "—"
PERSON = "person"
"""The kind of source of what was counted over what a person carries."""


@dataclass(frozen=True)
class About:
    """What a document is about: a row or a person, a period, and the words its trigger brings (理由, 依据, 颜色 …)."""

    day: date
    entry: int | None = None
    period: Period | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    member: str = ""


def compose(columns: Columns, view: RegisterView, item: Item[Document], about: About) -> Draft:
    """The document as a draft: title, recipient, and its parts with every number filled in and cited."""
    document = item.shape
    row = _row(columns, view, document, about)
    person = carried(columns, about.member, about.day) if about.member else None
    filler = _Filler(columns, view, item, about, row, person)
    parts = []
    for part in document.body:
        if isinstance(part, TextPart):
            text, sources = _each(filler, part) if part.each else filler.fill(part.text)
            parts.append({"text": text, "sources": sources})
        elif person:
            parts.append(_personal_table(person, part))
        else:
            parts.append(_table(columns, view, item, part, about))
    content = {
        "parts": parts, "day": about.day.isoformat(), "sender": filler.fill(document.sender)[0], "basis": document.basis, "words": dict(about.words),
    }  # fmt: skip
    return Draft(
        register=view.name,
        mechanism=f"{item.pack}.{item.mechanism}",
        document=item.key,
        title=filler.fill(document.title)[0],
        content=content,
        entry=about.entry,
        period=about.period.text if about.period else "",
        recipient=filler.fill(document.to)[0],
        member=about.member,
    )


@dataclass
class _Filler:
    """Fills ``{names}`` of one document, and says for each number where it comes from."""

    columns: Columns
    view: RegisterView
    item: Item[Document]
    about: About
    row: Record | None
    person: Carried | None = None

    def fill(self, text: str) -> tuple[str, list[dict[str, str | int]]]:
        """The text with its names filled in, and its sources: {name, value, offset in the text, kind, of}."""
        sources: list[dict[str, str | int]] = []
        filled, done = "", 0
        for found in _NAMED.finditer(text):
            word = found[1].strip()
            value, source = self._value(word)
            filled += text[done : found.start()]
            if source:
                sources.append({"name": word, "value": value, "offset": len(filled), **source})
            filled, done = filled + value, found.end()
        return filled + text[done:], sources

    def _value(self, word: str) -> tuple[str, dict[str, str]]:
        fixed = self._fixed(word)
        if fixed is not None:
            return fixed, {}
        if self.person and word in (counts := self.person.counts):
            return str(counts[word]), {"kind": PERSON, "of": word, "day": self.about.day.isoformat()}
        indicator = _group_indicator(self.view, self.item, word)
        if indicator:
            groups = measure(self.columns, self.view, indicator, self.about.day)
            group = "*" if indicator.shape.per == "all" else str((self.row or {}).get(indicator.shape.per) or "")
            said = groups[group].shown if group in groups else NOTHING
            return said.zh, {"kind": "indicator", "of": indicator.name, "group": group, "day": self.about.day.isoformat()}
        name = self.view.scope("entry").get(word)
        if name is None or self.row is None:
            return NOTHING.zh, {}
        kind = "field" if name.key in self.view.shape.fields else "computed"
        value = self.row.get(name.key if name.column == name.key else name.column)
        named = _people(self.view, name.key, [value]).get(str(value))
        return named or shown(self.view, name, value).zh, {"kind": kind, "of": f"{self.view.name}.{name.key}", "entry": str(self.row["_key"]), "day": self.about.day.isoformat()}

    def _fixed(self, word: str) -> str | None:
        day, period = self.about.day, self.about.period
        if word in self.about.words:
            value = self.about.words[word]
            return COLOURS.get(value, value) if word == "颜色" else value
        known = {"期": period.label if period else "", "年": str(day.year), "月": str(day.month), "日": str(day.day),
                 "今天": f"{day.year}年{day.month}月{day.day}日", "号": "{号}"}  # fmt: skip
        if self.person:
            known |= dict(zip(person_papers.NAMED, (self.person.name, self.person.office or EMPTY), strict=True))
        if word in known:
            return known[word]
        if self.row is not None and word in ("名称", "编号", "状态", "单位"):
            return str(self.row[{"名称": "_title", "编号": "_key", "状态": "_state", "单位": "_office"}[word]] or "")
        return None


def _group_indicator(view: RegisterView, item: Item[Document], word: str) -> Item[Any] | None:
    found = [one for one in view.indicators.values() if word in (one.key, one.short, one.shape.title) and one.shape.per != "entry"]
    own = [one for one in found if one.mechanism == item.mechanism]
    return (own or found or [None])[0]  # type: ignore[list-item]  # None where there is none


def _row(columns: Columns, view: RegisterView, document: Document, about: About) -> Record | None:
    """The row a document is about, with every value that its texts mention."""
    if about.entry is None:
        return None
    texts = [document.title, document.to, document.sender, *(part.text for part in document.body if isinstance(part, TextPart))]
    names = {found.key for text in texts for word in _NAMED.findall(text) if (found := view.scope("entry").get(word.strip()))}
    fields = [name for name in names if not name.startswith("_")]
    plan = row_plan(columns.catalogue, view, with_names(Wanted(), fields), [about.day], [about.entry])
    rows = run(columns, f"{plan.sql} SELECT * FROM judged")
    return rows[0] if rows else None


def _table(columns: Columns, view: RegisterView, item: Item[Document], part: TablePart, about: About) -> dict[str, Any]:
    """A table of a score, or of the rows for which a condition holds."""
    if part.table == "rows":
        return {"title": part.title, **_rows_table(columns, view, part, about)}
    score = view.scores.find(part.table, item.mechanism)
    assert score is not None
    table = league(columns, view, score, about.day)
    headings = {"rank": "名次", "name": "单位", "score": "得分", "previous": "上期名次", "change": "升降"}
    heading = [headings.get(column, _part_title(score.shape.parts, column)) for column in part.columns]
    lines = [[_cell(table, index, column) for column in part.columns] for index in range(len(table.lines))]
    source = {"kind": "score", "of": score.name, "day": about.day.isoformat()}
    return {"title": part.title or score.shape.title, "heading": heading, "lines": lines, "sources": [source]}


def _personal_table(person: Carried, part: TablePart) -> dict[str, Any]:
    """A table of what somebody carries, owes, or is named in: all of it."""
    listing = person_papers.TABLES[part.table]
    heading = [listing.columns[column] for column in part.columns]
    if part.table == "owed":
        cells = [_duty_cells(person, duty) for duty in person.owed]
    else:
        cells = [_carried_cells(row) for row in (person.rows if part.table == "carried" else person.named)]
    lines = [[str(place) if column == "rank" else one[column] for column in part.columns] for place, one in enumerate(cells, start=1)]
    source = {"kind": PERSON, "of": part.table, "day": person.day.isoformat()}
    return {"title": part.title, "heading": heading, "lines": lines, "sources": [source]}


def _carried_cells(row: Row) -> dict[str, str]:
    return {
        "title": row.title, "key": row.entry.key, "register": row.view.shape.title if row.view else row.entry.register, "office": row.entry.office or EMPTY,
        "role": row.role.shape.title if row.role else EMPTY, "state": row.state or EMPTY, "light": LIGHTS[row.colour],
    }  # fmt: skip


def _duty_cells(person: Carried, duty: Duty) -> dict[str, str]:
    return {
        "title": duty.title, "about": (duty.entry.title or duty.entry.key) if duty.entry else EMPTY, "office": duty.office or duty.member or EMPTY,
        "due": duty.due.isoformat() if duty.due else "无时限", "overdue": "是" if person.over(duty) else EMPTY,
    }  # fmt: skip


def _part_title(parts: Mapping[str, Any], column: str) -> str:
    return str(parts[column].title) if column in parts else column


def _cell(table: Table, index: int, column: str) -> str:
    line = table.lines[index]
    if column in ("rank", "previous"):
        number = line.rank if column == "rank" else line.previous
        return str(number) if number is not None else "—"
    if column == "name":
        return table.name(line.group).zh
    if column == "score":
        return f"{line.score:f}" if line.score is not None else f"缺{'、'.join(line.missing)}"
    if column == "change":
        return "—" if line.change is None else f"{line.change:+d}" if line.change else "0"
    points = next((one for one in line.parts if one.part == column), None)
    return f"{points.points:f}" if points and points.points is not None else "—"


def _rows_table(columns: Columns, document: RegisterView, part: TablePart, about: About) -> dict[str, Any]:
    """Rows of the document's own register, or of one that refers to the row the document is about."""
    child = columns.catalogue.referred(part.source, document.pack) if part.source else None
    view = child or document
    names = {name.key: name for name in view.names("entry")}
    fields = frozenset(column for column in part.columns if column in names and not column.startswith("_"))
    conditions = {"_asked": part.where} if part.where else {}
    ids = _referring(columns, document, child, part, about) if child else None
    plan = row_plan(columns.catalogue, view, Wanted(fields | {*filter(None, [part.of_period])}, conditions=conditions), [about.day], ids)
    test = " WHERE _asked" if part.where else ""
    rows = [row for row in run(columns, f"{plan.sql} SELECT * FROM judged{test} ORDER BY _key") if _in_period(row, part.of_period, about)]
    heading = [names[column].title if column in names else {"state": "状态", "rank": "序号"}.get(column, column) for column in part.columns]
    people = {column: _people(view, column, [row.get(column) for row in rows]) for column in part.columns}
    lines = [
        [people[column].get(str(row.get(column))) or _row_cell(view, names, row, column, place) for column in part.columns]
        for place, row in enumerate(rows, start=1)
    ]
    return {"heading": heading, "lines": lines, "sources": [{"kind": "rows", "of": view.name, "where": part.where, "day": about.day.isoformat()}]}


def _people(view: RegisterView, key: str, values: Sequence[object]) -> dict[str, str]:
    """What the people in a field are called, by their usernames; nothing for a field that holds no people."""
    shape = view.shape.fields.get(key)
    if shape is None or shape.kind != "person":
        return {}
    return dict(Member.objects.filter(username__in={str(value) for value in values if value}).exclude(name="").values_list("username", "name"))


def _in_period(row: Record, key: str, about: About) -> bool:
    """Whether a row belongs to the period of the paper, by a field with a year, a month or a day; all do where none is asked for."""
    if not key or about.period is None:
        return True
    value = str(row.get(key) or "")
    if len(value) < len("2025-01-01"):
        return value.startswith(about.period.text)
    return about.period.first.isoformat() <= value[:10] <= about.period.last.isoformat()


def _each(filler: _Filler, part: TextPart) -> tuple[str, list[dict[str, str | int]]]:
    """A sentence for each row, one paragraph of them all; every figure is cited with its own row."""
    columns, view, about = filler.columns, filler.view, filler.about
    names = {found.key for word in _NAMED.findall(part.text) if (found := view.scope("entry").get(word.strip()))}
    fields = [*(name for name in names if not name.startswith("_")), *filter(None, [part.of_period])]
    wanted = with_names(Wanted(conditions={"_asked": part.where} if part.where else {}), fields)
    plan = row_plan(columns.catalogue, view, wanted, [about.day])
    test = " WHERE _asked" if part.where else ""
    text, sources = "", list[dict[str, str | int]]()
    for row in run(columns, f"{plan.sql} SELECT * FROM judged{test} ORDER BY _key"):
        if not _in_period(row, part.of_period, about):
            continue
        start = len(text) + len(BETWEEN) if text else 0
        said, cited = _Filler(columns, view, filler.item, about, row).fill(part.text)
        text += (BETWEEN if text else "") + said
        sources += [{**one, "name": f"{row['_title']} {one['name']}", "offset": int(one["offset"]) + start} for one in cited]
    return (f"{text}。" if text else NOBODY), sources


def _referring(columns: Columns, document: RegisterView, child: RegisterView, part: TablePart, about: About) -> list[int]:
    """The rows of the other register that refer to the row a document is about."""
    sql = f'SELECT c._id FROM {rows_table(child.name)} c JOIN {rows_table(document.name)} p ON c."{part.by}" = p._key WHERE p._id = ? ORDER BY c._id'
    return [row["_id"] for row in run(columns, sql, [about.entry])]


def _row_cell(view: RegisterView, names: Mapping[str, Any], row: Record, column: str, place: int) -> str:
    if column == "rank":
        return str(place)
    if column == "state":
        return str(row["_state"] or "")
    said = shown(view, names[column], row.get(column)) if column in names else Said("", "")
    return "" if said == NOTHING else said.zh


def texts_of(content: Mapping[str, Any]) -> Iterator[str]:
    """Every text of a composed document, for searching and for tests."""
    for part in cast(list[dict[str, Any]], content["parts"]):
        yield from [part["text"]] if "text" in part else (cell for line in part["lines"] for cell in line)
