"""House rules of policies that pay: conditions somebody can meet, money that is there, and an order that decides who gets it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from bihuan.foundation.grammar.criteria import Criteria, Not, Test
from bihuan.foundation.grammar.intervals import Cover, cover, meet
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.paying import Payment, circle
from bihuan.foundation.grammar.quantities import parse_quantity
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World
from bihuan.foundation.grammar.shape import first_day
from bihuan.foundation.grammar.views import RegisterView

_PAYS = """
criteria:
  large:
    title: 大项目奖励
    all:
      - {key: amount, title: 投资不低于一亿元, if: 概算投资 >= 1亿元, basis: 第二条}
      - {key: capped, title: 投资不高于十亿元, if: 概算投资 <= 10亿元, basis: 第二条}
    pays:
      amount: 概算投资 * 1%
      at_most: 50万元
      times: once
      from: 2024
      highest_of: investment
      budget: {since: {2024: {value: 200万元, basis: 第三条}}, short: in_order, order: [{by: 概算投资}]}
      basis: 第三条
  started:
    title: 开工奖励
    all: [{key: started, title: 已开工, if: 开工日期 不为空, basis: 第四条}]
    pays: {amount: 10万元, times: once, from: 2024, highest_of: investment, basis: 第四条}
  prompt:
    title: 按期奖励
    all: [{key: prompt, title: 没有滞后, if: 滞后天数 <= 0, basis: 第五条}]
    pays: {amount: 5万元, times: yearly, from: 2024, unless: [started], basis: 第五条}
"""


def _paying(view: RegisterView) -> Iterator[tuple[Item[Criteria], Payment]]:
    for item in view.criteria.values():
        if item.shape.pays:
            yield item, item.shape.pays


def contradictions(world: World) -> Iterator[Hit]:
    """Conditions of which each alone may hold, and which together nobody can meet."""
    for view in world.views:
        for item in view.criteria.values():
            tests = [(("all", place), node) for place, node in enumerate(item.shape.all) if isinstance(node, Test)]
            for (_, one), (path, other) in combinations(tests, 2):
                if _apart(_cover(view, one), _cover(view, other)):
                    yield Hit(
                        item.at(*path), f"“{one.title}”与“{other.title}”不能同时满足：没有一户能通过", f"{one.key} and {other.key} cannot both be met: nobody passes",
                        "all 里写的是同时满足；满足其一的写在 any 里",
                    )  # fmt: skip
            yield from _denied_by_itself(view, item)


def _cover(view: RegisterView, test: Test) -> Cover | None:
    return cover(view, test.if_)


def _apart(one: Cover | None, other: Cover | None) -> bool:
    if one is None or other is None or one.name.key != other.name.key:
        return False
    return not any(meet(first, second) for first in one.stretches for second in other.stretches)


def _denied_by_itself(view: RegisterView, item: Item[Criteria]) -> Iterator[Hit]:
    """A condition that must be met and that a denial forbids, or that must be met and must not hold."""
    words = {_spelled(view, node.if_): node for node in item.shape.all if isinstance(node, Test)}
    forbidden = [(("deny", place), test) for place, test in enumerate(item.shape.deny)]
    forbidden += [(("all", place), node.not_) for place, node in enumerate(item.shape.all) if isinstance(node, Not) and isinstance(node.not_, Test)]
    for path, test in forbidden:
        asked = words.get(_spelled(view, test.if_))
        if asked is not None:
            yield Hit(
                item.at(*path), f"“{test.title}”既要求满足、又不许成立：没有一户能通过", f"{asked.key} is asked for and forbidden: nobody passes",
                "deny: [{key: lost_trust, title: 被列为失信, if: 失信主体, basis: 第九条}]",
            )  # fmt: skip


def _spelled(view: RegisterView, text: str) -> str:
    try:
        return view.condition(text).explain()
    except Refused:
        return text


def nothing_to_pay(world: World) -> Iterator[Hit]:
    """An amount, a most for one or a budget of nothing or less; a budget that begins after the policy does."""
    for view in world.views:
        for item, pays in _paying(view):
            for key, text in (("amount", pays.amount), ("at_most", pays.at_most)):
                if _nothing(text):
                    yield Hit(item.at("pays", key), f"“{item.shape.title}”的{_MONEY[key]}是 {text}：付不出钱", f"{item.key}: {key} is {text}", f"{key}: 50万元")
            for dated, value in (pays.budget.since if pays.budget else {}).items():
                if _nothing(value.value):
                    yield Hit(
                        item.at("pays", "budget", "since", dated, "value"), f"“{item.shape.title}”自 {dated} 起的资金是 {value.value}：谁也拿不到",
                        f"{item.key}: its money from {dated} is {value.value}", "value: 2000万元；不再执行的政策写 until",
                    )  # fmt: skip
            if pays.budget and first_day(min(pays.budget.since, key=first_day)) > first_day(pays.from_):
                yield Hit(
                    item.at("pays", "budget", "since"), f"“{item.shape.title}”{pays.from_} 起执行，资金 {min(pays.budget.since, key=first_day)} 才有",
                    f"{item.key} is in force from {pays.from_}, its money only later", f"since: {{{pays.from_}: {{value: 2000万元, basis: 第八条}}}}",
                )  # fmt: skip


_MONEY = {"amount": "应付金额", "at_most": "每户最高"}


def _nothing(text: str) -> bool:
    """Whether a text is a number that is written out and not above zero."""
    try:
        return bool(text) and parse_quantity(text).value <= 0
    except Refused:
        return False


def waiting_for_each_other(world: World) -> Iterator[Hit]:
    """Policies that give way to each other in a circle, or twice over."""
    for view in world.views:
        policies = dict(_given_way(view))
        round_ = circle(policies)
        if round_:
            titles = " → ".join(view.criteria[short].shape.title for short in (*round_, round_[0]))
            item = view.criteria[round_[0]]
            yield Hit(
                item.at("pays", "unless"), f"谁让谁绕成了圈：{titles}", f"they give way to one another in a circle: {' → '.join(round_)}",
                "两项只付一项的，各写 highest_of: 同一个组名",
            )  # fmt: skip
        for item, pays in _paying(view):
            for short in policies[item.short]:
                other = view.criteria[short].shape.pays
                if other and pays.highest_of and other.highest_of == pays.highest_of and short != item.short:
                    yield Hit(
                        item.at("pays", "unless"), f"与“{view.criteria[short].shape.title}”既就高不重复、又互相排除：两条规则会给出不同的结果",
                        f"{item.key} and {short} are in one group and exclude each other: the two rules disagree", "只留 highest_of，或只留 unless",
                    )  # fmt: skip


def _given_way(view: RegisterView) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each policy by short name with those it gives way to; words that mean nothing are linking's to report."""
    for item, pays in _paying(view):
        found = (view.criteria.find(word, item.mechanism) for word in pays.unless)
        yield item.short, tuple(other.short for other in found if other is not None and other.shape.pays)


