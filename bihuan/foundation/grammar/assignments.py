"""``assignments``: exactly one accountable person per object per day."""

from __future__ import annotations

from typing import Literal

from bihuan.foundation.grammar.shape import Shape, Words, said


class Assignment(Shape):
    """A responsibility for a row that one person carries from a day on."""

    title: str = said("责任名称", "its name", "包联领导")
    title_en: str = said("英文名称", "its English name", "responsible leader", "")
    who: Words = said("可担任的角色", "the roles that may carry it", "leader")
    exactly: Literal["one", "any"] = said("每行同一天是否必须恰有一人", "whether each row must have exactly one", "one", "one")
    change_needs: Words = said("更换时必须提供：reason、approver", "what a change needs", "[reason, approver]", [])
