"""Points and ranks of a score: every point explained, ties and missing data by the declared rule, and what would move a rank.

Pure arithmetic on exact decimals. Points are rounded to a hundredth (half up) part by part, so the printed parts add up to the printed sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from bihuan.foundation.grammar.saying import Said
from bihuan.foundation.grammar.scores import Part, Score

CENT = Decimal("0.01")
ZERO = Decimal(0)
ONE = Decimal(1)

Values = Mapping[str, Mapping[str, Decimal | None]]
"""Indicator, then group, then its value in display units (a ratio as 0.72); None or absent means without data."""


@dataclass(frozen=True, slots=True)
class Points:
    """One part of one line: the value measured, the points it earned (None without data) and how."""

    part: str
    title: str
    value: Decimal | None
    points: Decimal | None
    why: Said


@dataclass(frozen=True, slots=True)
class Line:
    """One group in a score. ``rank`` is None where it is left out; ``change`` is positive when it rose; ``to_next`` says what the next rank takes."""

    group: str
    rank: int | None
    score: Decimal | None
    parts: tuple[Points, ...]
    missing: tuple[str, ...] = ()
    factor: Decimal | None = None
    previous: int | None = None
    change: int | None = None
    to_next: Said | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """A part with its limits read as numbers, in the unit its indicator's values come in."""

    part: Part
    full: Decimal = ONE
    zero: Decimal = ZERO
    steps: tuple[tuple[Decimal, Decimal], ...] = ()
    percent: bool = True
    """Whether its values are ratios, which move by percentage points."""

    @property
    def rising(self) -> bool:
        """Whether more is better."""
        return self.full >= self.zero


def ranked(
    score: Score, scales: Mapping[str, Scale], values: Values, groups: Sequence[str], previous: Mapping[str, int] | None = None,
    names: Mapping[str, Said] | None = None,
) -> list[Line]:  # fmt: skip
    """Every group of ``groups`` in the order of its rank.

    ``scales`` holds one scale a part; ``values`` the indicators of all parts, of the multiplier and of the ties; ``previous`` the ranks of
    the period before, where there was one; ``names`` what groups are called where that is not the group itself.
    """
    parts = {key: _points(scale, key, values.get(scale.part.of, {}), groups) for key, scale in scales.items()}
    lines = [_line(score, group, [points[group] for points in parts.values()], values) for group in groups]
    placed = _placed(score, values, [line for line in lines if line.score is not None and not line.missing])
    lacking = [line for line in lines if line.score is None or line.missing]
    rank = len(placed) + 1 if score.missing == "last" else None
    placed += [replace(line, rank=rank) for line in lacking]
    return [_told(score, scales, placed, index, previous or {}, names or {}) for index in range(len(placed))]


def _points(scale: Scale, key: str, values: Mapping[str, Decimal | None], groups: Sequence[str]) -> dict[str, Points]:
    known = sum(1 for group in groups if values.get(group) is not None)
    found = {}
    for group in groups:
        value = values.get(group)
        if value is None:
            why = Said(f"缺{scale.part.title}，不计分", f"no points: {scale.part.title_en or scale.part.title} is missing")
            found[group] = Points(key, scale.part.title, None, None, why)
            continue
        raw, why = _raw(scale, value, known, _better(values, value, groups, scale))
        points = _clipped(raw, scale.part.floor if scale.part.floor is not None else ZERO, scale.part.cap or scale.part.weight)
        found[group] = Points(key, scale.part.title, value, _rounded(points), why)
    return found


def _better(values: Mapping[str, Decimal | None], value: Decimal, groups: Sequence[str], scale: Scale) -> int:
    others = (values.get(group) for group in groups)
    return sum(1 for other in others if other is not None and (other > value if scale.rising else other < value))


def _raw(scale: Scale, value: Decimal, known: int, better: int) -> tuple[Decimal, Said]:
    weight, part = scale.part.weight, scale.part
    if part.points == "rank":
        points = weight * (known - better) / known
        return points, Said(f"{known} 个中列第 {better + 1}，{weight:f} 分按名次计", f"place {better + 1} of {known}, {weight:f} points by place")
    if part.points == "steps":
        reached = [points for bound, points in scale.steps if (value >= bound if scale.rising else value <= bound)]
        points = max(reached, default=ZERO)
        return points, Said(f"按档次得 {points:f} 分", f"{points:f} points by step")
    share = (value - scale.zero) / (scale.full - scale.zero)
    percent = f"{_rounded(share * 100):f}%"
    return weight * share, Said(f"达到满分线的 {percent}，{weight:f} 分按比例计", f"{percent} of the way to full points, {weight:f} points by ratio")


