"""Whether every word of the sections that judge means something: indicators, targets, lights, criteria, scores, documents, handoffs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bihuan.foundation.grammar import person_papers
from bihuan.foundation.grammar.criteria import Any as AnyOf
from bihuan.foundation.grammar.criteria import AtLeast, Criteria, Every, Node, Not, Test
from bihuan.foundation.grammar.documents import Document, Handoff, Missed, Moved, Periodic, Recorded, TablePart, TextPart, Trigger, Turns
from bihuan.foundation.grammar.errors import Problem
from bihuan.foundation.grammar.finding import compiles, found, known, unknown
from bihuan.foundation.grammar.indicators import Indicator, Target
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import Light
from bihuan.foundation.grammar.paying import Payment
from bihuan.foundation.grammar.quantities import known_unit, parse_quantity
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.resolving import formula_problem, mentions
from bihuan.foundation.grammar.scopes import unit_of
from bihuan.foundation.grammar.scores import Score
from bihuan.foundation.grammar.views import Catalogue, RegisterView
from bihuan.foundation.grammar.yaml_text import Path

FIELD, INDICATOR, ROLE, NAME = ("字段", "field"), ("指标", "indicator"), ("角色", "role"), ("名称", "name")
GROUPED_BY = ("entry", "all")
PLACEHOLDER = re.compile(r"\{([^{}:]+)(?::\d+)?\}")
DOCUMENT_WORDS = ("期", "年", "月", "日", "号", "今天", "名称", "编号", "状态", "单位", "理由", "依据", "颜色", "期限")
"""What a document's texts may name besides the names of its register: its period and number, the row, and the event that fired it."""


def judged(catalogue: Catalogue, view: RegisterView) -> Iterator[Problem]:
    """Every word that means nothing in the sections of one register that judge."""
    for indicator in view.indicators.values():
        yield from _indicator(view, indicator)
    for target in view.targets.values():
        yield from _target(view, target)
    for light in view.lights.values():
        yield from _light(catalogue, view, light)
    for criteria in view.criteria.values():
        yield from _criteria(catalogue, view, criteria)
    for score in view.scores.values():
        yield from _score(view, score)
    for document in view.documents.values():
        yield from _document(catalogue, view, document)
    for handoff in view.handoffs.values():
        yield from _handoff(catalogue, view, handoff)


def _indicator(view: RegisterView, item: Item[Indicator]) -> Iterator[Problem]:
    shape = item.shape
    if shape.per not in GROUPED_BY:
        yield from known(item.at("per"), ("分组字段", "grouping field"), [shape.per], [*view.shape.fields, *view.shape.lookups, *GROUPED_BY])
    if known_unit(shape.unit) is None:
        yield unknown(item.at("unit"), ("单位", "unit"), shape.unit, ("%", "万元", "家", "天"))
    yield from compiles(item.at("where"), view, shape.where)
    if shape.per != "entry":
        yield from compiles(item.at("formula"), view, shape.formula, "number", kind="grouped", unit=unit_of(shape.unit))
        yield from _same_groups(view, item)


def _same_groups(view: RegisterView, item: Item[Indicator]) -> Iterator[Problem]:
    """An indicator by county may use others by county; those of other groups have no value for a county."""
    for word in sorted(mentions(view, item.shape.formula, "grouped") & set(view.grouped)):
        other = view.indicators.find(word)
        if other is not None and other.shape.per != item.shape.per:
            yield Problem(
                item.at("formula"), "name", f"“{other.shape.title}”按 {other.shape.per} 算，这里按 {item.shape.per} 算", "一个指标只能用同一种分组的其他指标。",
                f"per: {other.shape.per}", f"{word} is per {other.shape.per}, this one per {item.shape.per}", "An indicator may use others of the same groups.",
            )  # fmt: skip


