"""House rules of worked examples: every name in them means something, and time runs forward."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from bihuan.foundation.grammar import person_papers
from bihuan.foundation.grammar.examples import ALL_ROWS, Expected, Row, Step, Worked
from bihuan.foundation.grammar.items import Items
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.yaml_text import Path

STATE_WORDS = ("状态", "进入状态日期")
"""What a given row may say besides its fields, figures and assignments."""

_GOOD = """
=== examples.yaml
- {example: 登记, mechanism: projects, day: 2025-07-08, given: {甲: {概算投资: 1000}}, expect: {甲: {概算投资: 1000万元}}}
"""


def unknown_words(world: World) -> Iterator[Hit]:
    """A name in an example that its register does not have."""
    for pack in world.catalogue.packs.values():
        for worked in pack.examples:
            mechanism = world.catalogue.mechanisms.get(f"{pack.key}.{worked.shape.mechanism}")
            if mechanism is None:
                yield _unknown(worked, ("mechanism",), "机制", worked.shape.mechanism, pack.mechanisms)
            else:
                yield from _in_example(world, worked, pack.key, world.catalogue.registers[mechanism.register])


def _in_example(world: World, worked: Worked, pack: str, view: RegisterView) -> Iterator[Hit]:
    example = worked.shape
    parameters = {word for item in view.parameters.values() for word in (item.key, item.short, item.shape.title)}
    yield from _among(worked, ("parameters",), "参数", example.parameters, parameters)
    for key, row in example.given.items():
        yield from _row(worked, ("given", key), view, row)
    for register, rows in example.given_in.items():
        other = world.catalogue.referred(register, pack)
        if other is None:
            yield _unknown(worked, ("given_in", register), "台账", register, world.catalogue.registers)
            continue
        for key, row in rows.items():
            yield from _row(worked, ("given_in", register, key), other, row)
    for number, step in enumerate(example.history):
        other = world.catalogue.referred(step.of, pack) if step.of else view
        if other is None:
            yield _unknown(worked, ("history", number, "of"), "台账", step.of, world.catalogue.registers)
        else:
            yield from _step(worked, number, other, step)
    yield from _rows(worked, view)
    for key, outcome in example.expect.items():
        yield from _outcome(worked, ("expect", key), view, outcome)
    for register, outcomes in example.expect_in.items():
        other = world.catalogue.referred(register, pack)
        if other is None:
            yield _unknown(worked, ("expect_in", register), "台账", register, world.catalogue.registers)
            continue
        for key, outcome in outcomes.items():
            yield from _outcome(worked, ("expect_in", register, key), other, outcome)


def _rows(worked: Worked, view: RegisterView) -> Iterator[Hit]:
    """Rows and groups that are spoken of must be there: given, recorded by a step, or named in a row as the group it belongs to."""
    example = worked.shape
    rows = {*example.given, *(key for rows in example.given_in.values() for key in rows), *(step.key for step in example.history if step.record)}
    for number, step in enumerate(example.history):
        yield from _among(worked, ("history", number), "给定的行", filter(None, [step.key if not step.draft else ""]), rows, key="key")
    every = [*example.given.values(), *(row for rows in example.given_in.values() for row in rows.values())]
    every += [values for step in example.history for values in (step.record, step.change, step.with_)]
    groups = {value for row in every for value in row.values() if isinstance(value, str)}
    groups |= {choice for field in view.shape.fields.values() for choice in (*field.choices, field.default)}
    yield from _among(worked, ("expect",), "给定的行或分组", example.expect, {*rows, *groups, ALL_ROWS})


def given_names(view: RegisterView) -> set[str]:
    """The words by which an example may give a row's values: keys and titles of what people enter."""
    figures = view.shape.figures.fields if view.shape.figures else {}
    words = {word for key, field in {**view.shape.fields, **figures}.items() for word in (key, field.title)}
    words |= {word for item in view.assignments.values() for word in (item.key, item.short, item.shape.title)}
    return words | (set(STATE_WORDS) if view.lifecycle else set())


