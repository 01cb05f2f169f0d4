"""Where each figure of a paper comes from: its formula or its row, the day it was computed for, and how far the ledger was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.computing.papers import PERSON
from bihuan.foundation import loading
from bihuan.foundation.grammar import person_papers
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.scores import Score
from bihuan.foundation.grammar.views import Catalogue, RegisterView
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Entry, Event, Paper, Trace
from bihuan.portal.printed import Source, printed

TITLE_TEXT = "数据来源"
COLUMNS = ("项目", "数值", "公式或数据行", "核算日期", "账本序号")
NOTE = "公式与数据行以印发时生效的机制为准；账本序号是记载该数的条目，或核算该数时账本最后一条之后、记载本文的条目。"

OVER = {
    "month": "当月", "quarter": "当季", "half_year": "半年", "year": "全年", "year_to_date": "年初至今", "to_date": "累计至今", "latest": "最近一期",
}  # fmt: skip
SPOKEN_OF = 200
"""How many events of a row are looked through for the one that gave a field its value."""


@dataclass(frozen=True)
class Cited:
    """One figure or table: what it is called, its printed value, its rule in the city's words, the day, and an entry of the ledger."""

    title: str
    value: str
    rule: str
    day: str
    seq: int

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """As a row of the annex."""
        return self.title, self.value, self.rule, self.day, str(self.seq)


def cited(paper: Paper) -> list[Cited]:
    """The sources of a paper's figures and tables in their order, each once. Empty for a paper without any."""
    catalogue = loading.catalogue(paper.issued_on or paper.drafted_on)
    view = catalogue.registers.get(paper.register)
    found = (Cited(name, source.value, _rule(catalogue, view, source), source.day, _seq(paper, source)) for name, source in printed(paper).sources)
    return list(dict.fromkeys(found))


def _rule(catalogue: Catalogue, view: RegisterView | None, source: Source) -> str:
    """The rule by the titles of its names; where no pack in force knows it any more, its name."""
    if source.kind == PERSON:
        return person_papers.COUNTS.get(source.of) or person_papers.TABLES[source.of].rule
    if view is None:
        return source.of
    if source.kind == "indicator" and (item := view.indicators.find(source.of)):
        return "；".join(_indicator(view, item.shape, source.group))
    if source.kind == "score" and (score := view.scores.find(source.of)):
        return _score(score.shape)
    if source.kind == "rows":
        return f"“{view.shape.title}”中{view.condition(source.where).explain() if source.where else '的全部行'}"
    return _of_row(catalogue, view, source)


def _indicator(view: RegisterView, shape: Indicator, group: str) -> Iterator[str]:
    yield view.computing(shape).explain()
    yield OVER[shape.over]
    if group not in ("", "*"):
        yield group
    if shape.where:
        yield f"限{view.condition(shape.where).explain()}"


def _score(shape: Score) -> str:
    parts = "＋".join(f"{part.title}{part.weight:f}分" for part in shape.parts.values())
    return f"{parts}，再乘系数" if shape.multiplier else parts


def _of_row(catalogue: Catalogue, view: RegisterView, source: Source) -> str:
    """A field or a computed value of one row."""
    key = source.of.rpartition(".")[2]
    formulas = [view.computing(item.shape).explain() for item in view.indicators.values() if item.key == key]
    if key in view.shape.rollups:
        formulas.append(catalogue.gathers(view, view.shape.rollups[key]).zh)
    if source.kind == "computed" and formulas:
        return f"{source.entry}：{formulas[0]}"
    title = view.shape.fields[key].title if key in view.shape.fields else source.name
    return f"“{view.shape.title}”{source.entry}：{title}"


def _seq(paper: Paper, source: Source) -> int:
    """The entry that gave a field its value before the paper; for what was computed, the paper's own: everything before it was counted."""
    row = row_of(paper, source) if source.kind == "field" else None
    if row is None:
        return paper.seq
    key = source.of.rpartition(".")[2]
    before = Trace.objects.filter(entry=row, seq__lt=paper.seq).order_by("-seq").values_list("seq", flat=True)[:SPOKEN_OF]
    events = Event.objects.filter(seq__in=list(before), register=paper.register).order_by("-seq")
    return next((event.seq for event in events if _gives(event, row, key)), paper.seq)


def row_of(paper: Paper, source: Source) -> int | None:
    """The row a figure was read from: the one the paper is about, or one that a paragraph speaks of; None for what was counted over many."""
    if not source.entry:
        return None
    return Entry.objects.filter(register=source.of.rpartition(".")[0] or paper.register, key=source.entry).values_list("pk", flat=True).first()


def _gives(event: Event, entry: int, key: str) -> bool:
    """Whether an event recorded the row, or gave this field of it a value."""
    body = body_of(event)
    if any(row["id"] == entry for row in body.get("rows", ())):
        return True
    return any(one.get("id") == entry and key in one.get("data", {}) for one in body.get("edits", [body]))