def alone_in_a_group(world: World) -> Iterator[Hit]:
    """A group of one: nothing to be higher than."""
    for view in world.views:
        groups: dict[str, list[Item[Criteria]]] = {}
        for item, pays in _paying(view):
            groups.setdefault(pays.highest_of, []).append(item)
        yield from _single(groups)


def _single(groups: dict[str, list[Item[Criteria]]]) -> Iterator[Hit]:
    for group, items in groups.items():
        if group and len(items) == 1:
            yield Hit(
                items[0].at("pays", "highest_of"), f"就高不重复组“{group}”只有“{items[0].shape.title}”一项", f"{items[0].key} is alone in the group {group}",
                "另一项政策也写同一个组名；没有别的就删去",
            )  # fmt: skip


RULES = (
    Rule(
        "criteria_possible", "条件之间不能互相矛盾：要有一户能通过，写的人才知道门槛多高。",
        "Conditions do not contradict each other: somebody must be able to meet them.", contradictions,
        _PAYS, _PAYS.replace("if: 概算投资 <= 10亿元", "if: 概算投资 < 5000万元"),
    ),
    Rule(
        "payment_money", "会付款的政策要真有钱付：金额、每户最高和资金都大于零，从执行那天起就有。",
        "A policy that pays has money: amount, cap and budget are above zero, from its first day on.", nothing_to_pay,
        _PAYS, _PAYS.replace("value: 200万元", "value: 0"),
    ),
    Rule(
        "payment_circle", "享受了甲就不享受乙，享受了乙就不享受甲：绕成圈就谁也判不出来。",
        "Policies do not give way to each other in a circle: none of them could be decided.", waiting_for_each_other,
        _PAYS, _PAYS.replace("highest_of: investment, basis: 第四条", "unless: [prompt], basis: 第四条").replace("      highest_of: investment\n", ""),
    ),
    Rule(
        "payment_group", "就高不重复至少要有两项政策，否则没有高低可比。", "A group of which the highest is paid has two policies or more.",
        alone_in_a_group, _PAYS, _PAYS.replace("highest_of: investment, basis: 第四条", "basis: 第四条"),
    ),
)  # fmt: skip
