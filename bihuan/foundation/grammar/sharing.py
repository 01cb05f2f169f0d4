"""Why a request got what it got, in a sentence of both languages, from the facts that stand beside it in the ledger.

Facts are whole numbers and words: ``score`` in ten-thousandths, ``value`` in hundredths, amounts in stored units, rows by their keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quantities import NO_UNIT, Measure, Unit, format_quantity, shown_evenly
from bihuan.foundation.grammar.quotas import Quota
from bihuan.foundation.grammar.saying import NOTHING_SAID, Said, both, joined
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.grammar.views import RegisterView

SCORE, VALUE = 10_000, 100
"""Parts of a score and of a value that are told apart."""

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A line of an allocation as it is stored."""

    place: int
    asked: int | None
    parts: Sequence[Sequence[Any]]
    code: str
    facts: Facts


@dataclass(frozen=True)
class Telling:
    """Says the lines of one quota's allocations."""

    view: RegisterView
    item: Item[Quota]

    @property
    def measure(self) -> Measure:
        """How amounts are kept."""
        return measure_of(self.view.shape.fields[self.item.shape.of])

    def quantity(self, amount: int) -> Said:
        """An amount with its unit."""
        return Said(format_quantity(amount, self.measure), format_quantity(amount, self.measure, language="en"))

    def account(self, name: str) -> Said:
        """An account by its title, with its office where it is one of many."""
        key, _, office = name.partition("/")
        shape = self.item.shape.accounts.get(key)
        title = both(shape) if shape else Said("到期作废", "expired")
        return Said(f"{title.zh}·{office}", f"{title.en}, {office}") if office else title

    def score(self, score: int | None) -> Said:
        """What a request is ordered by, with the words the rule has for it."""
        by = self.item.shape.order[0].by
        name = self.view.scope("entry").get(by)
        title = name.said if name else Said(by, by)
        if score is None:
            return Said(f"{title.zh}（无数据）", f"{title.en} (no data)")
        unit: Unit = (name.unit if name else None) or NO_UNIT
        zh, en = shown_evenly(score, SCORE, unit, 4)
        return Said(f"{title.zh} {zh}", f"{title.en} {en}")

    def because(self, line: Line) -> Said:
        """The whole reason of a line."""
        return joined(part for part in (self._place(line), _SAYING[line.code](self, line)) if part.zh)

    def _place(self, line: Line) -> Said:
        if not line.place:
            return NOTHING_SAID
        score, asked = self.score(line.facts.get("score")), self.quantity(line.asked or 0)
        if "value" in line.facts:
            worth = _value(line.facts["value"])
            score = Said(f"分值 {worth}，{score.zh}", f"worth {worth}, {score.en}")
        return Said(f"{score.zh}，排第 {line.place}，申请 {asked.zh}", f"{score.en}, place {line.place}, asks for {asked.en}")

    def granted(self, line: Line) -> Said:
        """All it asked for, and where from."""
        return joined([Said(f"全额配给：{self._from(line).zh}", f"granted in full: {self._from(line).en}"), self._cut(line)])

    def partly(self, line: Line) -> Said:
        """What there was, and where from."""
        left = self.quantity(line.facts["left"])
        return joined([Said(f"只剩 {left.zh}，部分配给：{self._from(line).zh}", f"{left.en} was left and is granted: {self._from(line).en}"), self._before(line), self._cut(line)])

    def short(self, line: Line) -> Said:
        """It did not fit."""
        left = self.quantity(line.facts["left"])
        empty = Said("可用额度为零", "there is no quota to be had")
        what = Said(f"可用 {left.zh}，放不下", f"{left.en} is to be had: it does not fit") if line.facts["left"] else empty
        return joined([what, self._before(line), self._cut(line)])

    def behind(self, line: Line) -> Said:
        """One before it did not fit, and there it ends."""
        stop = line.facts["stop"]
        what = Said(f"排在它前面的 {stop} 放不下，按规定到此为止", f"{stop} before it does not fit, and the rule ends there")
        return joined([what, self._before(line), self._cut(line)])

    def outbid(self, line: Line) -> Said:
        """Others are worth more, and which would have to give way."""
        left, way = self.quantity(line.facts["left"]), line.facts["displaced"]
        names = [f"{key}（{self.quantity(amount).zh}，分值 {_value(value)}）" for key, amount, value in way["names"]]
        names_en = [f"{key} ({self.quantity(amount).en}, worth {_value(value)})" for key, amount, value in way["names"]]
        more = (f"等 {way['count']} 件", f" and more, {way['count']} in all") if way["count"] > len(names) else ("", "")
        loss, total = _value(way["value"] - line.facts["value"]), _value(line.facts["total"])
        return Said(
            f"分配后只剩 {left.zh}；给它就要撤下别的，如 {'、'.join(names)}{more[0]}，总分值少 {loss}；现在的总分值 {total} 已证明最大",
            f"{left.en} is left in the end; others would have to give way, such as {', '.join(names_en)}{more[1]}, "
            f"{loss} less in all; the total of {total} is proved the greatest",
        )

    def out(self, line: Line) -> Said:
        """It takes no part: the reason was written down when it was read."""
        return Said(line.facts["zh"], line.facts["en"])

    def returned(self, line: Line) -> Said:
        """What it gives back."""
        had, unused = self.quantity(line.asked or 0), self.quantity(line.facts["unused"])
        basis = self.item.shape.take_back.basis if self.item.shape.take_back else ""
        return Said(
            f"已配 {had.zh}，未用 {unused.zh}，收回到 {self._from(line).zh}（{basis}）", f"granted {had.en}, {unused.en} unused, back to {self._from(line).en} ({basis})"
        )

    def _from(self, line: Line) -> Said:
        parts = [(self.account(account), self.quantity(amount)) for account, amount in line.parts]
        return Said("、".join(f"{title.zh} {amount.zh}" for title, amount in parts), ", ".join(f"{title.en} {amount.en}" for title, amount in parts))

    def _before(self, line: Line) -> Said:
        before = line.facts["before"]
        if not before["count"]:
            return Said("此前没有配给任何一件", "nothing was granted before it")
        names = [(key, self.quantity(amount)) for key, amount in before["names"]]
        more = ("等", " …") if before["count"] > len(names) else ("", "")
        amount = self.quantity(before["amount"])
        return Said(
            f"此前已配给 {before['count']} 件共 {amount.zh}：{'、'.join(f'{key} {got.zh}' for key, got in names)}{more[0]}",
            f"{before['count']} before it got {amount.en}: {', '.join(f'{key} {got.en}' for key, got in names)}{more[1]}",
        )

    def _cut(self, line: Line) -> Said:
        if not line.facts.get("cut"):
            return NOTHING_SAID
        key, score = line.facts["cut"]
        return Said(f"配给到 {key} 为止（{self.score(score).zh}）", f"the last that was granted is {key} ({self.score(score).en})")


def _value(value: int) -> str:
    """A value in hundredths, as it is read."""
    whole, part = divmod(abs(value), VALUE)
    return f"{'-' if value < 0 else ''}{whole:,}" + (f".{part:02d}".rstrip("0") if part else "")


_SAYING = {
    "granted": Telling.granted, "partly": Telling.partly, "short": Telling.short, "behind": Telling.behind, "outbid": Telling.outbid,
    "unfit": Telling.out, "unknown": Telling.out, "nothing": Telling.out, "nowhere": Telling.out, "returned": Telling.returned,
}  # fmt: skip
