"""``assignments``: exactly one accountable person per object per day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.shape import Shape, Words, YesNo, said


class Assignment(Shape):
    """A responsibility for a row that one person carries from a day on."""

    title: str = said("责任名称", "its name", "包联领导")
    title_en: str = said("英文名称", "its English name", "responsible leader", "")
    who: Words = said("可担任的角色", "the roles that may carry it", "leader")
    recorder: YesNo = said(
        "登记人若有上述角色，是否登记时即由其担任：企业和公众凭此跟进自己提交的事项",
        "whether who records the row carries it from then on, holding one of those roles: so citizens follow what they handed in", "yes", False,
    )  # fmt: skip
    exactly: Literal["one", "any"] = said("每行同一天是否必须恰有一人", "whether each row must have exactly one", "one", "one")
    change_needs: Words = said("更换时必须提供：reason、approver", "what a change needs", "[reason, approver]", [])


@dataclass(frozen=True)
class Held:
    """Who carries a responsibility from ``from_day`` until the day before ``to_day``; ``to_day`` None means still."""

    person: str
    from_day: date
    to_day: date | None = None

    def on(self, day: date) -> bool:
        """Whether it is carried on a day."""
        return self.from_day <= day and (self.to_day is None or day < self.to_day)


@dataclass(frozen=True)
class Change:
    """Somebody is to carry a responsibility from a day on; an empty person ends it. ``called`` names those who may, in Chinese and English."""

    person: str
    from_day: date
    called: tuple[str, str]
    reason: str = ""
    approver: str = ""
    actor: str = ""


def refusals_of(rule: Assignment, current: Held | None, change: Change, roles: frozenset[str], today: date) -> list[Refused]:
    """Everything that forbids this change. ``roles`` are those of the new person; ``current`` is who carries it now."""
    title, title_en = rule.title, rule.title_en or rule.title
    found: list[Refused] = []
    if change.person and not roles & frozenset(rule.who):
        chinese, english = change.called
        what = f"{change.person} 不是{chinese}，不能担任“{title}”"
        found.append(Refused(what, f"{change.person} is no {english} and cannot be “{title_en}”", ""))
    if not change.person and rule.exactly == "one":
        found.append(Refused(f"“{title}”每天须恰有一人，不能空缺", f"“{title_en}” is exactly one person on every day", "改派他人"))
    if change.from_day > today:
        found.append(Refused(f"“{title}”的起始日 {change.from_day} 晚于今天", f"{change.from_day} is later than today", str(today)))
    if current is None:
        if not change.person:
            found.append(Refused(f"“{title}”本来就无人担任", f"nobody is “{title_en}”", ""))
        return found
    if change.from_day < current.from_day:
        what = f"“{title}”的起始日 {change.from_day} 早于现任的起始日 {current.from_day}"
        found.append(Refused(what, f"{change.from_day} is before the present holder began, {current.from_day}", str(today)))
    if change.person == current.person:
        found.append(Refused(f"{change.person} 已经是“{title}”", f"{change.person} is “{title_en}” already", ""))
    return found + _unexplained(rule, change)


def _unexplained(rule: Assignment, change: Change) -> list[Refused]:
    title, title_en = rule.title, rule.title_en or rule.title
    found: list[Refused] = []
    if "reason" in rule.change_needs and not change.reason.strip():
        found.append(Refused(f"更换“{title}”须写明理由", f"changing “{title_en}” needs a reason", "工作调动"))
    if "approver" in rule.change_needs and not change.approver:
        found.append(Refused(f"更换“{title}”须有批准人", f"changing “{title_en}” needs an approver", ""))
    elif change.approver and change.approver in (change.person, change.actor):
        found.append(Refused(f"“{title}”的批准人不能是经办人或接任人自己", f"the approver of “{title_en}” must be somebody else", ""))
    return found


def holder(history: Iterable[Held], day: date) -> str:
    """Who carries a responsibility on a day; empty when nobody does."""
    return next((held.person for held in history if held.on(day)), "")