def _target(view: RegisterView, item: Item[Target]) -> Iterator[Problem]:
    yield from found(view.indicators, item.shape.of, item, item.at("of"), INDICATOR)
    if item.shape.split:
        yield from known(item.at("split"), FIELD, [item.shape.split], view.shape.fields)
    for dated, value in item.shape.since.items():
        if value.reference:
            yield from found(view.indicators, value.reference, item, item.at("since", dated, "reference"), INDICATOR)
        for key in ("value", "high", "plus", "base", "within"):
            yield from _quantity(item, ("since", dated, key), getattr(value, key))
    for part, text in item.shape.parts.items():
        yield from _quantity(item, ("parts", part), text)


def _quantity(item: Item[object], path: Path, text: str) -> Iterator[Problem]:
    if text:
        try:
            parse_quantity(text)
        except Refused as error:
            yield formula_problem(item.at(*path), error)


def _light(catalogue: Catalogue, view: RegisterView, item: Item[Light]) -> Iterator[Problem]:
    light = item.shape
    if light.of:
        yield from found(view.indicators, light.of, item, item.at("of"), INDICATOR)
    for dated, thresholds in light.since.items():
        yield from _quantity(item, ("since", dated, "green"), thresholds.green)
        yield from _quantity(item, ("since", dated, "yellow"), thresholds.yellow)
    yield from compiles(item.at("where"), view, light.where)
    for number, condition in enumerate(light.conditions):
        yield from compiles(item.at("conditions", number, "if"), view, condition.if_)
        yield from _placeholders(view, item, ("conditions", number, "because"), condition.because, ())
    if light.override:
        yield from known(item.at("override", "who"), ROLE, light.override.who, _roles(catalogue, view, item))


def _roles(catalogue: Catalogue, view: RegisterView, item: Item[object]) -> list[str]:
    return [*catalogue.packs[item.pack].head.roles, *(assignment.key for assignment in view.assignments.values())]


def _placeholders(view: RegisterView, item: Item[object], path: Path, text: str, extra: tuple[str, ...]) -> Iterator[Problem]:
    """Every ``{name}`` of a text must name something of the register. Where two names are the same, that is reported already."""
    try:
        scope = view.scope("entry")
    except Refused:
        return
    for word in PLACEHOLDER.findall(text):
        if word in extra or scope.get(word) or view.indicators.find(word, item.mechanism):
            continue
        titled = [indicator for indicator in view.indicators.values() if indicator.shape.title == word]
        if not titled:
            yield Problem(
                item.at(*path), "placeholder", f"{{{word}}} 代入不了：没有这个名称", f"可用：{'、'.join([*scope.near(word), *extra]) or '字段、汇总、指标、参数的名称'}",
                "滞后 {滞后天数} 天", f"{{{word}}} names nothing", "Braces take the title of a field, rollup, indicator or parameter.",
            )  # fmt: skip


def leaves_of(node: Node | Criteria, path: Path = ()) -> Iterator[tuple[Path, Test]]:
    """Every single condition of a criteria, denials included, with its path."""
    if isinstance(node, Test):
        yield path, node
    elif isinstance(node, Not):
        yield from leaves_of(node.not_, (*path, "not"))
    else:
        lists = {"of": node.of} if isinstance(node, AtLeast) else {}
        lists |= {"all": node.all} if isinstance(node, (Every, Criteria)) else {}
        lists |= {"any": node.any} if isinstance(node, (AnyOf, Criteria)) else {}
        for key, members in lists.items():
            for number, member in enumerate(members):
                yield from leaves_of(member, (*path, key, number))
        for number, test in enumerate(node.deny if isinstance(node, Criteria) else []):
            yield (*path, "deny", number), test


def _criteria(catalogue: Catalogue, view: RegisterView, item: Item[Criteria]) -> Iterator[Problem]:
    tests = list(leaves_of(item.shape))
    for path, test in tests:
        yield from compiles(item.at(*path, "if"), view, test.if_)
    seen: set[str] = set()
    for path, test in tests:
        if test.key in seen:
            yield Problem(
                item.at(*path, "key"), "duplicate", f"条件代号 {test.key} 重复", "结果按代号说明是哪一条。", "key: fixed_assets",
                f"the test key {test.key} is used twice", "Results name tests by their keys.",
            )  # fmt: skip
        seen.add(test.key)
    for number, exemption in enumerate(item.shape.exempt):
        yield from compiles(item.at("exempt", number, "if"), view, exemption.if_)
        yield from known(item.at("exempt", number, "from"), ("条件代号", "test"), [exemption.from_], seen)
        yield from known(item.at("exempt", number, "needs"), FIELD, [exemption.needs], view.shape.fields)
        yield from known(item.at("exempt", number, "approver"), ROLE, [exemption.approver], _roles(catalogue, view, item))
    if item.shape.pays:
        yield from _payment(view, item, item.shape.pays)