def _row(worked: Worked, path: Path, view: RegisterView, row: Row) -> Iterator[Hit]:
    allowed = given_names(view)
    computed = {word for name in view.computed.values() for word in (name.key, *name.titles)} - allowed
    for word in row:
        if word in computed:
            yield Hit(
                worked.place(*path, word), f"“{word}”由系统算出，不能给定", f"{word} is computed and cannot be given", "given_in: {plates: {XT-0001: {…}}}",
            )  # fmt: skip
        elif word not in allowed:
            yield _unknown(worked, (*path, word), f"“{view.shape.title}”的字段", word, allowed)
    for key, field in view.shape.fields.items():
        for word in (key, field.title):
            value = row.get(word)
            for choice in value if isinstance(value, list) else [value]:
                if field.choices and isinstance(choice, str) and choice not in field.choices:
                    yield _unknown(worked, (*path, word), f"“{field.title}”的可选值", choice, field.choices)
    state = row.get("状态")
    if view.lifecycle and isinstance(state, str):
        yield from _state(worked, (*path, "状态"), view, state)


def _state(worked: Worked, path: Path, view: RegisterView, word: str) -> Iterator[Hit]:
    states = view.lifecycle.shape.states if view.lifecycle else {}
    yield from _among(worked, path[:-1], "状态", [word], [name for key, state in states.items() for name in (key, state.title)], key=path[-1])


def _step(worked: Worked, number: int, view: RegisterView, step: Step) -> Iterator[Hit]:
    path: Path = ("history", number)
    for key, row in (("record", step.record), ("change", step.change), ("figures", step.figures), ("with", step.with_)):
        yield from _row(worked, (*path, key), view, row)
    moves = view.lifecycle.shape.moves if view.lifecycle else {}
    yield from _among(worked, path, "动作", filter(None, [step.move]), [word for key, move in moves.items() for word in (key, move.title)], key="move")
    yield from _named(worked, (*path, "assign"), "分包", step.assign, view.assignments)
    for key, clock in (("pause", step.pause), ("resume", step.resume), ("extend", step.extend.clock if step.extend else "")):
        yield from _named(worked, (*path, key), "时限", filter(None, [clock]), view.clocks)
    quotas = [step.post.quota if step.post else "", step.allocate, step.take_back]
    yield from _named(worked, path, "额度", filter(None, quotas), view.quotas)
    yield from _named(worked, path, "文书", filter(None, [step.draft]), view.documents)
    if step.override:
        yield from _named(worked, (*path, "override"), "灯", [step.override.light], view.lights)


def _outcome(worked: Worked, path: Path, view: RegisterView, outcome: Expected) -> Iterator[Hit]:
    scope = view.scope("figures")
    indicators = {word for item in view.indicators.values() for word in (item.key, item.short, item.shape.title)}
    about_person = any(step.draft and step.key == path[-1] for step in worked.shape.history)
    known = {*indicators, *(person_papers.COUNTS if about_person else ())}
    named = [word for word in outcome.values if scope.get(word) is None and word not in known]
    yield from _among(worked, path, "指标、汇总或字段", named, {*indicators, *(word for name in scope.names for word in (name.key, *name.titles))})
    if outcome.light and not view.lights:
        yield Hit(worked.place(*path, "light"), f"“{view.shape.title}”上没有灯", f"{view.name} has no light", "values: {投资进度: 72%}")
    if outcome.light and view.lights and view.lights.find_only(worked.shape.mechanism) is None:
        several = "、".join(item.key for item in view.lights.values())
        yield Hit(worked.place(*path, "light"), f"不止一盏灯：{several}", f"there are several lights: {several}", f"lights: {{{next(iter(view.lights.values())).key}: red}}")
    if outcome.state:
        yield from _state(worked, (*path, "state"), view, outcome.state)
    for key, sort, words, items in (
        ("lights", "灯", outcome.lights, view.lights), ("criteria", "条件", outcome.criteria, view.criteria),
        ("pays", "政策", outcome.pays, view.criteria), ("grants", "额度", outcome.grants, view.quotas), ("clocks", "时限", outcome.clocks, view.clocks),
        ("missing", "节律", outcome.missing, view.cadences), ("scores", "计分", outcome.scores, view.scores),
        ("targets", "目标", outcome.targets, view.targets),
        ("documents", "文书", outcome.documents, view.documents), ("handoffs", "衔接", outcome.handoffs, view.handoffs),
    ):  # fmt: skip
        yield from _named(worked, (*path, key), sort, words, items)


