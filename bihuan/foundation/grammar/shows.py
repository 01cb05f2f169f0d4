"""``register.board``: what a leader's board shows of a register beside its lights and rankings."""

from __future__ import annotations

from bihuan.foundation.grammar.shape import Key, Shape, Words, said


class Rate(Shape):
    """A rate held against what was promised of it and what a higher level asks for."""

    of: str = said("指标：per 为 all，或按一个选项字段分组（取有数的最后一项）", "the indicator: per all, or by a field of choices, whose last one with data counts", "start_rate")
    target: str = said("本级目标（targets 的代号）", "the target of this level, by its key among targets", "start_target", "")
    line: str = said("上级考核线（targets 的代号）", "the line of the level above, by its key among targets", "province_start", "")


class Board(Shape):
    """What a board shows of a register. Every name is an indicator, a target or a figure of it; nothing else decides what leaders see."""

    figures: Words = said("核心指标（per 为 all 的指标），按此顺序", "indicators per all, in this order", "[city_done, city_progress]", [])
    rates: dict[Key, Rate] = said("率：与目标线、考核线对照", "rates against their lines", "starts: {of: start_rate, target: start_target}", {})
    monthly: str = said("按月画出本年与上年的数值（figures 的代号）", "the figure drawn by month, this year against last", "completed", "")
    funnel: dict[str, str] = said(
        "闭环各步：指标（per 为 all）: 旁注指标，没有旁注写空", "the steps of a loop: an indicator per all, and one noted beside it or nothing",
        "{issued: '', reported: report_late}", {},
    )  # fmt: skip
    funnel_title: str = said("闭环的名称", "what the loop is called", "督办闭环", "")
    funnel_title_en: str = said("闭环的英文名称", "its English name", "Supervision loop", "")
    beside: Words = said("把哪些台账的率与闭环也放在这块看板上", "registers whose rates and loop stand on this board too", "[three_batches, dispatch.instructions]", [])
