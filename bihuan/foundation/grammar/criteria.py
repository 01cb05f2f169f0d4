"""``criteria``: all, any, at least so many, not; exemptions; deny beats allow; reasons both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Tag

from bihuan.foundation.grammar.paying import Payment
from bihuan.foundation.grammar.saying import NOTHING_SAID, Said, joined
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
    pays: Payment | None = said("满足者得多少（政策兑付）", "what those who meet it get", "{amount: 研发费用 * 10%, times: yearly, from: 2025, basis: 第八条}", None)


    @cached_property
    def root(self) -> Every:
        """The tree: all of ``all``, and one of ``any`` where there are any. It may be empty, and is then met."""
        nodes: list[Node] = list(self.all)
        if self.any:
            nodes.append(Any.model_construct(any=self.any))
        return Every.model_construct(all=nodes)  # its parts were validated when the pack was read

    @cached_property
    def tested(self) -> tuple[Test, ...]:
        """Every test but the denials, in the order written."""
        return tuple(test for node in self.root.all for test in _leaves(node))


for _shape in (Every, Any, AtLeast, Not, Criteria):
    _shape.model_rebuild()


Truth = bool | None
"""Met, not met, or unknown because data are missing."""

Outcome = Literal["met", "unmet", "unknown", "exempt", "denied", "clear"]
"""How one test came out. A denial that does not hold is ``clear``; one that holds is ``denied``."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One test of the criteria, how it came out, and the numbers behind it (``Said("", "")`` where there are none to say)."""

    key: str
    outcome: Outcome
    title: Said
    basis: str
    numbers: Said = NOTHING_SAID

    @property
    def said(self) -> Said:
        """The reason in a sentence: title, outcome and numbers."""
        zh, en = _OUTCOMES[self.outcome]
        numbers = Said(f"（{self.numbers.zh}）", f" ({self.numbers.en})") if self.numbers.zh else NOTHING_SAID
        return Said(f"{self.title.zh}：{zh}{numbers.zh}", f"{self.title.en}: {en}{numbers.en}")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a row is in, and why: every test both ways, and the near miss where one test alone stands between it and a yes."""

    value: Truth
    reasons: tuple[Reason, ...]
    near_miss: Reason | None = None

    def having(self, *outcomes: Outcome) -> tuple[Reason, ...]:
        """The reasons that came out in one of these ways."""
        return tuple(reason for reason in self.reasons if reason.outcome in outcomes)

    @property
    def said(self) -> Said:
        """The judgement in a sentence: what decided it."""
        if self.value is None:
            unknown = self.having("unknown")
            zh, en = "、".join(r.title.zh for r in unknown), ", ".join(r.title.en for r in unknown)
            return Said(f"无法判断：缺{zh}所需的数据", f"Unknown: data are missing for {en}")
        if self.value:
            return Said("符合全部条件", "All conditions are met")
        decided = self.having("denied") or self.having("unmet")
        return joined((Said("不符合", "Not met"), *(reason.said for reason in decided)))


_OUTCOMES: dict[Outcome, Said] = {
    "met": Said("满足", "met"),
    "unmet": Said("不满足", "not met"),
    "unknown": Said("缺数据，无法判断", "unknown, data are missing"),
    "exempt": Said("按规定免除", "exempt"),
    "denied": Said("一票否决", "denied"),
    "clear": Said("未触发一票否决", "no denial"),
}


def tests_of(criteria: Criteria) -> tuple[Test, ...]:
    """Every test of the criteria, denials last, in the order written."""
    return (*criteria.tested, *criteria.deny)


def root_of(criteria: Criteria) -> Every:
    """The tree of the criteria, without its denials."""
    return criteria.root


def decide(node: Node, truths: Mapping[str, Truth]) -> Truth:
    """The three-valued result of a tree, given what its tests say; unknown stays unknown wherever it could decide."""
    match node:
        case Test():
            return truths[node.key]
        case Not():
            inner = decide(node.not_, truths)
            return None if inner is None else not inner
        case Every():
            return _both(node.all, truths)
        case Any():
            return _at_least(1, [decide(part, truths) for part in node.any])
        case AtLeast():
            return _at_least(node.at_least, [decide(part, truths) for part in node.of])


def _both(nodes: Sequence[Node], truths: Mapping[str, Truth]) -> Truth:
    """All of them: no as soon as one says so."""
    found: Truth = True
    for node in nodes:
        one = decide(node, truths)
        if one is False:
            return False
        found = found and one
    return found


def judge(
    criteria: Criteria, truths: Mapping[str, Truth], exempt: frozenset[str] = frozenset(), numbers: Mapping[str, Said] | None = None
) -> Judgement:
    """The judgement on one row.

    ``truths``: what each test said before any exemption; ``exempt``: the tests lifted for this row; ``numbers``: what stood on both sides of
    a test that is one comparison.
    """
    said = numbers or {}
    lifted = {key: True if key in exempt else value for key, value in truths.items()}
    root, denials = root_of(criteria), [truths[test.key] for test in criteria.deny]
    denied = _at_least(1, denials)
    passed = decide(root, lifted)
    value = _at_least(2, [passed, None if denied is None else not denied])
    reasons = [_reason(test, lifted[test.key], exempt, said) for test in criteria.tested]
    reasons += [_denial(test, truths[test.key], said) for test in criteria.deny]
    near = _near_miss(root, lifted, reasons) if passed is False and not any(denials) else None
    return Judgement(value, tuple(reasons), near)


def _at_least(needed: int, truths: Sequence[Truth]) -> Truth:
    yes, unknown = truths.count(True), truths.count(None)
    if yes >= needed:
        return True
    return None if yes + unknown >= needed else False


def _leaves(node: Node) -> Iterator[Test]:
    match node:
        case Test():
            yield node
        case Not():
            yield from _leaves(node.not_)
        case _:
            for part in node.all if isinstance(node, Every) else node.any if isinstance(node, Any) else node.of:
                yield from _leaves(part)


def _reason(test: Test, truth: Truth, exempt: frozenset[str], numbers: Mapping[str, Said]) -> Reason:
    outcome: Outcome = "exempt" if test.key in exempt else "unknown" if truth is None else "met" if truth else "unmet"
    return Reason(test.key, outcome, Said(test.title, test.title_en or test.title), test.basis, numbers.get(test.key, NOTHING_SAID))


def _denial(test: Test, truth: Truth, numbers: Mapping[str, Said]) -> Reason:
    outcome: Outcome = "unknown" if truth is None else "denied" if truth else "clear"
    return Reason(test.key, outcome, Said(test.title, test.title_en or test.title), test.basis, numbers.get(test.key, NOTHING_SAID))


def _near_miss(root: Every, truths: Mapping[str, Truth], reasons: Sequence[Reason]) -> Reason | None:
    """The one test that would turn the answer to yes if it alone came out the other way; None where there are several or none."""
    turning = [
        reason
        for reason in reasons
        if reason.outcome in ("met", "unmet") and decide(root, {**truths, reason.key: not truths[reason.key]}) is True
    ]
    return turning[0] if len(turning) == 1 else None
