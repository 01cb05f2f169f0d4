"""Quantified statements of a document: one for each number or range, in the form in which `bihuan read` prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bihuan.computing.reading.contexts import Sentence, clause_span, sentences
from bihuan.computing.reading.forms import Judgement
from bihuan.computing.reading.kinds import judge
from bihuan.computing.reading.numbers import Mention, mentions
from bihuan.computing.reading.passages import Passage
from bihuan.computing.reading.periods import NOWHEN, Period, period_at, stamps
from bihuan.computing.reading.subjects import Naming, owner

LONGEST_QUOTE = 40


@dataclass(frozen=True)
class Statement:
    """One number of a document: where it stands, what it is, and what it is about. ``role`` says why an ``other`` is none."""

    line: int
    quote: str
    judgement: Judgement
    mention: Mention
    subject: str
    period: Period
    org: str
    commitment: str
    sentence: Sentence

    @property
    def kind(self) -> str:
        """target, actual, rule or other."""
        return self.judgement.kind

    def row(self) -> dict[str, Any]:
        """The statement as one line of output, with exactly the keys that were agreed."""
        amount: dict[str, Any] = {"value": plain(self.mention.value)}
        if self.mention.low is not None:
            amount = {"low": plain(self.mention.low), "high": plain(self.mention.value)}
        counts = self.kind != "other"
        return {
            "line": self.line, "quote": self.quote, "kind": self.kind, "subject": self.subject or None, **amount,
            "unit": self.mention.unit or None, "comparator": self.mention.comparator if counts else None,
            "period": (self.period.text or None) if counts else None, "period_inferred": self.period.inferred if counts else False,
            "org": self.org or None, "commitment": self.commitment or None,
        }  # fmt: skip


def plain(value: Decimal) -> int | float:
    """A number as JSON has it: whole numbers without a point."""
    return int(value) if value == value.to_integral_value() else float(value)


def statements(document: Sequence[Passage]) -> list[Statement]:
    """Every number of a document, in order."""
    found: list[Statement] = []
    read: dict[int, list[Mention]] = {}
    naming = Naming()
    for sentence in sentences(document):
        key = id(sentence.passage)
        if key not in read:
            read[key] = mentions(sentence.passage.text)
        inside = [mention for mention in read[key] if sentence.start <= mention.start < sentence.end]
        found.extend(_statements(sentence, inside, naming))
    return found


def _statements(sentence: Sentence, inside: list[Mention], naming: Naming) -> Iterator[Statement]:
    spread = _spread(sentence, inside)
    for mention in inside:
        first = spread.get(mention.start) or period_at(sentence, mention.start, plan=False)
        judgement = judge(mention, sentence, first)
        if judgement.role in ("code", "idiom"):
            continue
        period = _period(sentence, mention, judgement, spread)
        about = naming.name(sentence, mention) if judgement.kind != "other" else ""
        yield Statement(
            sentence.passage.lines[quote_span(sentence, mention)[0]], quote(sentence, mention), judgement, mention, about, period,
            owner(sentence, mention) if judgement.kind != "other" else "",
            _commitment(sentence, mention) if judgement.kind == "target" else "", sentence,
        )  # fmt: skip


def _period(sentence: Sentence, mention: Mention, judgement: Judgement, spread: dict[int, Period]) -> Period:
    if judgement.kind in ("other", "rule") or (mention.form == "level" and mention.group != "rates"):
        return NOWHEN
    if mention.form == "doubling" and judgement.kind == "target":
        own = [one for one in stamps(sentence.text) if one.year]
        return period_at(sentence, mention.start, plan=True) if own else NOWHEN
    return spread.get(mention.start) or period_at(sentence, mention.start, plan=judgement.kind == "target")


def _spread(sentence: Sentence, inside: list[Mention]) -> dict[int, Period]:
    """2020—2023年分别为 a、b、c、d: each number has its own year."""
    text = sentence.text
    match = re.search(r"(20\d\d)年?[-—–~至到]{1,2}(20\d\d)年[^。;]{0,20}?分别(?:为|是|达到?|完成)?", text)
    if not match:
        return {}
    first, last = int(match[1]), int(match[2])
    rest = [one for one in inside if one.start >= sentence.start + match.end() and one.unit]
    listed = rest[: last - first + 1]
    if len(listed) != last - first + 1 or len({one.unit for one in listed}) != 1:
        return {}
    return {one.start: Period(str(first + at), first + at, inferred=False) for at, one in enumerate(listed)}


def quote(sentence: Sentence, mention: Mention) -> str:
    """The smallest clause with the number in it, as printed, at most 40 characters."""
    start, end = quote_span(sentence, mention)
    return sentence.passage.quote(start, end)


def quote_span(sentence: Sentence, mention: Mention) -> tuple[int, int]:
    """From where to where in the passage the quote runs."""
    text = sentence.passage.text
    start, end = clause_span(text, mention, sentence)
    room = LONGEST_QUOTE
    if end - start > room:
        cut = max(text.rfind("、", start, mention.bounded) + 1, mention.end - room + 8, start)
        start = min(cut, mention.start)
        end = min(end, start + room)
        end = max(end, mention.end)
    return start, end


def _commitment(sentence: Sentence, mention: Mention) -> str:
    """The promise in one phrase: the clause without adverbs."""
    start, end = clause_span(sentence.passage.text, mention, sentence)
    return re.sub(r"^(?:并|且|同时|其中|进一步)", "", sentence.passage.text[start:end])[:LONGEST_QUOTE]
