"""``criteria``: all, any, at least so many, not; exemptions; deny beats allow; reasons both ways."""

from __future__ import annotations

from typing import Annotated

from pydantic import Tag

from bihuan.foundation.grammar.shape import Key, Shape, chosen_by, said


class Test(Shape):
    """One condition that can be met, not met or unknown."""

    key: Key = said("条件代号", "its key", "fixed_assets")
    title: str = said("条件名称", "its name", "固定资产投资不低于一亿元")
    title_en: str = said("英文名称", "its English name", "fixed assets of 100 million or more", "")
    if_: str = said("公式", "its formula", "固定资产投资 >= 1亿元")
    basis: str = said("依据", "the clause it rests on", "第二条")


class Every(Shape):
    """All of these."""

    all: list[Node] = said("全部满足", "all of these", "[…]")


class Any(Shape):
    """One of these is enough."""

    any: list[Node] = said("满足其一", "any of these", "[…]")


class AtLeast(Shape):
    """So many of these."""

    at_least: int = said("至少几项", "how many", "2", ge=1)
    of: list[Node] = said("其中若干项", "of these", "[…]")


class Not(Shape):
    """The opposite."""

    not_: Node = said("不成立", "must not hold", "{key: …}")


Node = Annotated[
    Annotated["Test", Tag("<test>")]
    | Annotated["Every", Tag("<all>")]
    | Annotated["Any", Tag("<any>")]
    | Annotated["AtLeast", Tag("<at_least>")]
    | Annotated["Not", Tag("<not>")],
    chosen_by(("all", "<all>"), ("any", "<any>"), ("at_least", "<at_least>"), ("not", "<not>"), otherwise="<test>"),
]


class Exemption(Shape):
    """A test that need not be met when something else holds and somebody approved it."""

    from_: Key = said("免除的条件代号", "the test it lifts", "fixed_assets")
    if_: str = said("何时可以免除（公式）", "when it may be lifted", "高技术项目")
    needs: str = said("必须写明理由的字段", "the field that holds the reason", "exempt_reason")
    approver: str = said("批准的角色", "the role that approves", "supervisor")
    basis: str = said("依据", "the clause it rests on", "第二条")


class Criteria(Shape):
    """Who or what is in, and why."""

    title: str = said("名称", "its name", "六条筛选原则")
    title_en: str = said("英文名称", "its English name", "six screening rules", "")
    all: list[Node] = said("全部满足", "all of these", "[…]", [])
    any: list[Node] = said("满足其一", "any of these", "[…]", [])
    exempt: list[Exemption] = said("可免除的条件", "exemptions", "[{from: …, if: …, needs: …, approver: …, basis: …}]", [])
    deny: list[Test] = said("一票否决；优先于以上一切", "denials; they beat everything above", "[{key: …, title: …, if: …, basis: …}]", [])


for _shape in (Every, Any, AtLeast, Not, Criteria):
    _shape.model_rebuild()