def _line(score: Score, group: str, parts: Sequence[Points], values: Values) -> Line:
    missing = tuple(points.title for points in parts if points.points is None)
    factor: Decimal | None = None
    if score.multiplier:
        measured = values.get(score.multiplier.of, {}).get(group)
        missing += () if measured is not None else (score.multiplier.of,)
        factor = _clipped(measured, score.multiplier.floor, score.multiplier.cap) if measured is not None else None
    total = sum((points.points for points in parts if points.points is not None), Decimal("0.00"))
    if missing and score.missing != "zero":
        return Line(group, None, None, tuple(parts), missing, factor)
    if score.multiplier:
        total = _rounded(total * (factor if factor is not None else score.multiplier.floor))
    return Line(group, None, total, tuple(parts), (), factor)


def _placed(score: Score, values: Values, lines: list[Line]) -> list[Line]:
    sign = -1 if score.order == "higher" else 1
    breakers = [] if score.ties == ["same_rank"] else score.ties

    def place(line: Line) -> tuple[Decimal, ...]:
        turns = (values.get(name, {}).get(line.group) for name in breakers)
        return (sign * (line.score or ZERO), *(-turn if turn is not None else Decimal("Infinity") for turn in turns))

    ordered = sorted(lines, key=lambda line: (place(line), line.group))
    placed: list[Line] = []
    for index, line in enumerate(ordered):
        tied = index > 0 and place(ordered[index - 1]) == place(line)
        placed.append(replace(line, rank=placed[-1].rank if tied else index + 1))
    return placed


def _told(score: Score, scales: Mapping[str, Scale], lines: Sequence[Line], index: int, previous: Mapping[str, int], names: Mapping[str, Said]) -> Line:
    line = lines[index]
    before = previous.get(line.group)
    change = before - line.rank if before is not None and line.rank is not None else None
    above = next((other for other in reversed(lines[:index]) if other.score is not None and other.rank != line.rank), None)
    to_next = None
    if above is not None and line.score is not None:
        to_next = _to_next(score, scales, line, above, names.get(above.group, Said(above.group, above.group)))
    return replace(line, previous=before, change=change, to_next=to_next)


def _to_next(score: Score, scales: Mapping[str, Scale], line: Line, above: Line, called: Said) -> Said:
    """What it takes to pass the line above: the points, and where one part alone could bring them, how far its value must move."""
    assert line.score is not None
    assert above.score is not None
    gap = abs(above.score - line.score) + CENT
    zh, en = f"再得 {gap:f} 分可超过{called.zh}（第 {above.rank} 名）", f"{gap:f} more points pass {called.en} (rank {above.rank})"
    if score.order == "lower":
        return Said(f"再减 {gap:f} 分可超过{called.zh}（第 {above.rank} 名）", f"{gap:f} fewer points pass {called.en} (rank {above.rank})")
    for points in line.parts:
        scale = scales[points.part]
        room = (scale.part.cap or scale.part.weight) - (points.points or ZERO)
        needed = gap / (line.factor or ONE)
        if scale.part.points != "ratio" or points.value is None or not scale.part.weight or needed > room:
            continue
        move = abs(needed / scale.part.weight * (scale.full - scale.zero))
        shown = f"{(move * 100).quantize(Decimal('0.1'), ROUND_UP):f}" if scale.percent else f"{move.quantize(CENT, ROUND_UP):f}"
        unit, unit_en = (" 个百分点", " percentage points") if scale.percent else ("", "")
        more, more_en = ("提高", "up") if scale.rising else ("降低", "down")
        zh += f"；如{points.title}{more} {shown}{unit}"
        en += f"; for instance {scale.part.title_en or points.title} {more_en} by {shown}{unit_en}"
        break
    return Said(zh, en)


def _clipped(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return max(low, min(high, value))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