def _payment(view: RegisterView, item: Item[Criteria], pays: Payment) -> Iterator[Problem]:
    for key, text in (("amount", pays.amount), ("at_most", pays.at_most)):
        yield from compiles(item.at("pays", key), view, text, "number", unit=unit_of("元"))
    for number, word in enumerate(pays.unless):
        other = view.criteria.find(word, item.mechanism)
        if other is None or other.shape.pays is None:
            paying = [found.short for found in view.criteria.values() if found.shape.pays and found is not item]
            yield unknown(item.at("pays", "unless", number), ("会付款的政策", "policy that pays"), word, paying)
    if pays.budget:
        for number, priority in enumerate(pays.budget.order):
            yield from compiles(item.at("pays", "budget", "order", number, "by"), view, priority.by, "number")
        for dated, value in pays.budget.since.items():
            yield from _quantity(item, ("pays", "budget", "since", dated, "value"), value.value)


def _score(view: RegisterView, item: Item[Score]) -> Iterator[Problem]:
    score = item.shape
    yield from known(item.at("per"), ("分组字段", "grouping field"), [score.per], [*view.shape.fields, *view.shape.lookups, "entry"])
    used: list[tuple[Path, str]] = [(("parts", key, "of"), part.of) for key, part in score.parts.items()]
    used += [(("multiplier", "of"), score.multiplier.of)] if score.multiplier else []
    used += [(("ties", number), tie) for number, tie in enumerate(score.ties) if tie != "same_rank"]
    for path, word in used:
        yield from found(view.indicators, word, item, item.at(*path), INDICATOR)
        indicator = view.indicators.find(word, item.mechanism)
        if indicator and indicator.shape.per != score.per:
            yield Problem(
                item.at(*path), "name", f"指标 {word} 按 {indicator.shape.per} 计算，这里按 {score.per} 计分", "给谁计分，指标就要按谁算。", f"per: {score.per}",
                f"the indicator {word} is per {indicator.shape.per}, the score per {score.per}", "An indicator must be computed for whom it scores.",
            )  # fmt: skip
    for key, part in score.parts.items():
        yield from _quantity(item, ("parts", key, "full"), part.full)
        yield from _quantity(item, ("parts", key, "zero"), part.zero)
        for step in part.steps:
            yield from _quantity(item, ("parts", key, "steps", step), step)


def _trigger(view: RegisterView, item: Item[object], path: str, trigger: Trigger) -> Iterator[Problem]:
    if isinstance(trigger, Turns):
        yield from found(view.lights, trigger.light, item, item.at(path, "light"), ("灯", "light"))
    elif isinstance(trigger, Moved):
        states = view.lifecycle.shape.states if view.lifecycle else {}
        yield from known(item.at(path, "state"), ("状态", "state"), [trigger.state], states)
        yield from compiles(item.at(path, "where"), view, trigger.where)
    elif isinstance(trigger, Recorded):
        yield from compiles(item.at(path, "where"), view, trigger.where)
    elif isinstance(trigger, Missed):
        duties = [duty.key for duty in (*view.clocks.values(), *view.cadences.values())]
        if not view.clocks.found(trigger.missed) and not view.cadences.found(trigger.missed):
            yield unknown(item.at(path, "missed"), ("时限或节律", "clock or cadence"), trigger.missed, duties)


