"""What is found in a document in the order of its text, statements with numbers and promises without one, as a register takes it in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bihuan.computing.reading.commitments import Task, tasks
from bihuan.computing.reading.passages import passages
from bihuan.computing.reading.proposing import Proposal
from bihuan.computing.reading.statements import Statement, statements
from bihuan.foundation.grammar import periods

CLEAR = 3.0
"""How far the words around a number must lean one way for its kind to count as clear: one word beside it does."""

SHORTEST = 3
"""Characters of the shortest matter that says what is measured."""

LARGEST = Decimal(10) ** 12
"""Greater numbers stand in a document only to do harm, or by mistake."""

_YEARS = re.compile(r"(?:\d{4}/)?(\d{4})(?:-(?:H([12])|Q([1-4])|(?:\d\d/)?(\d\d)))?$")


@dataclass(frozen=True)
class Finding:
    """One finding. ``number`` is its place among those with the same words in the same line; ``low`` and ``high`` are numbers as text."""

    kind: str
    line: int
    quote: str
    number: int
    subject: str
    value: str
    high: str
    unit: str
    comparator: str
    period: str
    org: str
    sure: bool

    @property
    def last_day(self) -> date | None:
        """The last day of its period; None where it names none."""
        match = _YEARS.match(self.period)
        if match is None:
            return None
        year, half, quarter, month = match.groups()
        last = int(half) * 6 if half else int(quarter) * 3 if quarter else int(month or 12)
        return periods.of("month", date(int(year), last, 1)).last if 1 <= last <= 12 else None


def findings(lines: Sequence[str]) -> list[Finding]:
    """Everything that states or promises something, by line; dates, names and ordinals are nothing."""
    document = passages(lines)
    found = [*_stated(statements(document)), *_promised(tasks(document))]
    places: Counter[tuple[int, str]] = Counter()
    numbered = []
    for one in sorted(found, key=lambda one: one.line):
        places[one.line, one.quote] += 1
        numbered.append(Finding(**{**vars(one), "number": places[one.line, one.quote]}))
    return numbered


def _stated(found: Sequence[Statement]) -> Iterator[Finding]:
    for one in found:
        if one.kind == "other":
            continue
        clear = one.judgement.margin >= CLEAR and len(one.subject) >= SHORTEST and bool(one.period.text)
        yield Finding(one.kind, one.line, one.quote, 1, one.subject, *_measured(one), one.period.text, one.org, clear)


def _measured(one: Statement) -> tuple[str, str, str, str]:
    """The number of a statement as fields take it: value or lower bound, upper bound, unit, comparator."""
    mention = one.mention
    if mention.low is None:
        return written(mention.value), "", mention.unit, mention.comparator
    return written(mention.low), written(mention.value), mention.unit, ">="


def proposed(found: Sequence[Statement], one: Proposal) -> Finding:
    """What a model says of a statement, as a finding: its place is that of the finding the rules made of it, or behind all of them."""
    read = one.statement
    same = [other for other in found if other.kind != "other" and (other.line, other.quote) == (read.line, read.quote)]
    place = next((number for number, other in enumerate(same, start=1) if other is read), len(same) + 1)
    return Finding(one.kind, read.line, read.quote, place, one.subject, *_measured(read), one.period, one.org, False)


def written(value: Decimal) -> str:
    """A number as somebody would type it, with at most four decimals; empty for one that no field would hold."""
    if not abs(value) < LARGEST:
        return ""
    return f"{value.quantize(Decimal('0.0001')).normalize():f}"


def _promised(found: Sequence[Task]) -> Iterator[Finding]:
    for one in found:
        yield Finding("task", one.line, one.quote, 1, f"{one.action}{one.object}", "", "", "", "", one.period, one.org, one.seen and len(one.object) >= SHORTEST)