def _named(worked: Worked, path: Path, sort: str, words: Iterable[str], items: Items[object]) -> Iterator[Hit]:
    for word in words:
        if items.find(word, worked.shape.mechanism) is None:
            titled = [item for item in items.values() if getattr(item.shape, "title", "") == word]
            if len(titled) != 1:
                yield _unknown(worked, path, sort, word, [item.key for item in items.values()])


def _among(worked: Worked, path: Path, sort: str, words: Iterable[str], allowed: Iterable[str], key: str | int | None = None) -> Iterator[Hit]:
    there = list(allowed)
    for word in words:
        if word not in there:
            yield _unknown(worked, (*path, word if key is None else key), sort, word, there)


def _unknown(worked: Worked, path: Path, sort: str, word: str, allowed: Iterable[str]) -> Hit:
    there = list(dict.fromkeys(allowed))
    near = next(iter(get_close_matches(word, there, n=1, cutoff=0.4)), "")
    what = f"没有{sort}“{word}”" + (f"，是不是 {near}？" if near else "")
    return Hit(worked.place(*path), what, f"there is no “{word}” here" + (f"; did you mean {near}?" if near else ""), near or "、".join(there[:6]))


def time_runs_backwards(world: World) -> Iterator[Hit]:
    """Steps of a history that are not in order, or happen after the day the example looks from."""
    for pack in world.catalogue.packs.values():
        for worked in pack.examples:
            last = ""
            for number, step in enumerate(worked.shape.history):
                if step.on < last:
                    yield Hit(worked.place("history", number, "on"), f"{step.on} 早于上一步 {last}", f"{step.on} is before the step above, {last}", "按日期先后写")
                if step.on > worked.shape.day:
                    yield Hit(
                        worked.place("history", number, "on"), f"{step.on} 晚于 day {worked.shape.day}，那天还没有发生",
                        f"{step.on} is after the day of the example, {worked.shape.day}", f"day: {step.on}",
                    )  # fmt: skip
                last = max(last, step.on)


def same_example(world: World) -> Iterator[Hit]:
    """Two examples with the same sentence."""
    for pack in world.catalogue.packs.values():
        seen: set[str] = set()
        for worked in pack.examples:
            if worked.shape.example in seen:
                yield Hit(worked.place("example"), f"算例“{worked.shape.example}”写了两次", "two examples say the same", "- example: 缺一个月不评灯")
            seen.add(worked.shape.example)


RULES = (
    Rule(
        "example_names", "算例里的名称要与台账上的一字不差，否则测的不是这条规则。", "Every name in an example is one of its register.", unknown_words, _GOOD,
        _GOOD.replace("given: {甲: {概算投资", "given: {甲: {总投资"),
    ),
    Rule(
        "example_time", "算例里的事按日期先后写，都不晚于 day。", "The steps of an example are in order and none is after its day.", time_runs_backwards, _GOOD,
        _GOOD.replace("expect:", "history: [{on: 2025-08-01, key: 甲, change: {概算投资: 2000}}], expect:"),
    ),
    Rule(
        "example_once", "每个算例说一件不同的事，用一句话说清。", "Every example shows a different thing.", same_example, _GOOD,
        _GOOD + _GOOD.replace("=== examples.yaml\n", "").lstrip("\n"),
    ),
)  # fmt: skip