def _document(catalogue: Catalogue, view: RegisterView, item: Item[Document]) -> Iterator[Problem]:
    document = item.shape
    yield from _trigger(view, item, "trigger", document.trigger)
    if not isinstance(document.trigger, (Periodic, Turns, Moved, Recorded, Missed)):
        yield from known(item.at("trigger", "by"), ROLE, document.trigger.by, _roles(catalogue, view, item))
    if document.about:
        yield from _of_a_person(view, item)
        return
    for key in ("title", "to"):
        yield from _placeholders(view, item, (key,), getattr(document, key), DOCUMENT_WORDS)
    for number, part in enumerate(document.body):
        if isinstance(part, TextPart):
            yield from _placeholders(view, item, ("body", number, "text"), part.text, DOCUMENT_WORDS)
            yield from compiles(item.at("body", number, "where"), view, part.where)
            yield from _in_period(view, item, ("body", number), part.of_period)
            continue
        yield from _printed(catalogue, view, item, ("body", number), part)


def _of_a_person(view: RegisterView, item: Item[Document]) -> Iterator[Problem]:
    """The texts of a document about a person name that person's figures, those of the city, and the day; its tables are their own."""
    document = item.shape
    texts: list[tuple[Path, str]] = [((key,), getattr(document, key)) for key in ("title", "to", "sender")]
    texts += [(("body", number, "text"), part.text) for number, part in enumerate(document.body) if isinstance(part, TextPart)]
    words = (*person_papers.WORDS, *person_papers.DAYS)
    city = {word for one in view.indicators.values() if one.shape.per == "all" for word in (one.key, one.short, one.shape.title)}
    for path, text in texts:
        yield from known(item.at(*path), NAME, [word for word in PLACEHOLDER.findall(text) if word not in city], words)
    for number, part in enumerate(document.body):
        if isinstance(part, TextPart) and part.each:
            yield from known(item.at("body", number, "each"), ("写法", "way"), ["each"], ["text", "table"])
        elif isinstance(part, TablePart):
            yield from known(item.at("body", number, "table"), ("表", "table"), [part.table], person_papers.TABLES)
            columns = person_papers.TABLES[part.table].columns if part.table in person_papers.TABLES else part.columns
            yield from known(item.at("body", number, "columns"), ("列", "column"), part.columns, columns)


def _printed(catalogue: Catalogue, view: RegisterView, item: Item[Document], path: Path, part: TablePart) -> Iterator[Problem]:
    """A table of a document: of a score, of rows here, or of rows of another register that refer to the row the document is about."""
    if part.table != "rows":
        yield from found(view.scores, part.table, item, item.at(*path, "table"), ("计分", "score"))
        return
    source = catalogue.referred(part.source, item.pack) if part.source else view
    if source is None:
        yield unknown(item.at(*path, "from"), ("台账", "register"), part.source, catalogue.registers)
        return
    if part.source:
        fitting = [name for register, name in view.children if register == source.name]
        yield from known(item.at(*path, "by"), ("指向本行的字段", "field that refers to this row"), [part.by], fitting)
    yield from compiles(item.at(*path, "where"), source, part.where)
    yield from _in_period(source, item, path, part.of_period)
    names = [name.key for name in source.names("figures")]
    yield from known(item.at(*path, "columns"), ("列", "column"), part.columns, [*names, "state", "rank"])


def _in_period(view: RegisterView, item: Item[Document], path: Path, word: str) -> Iterator[Problem]:
    """A field that says to which period a row belongs: a year or a month, or a day."""
    fitting = [key for key, field in view.shape.fields.items() if field.kind in ("choice", "month", "date")]
    yield from known(item.at(*path, "of_period"), ("年度、月份或日期字段", "field of a year, a month or a day"), filter(None, [word]), fitting)


def _handoff(catalogue: Catalogue, view: RegisterView, item: Item[Handoff]) -> Iterator[Problem]:
    yield from _trigger(view, item, "when", item.shape.when)
    target = catalogue.started_by(item.shape)
    for key, text in item.shape.start.with_.items():
        yield from compiles(item.at("start", "with", key), view, text, None)
        if target:
            yield from known(item.at("start", "with", key), FIELD, [key], target.shape.fields)
    if item.shape.joins and target:
        texts = [key for key in item.shape.start.with_ if key in target.shape.fields and target.shape.fields[key].kind in ("text", "long_text")]
        yield from known(item.at("joins"), ("with 中的文本字段", "text field among `with`"), [item.shape.joins], texts)
