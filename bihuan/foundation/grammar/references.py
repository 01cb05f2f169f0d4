"""Whether every word of a pack means something: fields, states, roles, registers, criteria; and whether every formula compiles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bihuan.foundation.grammar import patterns
from bihuan.foundation.grammar.cadences import Cadence, Exchange
from bihuan.foundation.grammar.errors import Place, Problem
from bihuan.foundation.grammar.finding import compiles, found, known, sections, unknown
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lifecycles import Clock, Lifecycle, Move
from bihuan.foundation.grammar.quantities import known_unit
from bihuan.foundation.grammar.references_board import board
from bihuan.foundation.grammar.references_duplicates import duplicates
from bihuan.foundation.grammar.references_judged import judged
from bihuan.foundation.grammar.references_meetings import met
from bihuan.foundation.grammar.references_quotas import shared_out
from bihuan.foundation.grammar.references_read_in import read_in
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape, Parameter
from bihuan.foundation.grammar.resolving import formula_problem
from bihuan.foundation.grammar.scopes import parameter_value
from bihuan.foundation.grammar.shape import SPAN, Shape, first_day, is_span
from bihuan.foundation.grammar.spans import UNITS, lengths, named, value_of
from bihuan.foundation.grammar.views import Catalogue, RegisterView

FIELD, STATE, ROLE, CRITERIA = ("字段", "field"), ("状态", "state"), ("角色", "role"), ("条件", "criteria")
OFFICE = "office"


def check(catalogue: Catalogue) -> Iterator[Problem]:
    """Every word that means nothing and every formula that does not compile."""
    for view in catalogue.registers.values():
        yield from _register(catalogue, view)
        for parameter in view.parameters.values():
            yield from _parameter(parameter)
        for assignment in view.assignments.values():
            yield from known(assignment.at("who"), ROLE, assignment.shape.who, roles(catalogue, view, assignment))
        if view.lifecycle:
            yield from _lifecycle(catalogue, view, view.lifecycle)
        for clock in view.clocks.values():
            yield from _clock(catalogue, view, clock)
        for cadence in view.cadences.values():
            yield from _cadence(catalogue, view, cadence)
        for exchange in view.exchanges.values():
            yield from _exchange(view, exchange)
        yield from judged(catalogue, view)
        yield from shared_out(view)
        yield from met(catalogue, view)
        yield from board(catalogue, view)
        yield from read_in(catalogue, view)
        yield from duplicates(catalogue, view)
        for item in sections(view):
            yield from _lengths(catalogue, view, item)


def roles(catalogue: Catalogue, view: RegisterView, item: Item[object]) -> list[str]:
    """Who may be named in ``item``: the roles of its pack, and the responsibilities for a row of the register."""
    return [*catalogue.packs[item.pack].head.roles, *(assignment.key for assignment in view.assignments.values())]


def _register(catalogue: Catalogue, view: RegisterView) -> Iterator[Problem]:
    shape, fields = view.shape, view.shape.fields
    for key, word in (("key", shape.key), ("name", shape.name), ("office", shape.office), ("enterprise", shape.enterprise)):
        yield from known(view.place(key), FIELD, filter(None, [word]), fields)
    if shape.office in fields and fields[shape.office].kind != "office":
        yield Problem(
            view.place("office"), "name", f"字段 {shape.office} 的类型不是 office", "归属单位决定谁能看、谁能改，要能对上单位。", "county: {title: 所在县区, kind: office}",
            f"the field {shape.office} is not of the kind office", "The owning office decides who may see and change a row.",
        )  # fmt: skip
    for number, group in enumerate(shape.unique):
        yield from known(view.place("unique", number), FIELD, group, fields)
    dates = [name for name, field in fields.items() if field.kind == "date"]
    if shape.timeline:
        for key in ("plan", "actual", "marks"):
            yield from known(view.place("timeline", key), ("日期字段", "date field"), getattr(shape.timeline, key), dates)
    for key, words in (("recorded_by", shape.recorded_by), ("changed_by", shape.changed_by)):
        yield from known(view.place(key), ROLE, words, catalogue.packs[view.pack].head.roles)
    yield from known(view.place("hand_in"), FIELD, shape.hand_in, fields)
    yield from known(view.place("recorded_on"), ("日期字段", "date field"), filter(None, [shape.recorded_on]), dates)
    if shape.located:
        numbers = [key for key, field in fields.items() if field.kind in ("number", "money")]
        placed = {"longitude": shape.located.longitude, "latitude": shape.located.latitude, "size": shape.located.size}
        for key, word in placed.items():
            yield from known(view.place("located", key), ("数字字段", "field that is a number"), filter(None, [word]), numbers)
    for key, gate in (("entry_gate", shape.entry_gate), ("always", shape.always), ("exit_gate", shape.exit_gate)):
        if gate and view.criteria.find(gate) is None:
            yield unknown(view.place(key), CRITERIA, gate, [item.key for item in view.criteria.values()])
    for key, field in fields.items():
        yield from _field(catalogue, view, ("fields", key), field)
    for key, field in (shape.figures.fields if shape.figures else {}).items():
        yield from _field(catalogue, view, ("figures", "fields", key), field)


def _paired(place: Place, chinese: Sequence[str], english: Sequence[str], example: str) -> Iterator[Problem]:
    """Words and their English stand side by side."""
    if english and len(english) != len(chinese):
        yield Problem(
            place, "name", f"英文 {len(english)} 个，中文 {len(chinese)} 个", "两者要一一对应。", example,
            f"there are {len(english)} words in English and {len(chinese)} in Chinese", "Each has its English, in the same order.",
        )  # fmt: skip


CHOICES, EVIDENCE = "choices: [在建, 竣工], choices_en: [under construction, finished]", "evidence: [投资合同], evidence_en: [investment contract]"


def _field(catalogue: Catalogue, view: RegisterView, path: tuple[str, ...], field: FieldShape) -> Iterator[Problem]:
    place = view.place(*path)
    if field.kind == "entry" and (not field.of or catalogue.referred(field.of, view.pack) is None):
        yield unknown(view.place(*path, "of"), ("台账", "register"), field.of, [name.removeprefix(f"{view.pack}.") for name in catalogue.registers])
    if field.kind in ("choice", "choices") and not field.choices:
        yield Problem(place, "name", "没有写 choices", "choice 字段要列出可选值。", "choices: [在建, 竣工]", "there are no choices", "A choice lists what may be chosen.")
    yield from _paired(view.place(*path, "choices_en"), field.choices, field.choices_en, CHOICES)
    if field.default and field.choices and field.default not in field.choices:
        yield unknown(view.place(*path, "default"), ("可选值", "choice"), field.default, field.choices)
    if field.kind == "money" and field.unit not in ("元", "万元", "亿元"):
        yield unknown(view.place(*path, "unit"), ("金额单位", "unit of money"), field.unit, ("万元", "元", "亿元"))
    elif known_unit(field.unit) is None:
        yield unknown(view.place(*path, "unit"), ("单位", "unit"), field.unit, ("万元", "%", "家", "亩", "天"))
    if path[0] == "figures" and field.kind not in ("number", "money"):
        yield Problem(
            place, "name", "按期数值只能是 number 或 money", "每期一个数，才能累计和比较。", "{title: 实际完成投资, kind: money, unit: 万元}",
            "a figure is a number or money", "One number a period can be added up and compared.",
        )  # fmt: skip
    for written in filter(None, ("pattern" if field.pattern else "", "provisional" if field.provisional else "")):
        try:
            patterns.check(getattr(field, written))
        except Refused as error:
            yield Problem(
                view.place(*path, written), "name", error.what, "它是一段正则表达式，不能有环视和反向引用。", rf"pattern: '{error.example}'", error.what_en,
                "It is a regular expression, without look-around and back-references.",
            )  # fmt: skip


def _parameter(item: Item[Parameter]) -> Iterator[Problem]:
    yield from _paired(item.at("choices_en"), item.shape.choices, item.shape.choices_en, CHOICES)
    for dated, value in item.shape.since.items():
        if item.shape.choices:
            yield from known(item.at("since", dated, "value"), ("可选值", "choice"), [value.value], item.shape.choices)
            continue
        try:
            parameter_value(item.shape, value.value)
        except Refused as error:
            yield formula_problem(item.at("since", dated, "value"), error)
    if known_unit(item.shape.unit) is None:
        yield unknown(item.at("unit"), ("单位", "unit"), item.shape.unit, ("万元", "%", "家", "亩", "天"))


def _lifecycle(catalogue: Catalogue, view: RegisterView, item: Item[Lifecycle]) -> Iterator[Problem]:
    states = item.shape.states
    yield from known(item.at("start"), STATE, [item.shape.start], states)
    for key, move in item.shape.moves.items():
        yield from known(item.at("moves", key, "from"), STATE, move.source, states)
        yield from known(item.at("moves", key, "to"), STATE, [move.to], states)
        yield from known(item.at("moves", key, "who"), ROLE, move.who, roles(catalogue, view, item))
        yield from known(item.at("moves", key, "needs"), FIELD, move.needs, view.shape.fields)
        yield from known(item.at("moves", key, "also"), FIELD, move.also, view.shape.fields)
        yield from known(item.at("moves", key, "other_than"), ("动作", "move"), filter(None, [move.other_than]), item.shape.moves)
        dates = [name for name, field in view.shape.fields.items() if field.kind == "date"]
        yield from known(item.at("moves", key, "dated_by"), ("日期字段", "date field"), filter(None, [move.dated_by]), dates)
        yield from _paired(item.at("moves", key, "evidence_en"), move.evidence, move.evidence_en, EVIDENCE)
        yield from _guard(view, item, key, move)


def _guard(view: RegisterView, item: Item[Lifecycle], key: str, move: Move) -> Iterator[Problem]:
    if move.guard and view.criteria.find(move.guard, item.mechanism) is None:
        yield from compiles(item.at("moves", key, "guard"), view, move.guard)


def _clock(catalogue: Catalogue, view: RegisterView, item: Item[Clock]) -> Iterator[Problem]:
    clock, states = item.shape, view.lifecycle.shape.states if view.lifecycle else {}
    dates = [key for key, field in view.shape.fields.items() if field.kind == "date"]
    yield from known(item.at("starts"), ("状态或日期字段", "state or date field"), clock.starts, [*states, *dates])
    yield from known(item.at("stops"), ("状态", "state"), clock.stops, states)
    yield from compiles(item.at("where"), view, clock.where)
    owners = [OFFICE, *(assignment.key for assignment in view.assignments.values())]
    people = [key for key, field in view.shape.fields.items() if field.kind in ("office", "person")]
    yield from known(item.at("owner"), ("责任人", "owner"), [clock.owner], [*owners, *people])
    named = roles(catalogue, view, item)
    if clock.pause:
        yield from known(item.at("pause", "approver"), ROLE, [clock.pause.approver], named)
        yield from known(item.at("pause", "asked_by"), ROLE, clock.pause.asked_by, named)
        yield from known(item.at("pause", "states"), STATE, clock.pause.states, states)
    if clock.extension:
        yield from known(item.at("extension", "approver"), ROLE, [clock.extension.approver], named)
        yield from known(item.at("extension", "asked_by"), ROLE, clock.extension.asked_by, named)
    for number, rung in enumerate(clock.escalate):
        yield from known(item.at("escalate", number, "to"), ROLE, [rung.to], named)
    if isinstance(clock.limit, dict):
        yield from _limits(view, item, clock.limit)


def _limits(view: RegisterView, item: Item[Clock], limit: dict[str, str]) -> Iterator[Problem]:
    """A limit by a parameter's or field's value: each value must be possible, each limit readable."""
    name = view.scope("entry").get(limit.get("by", ""))
    if name is None:
        choosers = [name.key for name in view.names("entry") if name.choices]
        yield unknown(item.at("limit", "by"), ("参数或字段", "parameter or field"), limit.get("by", ""), choosers)
        return
    for value, span in limit.items():
        if value == "by":
            continue
        if name.choices and value not in name.choices:
            yield unknown(item.at("limit", value), ("可选值", "choice"), value, name.choices)
        if is_span(span) and not re.match(SPAN, span):
            yield Problem(
                item.at("limit", value), "shape", f"期限“{span}”写法不对", "期限是数字加 working_days、calendar_days 或 months。", f"{value}: 3 working_days",
                f"“{span}” is no length of time", "A limit is a number and working_days, calendar_days or months.",
            )  # fmt: skip


def _lengths(catalogue: Catalogue, view: RegisterView, item: Item[object]) -> Iterator[Problem]:
    """A length of time that names a parameter: there is one, it is in days or months, and it has a value as long as the pack is in force."""
    for path, word in lengths(item.shape) if isinstance(item.shape, Shape) else ():
        if is_span(word):
            continue
        parameter, place = named(word, view.parameters, item.mechanism), item.at(*path)
        if parameter is None:
            there = [other.shape.title for other in view.parameters.values() if other.shape.unit in UNITS]
            yield unknown(place, ("期限（数字加 working_days、calendar_days、months，或一个参数）", "length of time"), word, [*there, "3 working_days"])
            continue
        try:
            for value in parameter.shape.since.values():
                value_of(parameter.shape, value.value)
        except Refused as error:
            yield formula_problem(place, error)
        begins = catalogue.packs[item.pack].head.in_force
        if min(map(first_day, parameter.shape.since)) > first_day(begins):
            yield Problem(
                place, "name", f"参数“{word}”在应用包适用之初（{begins}）还没有值", "期限要从一开始就数得出来。", f"since: {{{begins}: {{value: 5, basis: …}}}}",
                f"the parameter “{word}” has no value when the pack comes into force ({begins})", "A length of time must be known from the first day.",
            )  # fmt: skip


def _cadence(catalogue: Catalogue, view: RegisterView, item: Item[Cadence]) -> Iterator[Problem]:
    cadence = item.shape
    yield from compiles(item.at("where"), view, cadence.where)
    figures = view.shape.figures.fields if view.shape.figures else {}
    yield from known(item.at("met_by", "figures"), ("按期数值", "figure"), cadence.met_by.figures, figures)
    if cadence.met_by.document:
        yield from found(view.documents, cadence.met_by.document, item, item.at("met_by", "document"), ("文书", "document"))
    if cadence.met_by.register_:
        target = catalogue.referred(cadence.met_by.register_, item.pack)
        if target is None:
            yield unknown(item.at("met_by", "register"), ("台账", "register"), cadence.met_by.register_, catalogue.registers)
            return
        yield from known(item.at("met_by", "by"), FIELD, filter(None, [cadence.met_by.by]), target.shape.fields)
        yield from known(item.at("met_by", "dated"), FIELD, filter(None, [cadence.met_by.dated]), target.shape.fields)
        yield from compiles(item.at("met_by", "where"), target, cadence.met_by.where)


def _exchange(view: RegisterView, item: Item[Exchange]) -> Iterator[Problem]:
    names = [name.key for name in view.names("figures" if item.shape.of == "figures" else "entry")]
    yield from known(item.at("columns"), ("列", "column"), item.shape.columns, names)
    if view.shape.key not in item.shape.columns:
        yield Problem(
            item.at("columns"), "name", f"没有识别行的列 {view.shape.key}", "没有它，导入时对不上是哪一行。", f"columns: [{view.shape.key}, …]",
            f"the column {view.shape.key} is missing", "Without it nobody can tell which row a line is about.",
        )  # fmt: skip
