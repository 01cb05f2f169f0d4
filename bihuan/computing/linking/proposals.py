"""What is put before people: groups of rows that are probably one thing, without the pairs somebody has told apart already, each with its reasons.

Nothing is stored. The pairs of a register are computed again when its rows change; of a large register that takes minutes, and is work for a
command or for a page that waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bihuan.computing.linking import rows
from bihuan.computing.linking.likeness import WAYS
from bihuan.computing.linking.pairs import Pair, suspected
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.gathering import rows_table
from bihuan.foundation.grammar.saying import Said, both
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Apart

STRONG, WEAK = 10.0, 3.0
"""From these weights on, and from their negatives down, an agreement is called strong, and more than weak."""


@dataclass(frozen=True)
class Reason:
    """What one field says of a pair: its key and title, which step of its comparison was met, and its weight."""

    field: str
    title: Said
    step: Said
    weight: float

    @property
    def strength(self) -> Said:
        """How much that counts, in words."""
        return strength(self.weight)

    @property
    def said(self) -> Said:
        """As a sentence: 联系电话：相同（有力，+18.2）."""
        counts, sign = self.strength, f"{self.weight:+.1f}".replace("-", "−")
        return Said(f"{self.title.zh}：{self.step.zh}（{counts.zh}，{sign}）", f"{self.title.en}: {self.step.en} ({counts.en}, {sign})")


@dataclass(frozen=True)
class Group:
    """Rows that hang together by pairs, by their ids in order; the likeliest pair first."""

    ids: tuple[int, ...]
    pairs: tuple[Pair, ...]


def strength(weight: float) -> Said:
    """How much a weight counts, in words."""
    if weight >= STRONG:
        return Said("有力", "strong")
    if weight >= WEAK:
        return Said("有助", "some")
    if weight > -WEAK:
        return Said("无足轻重", "little")
    return Said("相反", "against") if weight > -STRONG else Said("有力地相反", "strongly against")


def all_pairs(columns: Columns, view: RegisterView) -> list[Pair]:
    """Every pair of a register that is likely enough, told apart or not; kept until a row of it changes."""
    shape = view.shape.duplicates
    if shape is None:
        return []
    return columns.keep_one("duplicates", view.name, [rows_table(view.name).strip('"')], lambda: suspected(rows.of_register(columns, view), shape))


def open_pairs(columns: Columns, view: RegisterView) -> list[Pair]:
    """The pairs about which nobody has said anything yet."""
    told = set(Apart.objects.filter(first__register=view.name, undone=False).values_list("first_id", "second_id"))
    return [pair for pair in all_pairs(columns, view) if (pair.left, pair.right) not in told]


def grouped(pairs: Sequence[Pair]) -> list[Group]:
    """Pairs put together by the rows they share, the group with the likeliest pair first."""
    lead: dict[int, int] = {}

    def first(number: int) -> int:
        while lead.get(number, number) != number:
            number = lead[number]
        return number

    for pair in pairs:
        one, other = sorted((first(pair.left), first(pair.right)))
        lead[other] = lead.setdefault(one, one)
    found: dict[int, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(first(pair.left), []).append(pair)
    return [Group(tuple(sorted({number for pair in held for number in (pair.left, pair.right)})), tuple(held)) for held in found.values()]


def reasons(view: RegisterView, pair: Pair) -> Iterator[Reason]:
    """What says that two rows are one thing, and what speaks against it, in the order the pack names the fields."""
    shape = view.shape.duplicates
    for key, (place, weight) in pair.fields.items():
        if shape is not None:
            step = WAYS[shape.compare[key].as_].steps[place]
            yield Reason(key, both(view.shape.fields[key]), Said(step.zh, step.en), weight)


def said(view: RegisterView, pair: Pair) -> Said:
    """A pair in one sentence: what agrees and how much that counts, what does not, and how likely it is that they are one."""
    found = list(reasons(view, pair))
    missing = [both(view.shape.fields[key]) for key in compared(view) if key not in pair.fields]
    lack = Said(f"；无从比较：{'、'.join(one.zh for one in missing)}", f"; cannot be compared: {', '.join(one.en for one in missing)}") if missing else Said("", "")
    whole = f"{pair.weight:+.1f}".replace("-", "−")
    likely = percent(pair.probability)
    return Said(
        f"{_listed(one.said.zh for one in found)}{lack.zh}。合计 {whole}（已扣除随便两行偶然相同的可能），是同一个的可能 {likely}",
        f"{'; '.join(one.said.en for one in found)}{lack.en}. In all {whole}, after what chance would do; likely the same: {likely}",
    )


def compared(view: RegisterView) -> Iterable[str]:
    """The fields that are compared, in the order the pack names them."""
    return view.shape.duplicates.compare if view.shape.duplicates else ()


def _listed(parts: Iterable[str]) -> str:
    return "；".join(parts)


def percent(probability: float) -> str:
    """A probability as people read it; never 100%, because nothing is certain before somebody has looked."""
    return f"{probability:.2%}" if probability < 0.9999 else "> 99.99%"
