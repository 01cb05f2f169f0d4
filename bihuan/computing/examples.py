"""Worked examples run: each in a world of its own that is undone afterwards, on the very plans and actions the city uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction

from bihuan.computing import tables
from bihuan.computing.acting import NotAnExample
from bihuan.computing.drafted import told_otherwise
from bihuan.computing.engine import Record, run
from bihuan.computing.grouped import group_lights
from bihuan.computing.judge import missing_of, row_lights, spoken_of
from bihuan.computing.meetings import applies, drawn, parts_of
from bihuan.computing.paid import paid_otherwise
from bihuan.computing.promised import EVERYBODY, promises
from bihuan.computing.scoring import league, measure
from bihuan.computing.sharing import granted_otherwise
from bihuan.computing.tables import Columns
from bihuan.computing.worlds import World
from bihuan.foundation import loading
from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView, link
from bihuan.foundation.grammar.criteria import Judgement
from bihuan.foundation.grammar.examples import ClockExpected, CriteriaExpected, Example, Expected, LightExpected, Worked
from bihuan.foundation.grammar.lights import Spoken
from bihuan.foundation.grammar.packs import Pack
from bihuan.foundation.grammar.plans import Plan, Wanted, row_plan
from bihuan.foundation.grammar.quantities import exactly, parse_quantity
from bihuan.foundation.grammar.reading import judgement_of, shown
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import Parameter
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Duty, Entry, Event, Paper


@dataclass(frozen=True)
class Outcome:
    """How one example went: ``wrong`` says everything that came out otherwise than it says."""

    pack: str
    worked: Worked
    wrong: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as it says."""
        return not self.wrong


def run_examples(packs: Sequence[Pack], among: Iterable[Pack] = ()) -> Iterator[Outcome]:
    """Run the examples of some packs, linked together with those in `among`. Raises PackError where the packs do not fit."""
    every = {pack.key: pack for pack in (*among, *packs)}
    catalogue = link(every.values())
    for pack in packs:
        for worked in pack.examples:
            changed = _with_parameters(pack, worked.shape)
            linked = catalogue if changed is pack else link({**every, pack.key: changed}.values())
            yield run_example(linked, pack.key, worked)


def run_example(catalogue: Catalogue, pack: str, worked: Worked) -> Outcome:
    """Run one example in a transaction that is rolled back."""
    try:
        with loading.instead(catalogue), transaction.atomic():
            wrong = tuple(_lived(World(catalogue, pack, worked.shape)))
            transaction.set_rollback(True)
    except (NotAnExample, Refused) as error:
        wrong = (str(error),)
    return Outcome(pack, worked, wrong)


def _with_parameters(pack: Pack, example: Example) -> Pack:
    """The pack with parameters set for an example: that value, since ever."""
    if not example.parameters:
        return pack
    mechanisms = dict(pack.mechanisms)
    for name, value in example.parameters.items():
        mechanism, _, key = name.rpartition(".")
        for owner, shape in mechanisms.items():
            if key in shape.parameters and mechanism in ("", owner):
                mechanisms[owner] = shape.model_copy(update={"parameters": {**shape.parameters, key: _set(shape.parameters[key], value)}})
    return Pack(pack.head, mechanisms, pack.examples, pack.files, pack.lines, pack.file_of)


def _set(parameter: Parameter, value: str) -> Parameter:
    first = next(iter(parameter.since.values()))
    return parameter.model_copy(update={"since": {"1990-01": first.model_copy(update={"value": value})}})


def _lived(world: World) -> Iterator[str]:
    yield from world.live()
    columns = tables.current(world.day)
    for word, expected in [("", world.example.expect), *world.example.expect_in.items()]:
        view = world.view(word)
        for key, one in expected.items():
            if not one.refused:
                for what in _Checked(world, columns, view, key, one).wrong():
                    yield f"{key}：{what}"


@dataclass
class _Checked:
    """What must come out for one row or group, held against what came out."""

    world: World
    columns: Columns
    view: RegisterView
    key: str
    expected: Expected

    def wrong(self) -> Iterator[str]:
        """Everything that came out otherwise."""
        entry = Entry.objects.filter(register=self.view.name, key=self.key, withdrawn=False).first()
        if entry is None and any(step.draft and step.key == self.key for step in self.world.example.history):
            yield from told_otherwise(self.key, self.expected)
            return
        yield from self._scores()
        yield from self._targets()
        if entry is None:
            if self._is_group():
                yield from self._group_values()
                yield from self._group_lights()
                yield from self._group_missing()
            elif not self.expected.scores:
                yield f"“{self.view.shape.title}”里没有这一行"
            return
        yield from self._row(entry)
        if self.expected.pays:
            mechanism = self.world.example.mechanism
            yield from paid_otherwise(self.columns, self.view, self.world.day, self.key, self.expected.pays, mechanism)
        if self.expected.grants:
            yield from granted_otherwise(self.columns, self.view, self.world.day, self.key, self.expected.grants, self.world.example.mechanism)
        yield from self._clocks(entry)
        yield from self._missing(entry)
        yield from self._set_off(entry)
        yield from self._agenda(entry)

    def _is_group(self) -> bool:
        return not (self.expected.light or self.expected.criteria or self.expected.pays or self.expected.grants or self.expected.state or self.expected.clocks)

    # --- a row

    def _row(self, entry: Entry) -> Iterator[str]:
        expected, view = self.expected, self.view
        criteria = {word: view.criteria.find(word, self.world.example.mechanism) for word in expected.criteria}
        names = {word: view.scope("entry").get(word) for word in expected.values}
        lights = row_lights(view)
        fields = frozenset(name.key for name in names.values() if name and not name.key.startswith("_"))
        plan = row_plan(self.columns.catalogue, view, Wanted(fields, lights, tuple(item.short for item in criteria.values() if item)), [self.world.day], [entry.pk])
        row = run(self.columns, f"{plan.sql} SELECT * FROM judged")[0]
        yield from self._lights(plan, lights, row)
        for word, name in names.items():
            group = None if name else self._group_value(word, row)
            actual = (shown(view, name, row.get(name.column or name.key)).zh, row.get(name.column or name.key)) if name else group
            if actual is None:
                yield f"没有“{word}”这个数"
            elif not same(expected.values[word], *actual, unit=name.unit.factor if name and name.unit else None, stored=name.stored_per_unit if name else None):
                yield f"{word} 应为 {_told(expected.values[word])}，实为 {actual[0]}"
        for word, item in criteria.items():
            if item is None:
                yield f"没有条件 {word}"
            else:
                yield from _judged(word, expected.criteria[word], judgement_of(view, item.short, row))
        if expected.state and expected.state not in (row["_state"], entry.state):
            yield f"状态应为 {expected.state}，实为 {row['_state']}"

    def _lights(self, plan: Plan, lights: Sequence[str], row: Record) -> Iterator[str]:
        lacking = missing_of(self.columns, plan, lights, [row]).get(row["_id"], {})
        spoken = {light: found[1] for light in lights if (found := spoken_of(plan, light, row, lacking))}
        for word, asked in self.expected.lights.items():
            item = self.view.lights.find(word, self.world.example.mechanism)
            one = asked if isinstance(asked, LightExpected) else LightExpected(colour=asked)
            if item is None:
                yield f"没有灯 {word}"
            else:
                yield from _lit(word, one, spoken.get(item.short))
        if self.expected.light or self.expected.because or self.expected.basis:
            own = [light for light in lights if self.view.lights[light].mechanism == self.world.example.mechanism]
            if len(own) != 1:
                yield f"机制 {self.world.example.mechanism} 有 {len(own)} 盏灯，请写 lights: {{灯名: 颜色}}"
                return
            said = spoken.get(own[0])
            colour = self.expected.light or (said.colour if said else "grey")
            yield from _lit("light", LightExpected(colour=colour, because=self.expected.because, basis=self.expected.basis), said)

    def _clocks(self, entry: Entry) -> Iterator[str]:
        for word, asked in self.expected.clocks.items():
            duty = Duty.objects.filter(entry=entry, kind="clock", name=word.rpartition(".")[2]).order_by("-pk").first()
            if duty is None:
                yield f"时限 {word} 没有开始"
                continue
            state = clock_state(duty, self.world.day)
            if state != asked.state:
                yield f"时限 {word} 应为 {asked.state}，实为 {state}（到期 {duty.due}）"
            yield from _clock_days(word, asked, duty)

    def _missing(self, entry: Entry) -> Iterator[str]:
        for word, asked in self.expected.missing.items():
            name = word.rpartition(".")[2]
            duties = Duty.objects.filter(entry=entry, kind="cadence", name=name, due__lt=self.world.day).order_by("period")
            actual = [duty.period for duty in duties if duty.closed_on is None]
            if actual != list(asked):
                yield f"{word} 缺报应为 {'、'.join(asked) or '无'}，实为 {'、'.join(actual) or '无'}"

    def _set_off(self, entry: Entry) -> Iterator[str]:
        for word in self.expected.documents:
            if not Paper.objects.filter(entry=entry, document=word.rpartition(".")[2]).exists():
                yield f"没有起草文书 {word}"
        if self.expected.handoffs:
            started = [body_of(event) for event in Event.objects.filter(kind="handoffs.started")]
            names = {body["handoff"].rpartition(".")[2] for body in started if any(row.get("origin") == entry.pk for row in body["rows"])}
            names |= set(Duty.objects.filter(entry=entry, kind="handoff").values_list("name", flat=True))
            yield from (f"衔接 {word} 没有启动" for word in self.expected.handoffs if word.rpartition(".")[2] not in names)

    def _agenda(self, entry: Entry) -> Iterator[str]:
        """What comes onto the agenda of a session by itself."""
        if self.expected.agenda is None:
            return
        parts = parts_of(self.columns.catalogue, self.view)
        if parts is None:
            yield f"“{self.view.shape.title}”不是会议的会次"
            return
        wanted = applies(self.columns, parts, entry, self.world.day)
        actual = [one.subject.partition(" ")[2] for one in drawn(self.columns, parts, entry, self.world.day)] if wanted else []
        if actual != list(self.expected.agenda):
            yield f"议程应列 {'、'.join(self.expected.agenda) or '无'}，实列 {'、'.join(actual) or '无'}"

    # --- a group

    def _group_value(self, word: str, row: Record | None) -> tuple[str, Any] | None:
        items = [item for item in self.view.indicators.values() if word in (item.key, item.short, item.shape.title) and item.shape.per != "entry"]
        if not items:
            return None
        found = measure(self.columns, self.view, items[0], self.world.day)
        group = "*" if items[0].shape.per == "all" else self.key if row is None else str(row.get(items[0].shape.per))
        one = found.get(group)
        return ("（无数据）", None) if one is None else (one.shown.zh, one.value)

    def _group_values(self) -> Iterator[str]:
        for word, asked in self.expected.values.items():
            actual = self._group_value(word, None)
            if actual is None:
                yield f"没有“{word}”这个指标"
            elif not same(asked, *actual):
                yield f"{word} 应为 {_told(asked)}，实为 {actual[0]}"

    def _group_lights(self) -> Iterator[str]:
        for word, asked in self.expected.lights.items():
            item = self.view.lights.find(word, self.world.example.mechanism)
            one = asked if isinstance(asked, LightExpected) else LightExpected(colour=asked)
            spoken = group_lights(self.columns, self.view, item, self.world.day) if item else {}
            yield from _lit(word, one, spoken.get(self.key) or spoken.get(EVERYBODY))

    def _group_missing(self) -> Iterator[str]:
        """Reports that an office owes, or under any other name the city."""
        owed = Duty.objects.filter(entry__isnull=True, kind="cadence", closed_on__isnull=True, due__lt=self.world.day).order_by("period")
        for word, asked in self.expected.missing.items():
            item = self.view.cadences.find(word, self.world.example.mechanism)
            office = self.key if item and item.shape.owes == "office" else ""
            actual = list(owed.filter(name=word.rpartition(".")[2], office=office).values_list("period", flat=True))
            if actual != list(asked):
                yield f"{word} 缺报应为 {'、'.join(asked) or '无'}，实为 {'、'.join(actual) or '无'}"

    def _targets(self) -> Iterator[str]:
        for word, asked in self.expected.targets.items():
            item = self.view.targets.find(word, self.world.example.mechanism)
            if item is None:
                yield f"没有目标 {word}"
                continue
            standing = promises(self.columns, self.view, item, self.world.day)
            one = standing.get(self.key) or standing.get(EVERYBODY)
            if one is None:
                yield f"目标 {word} 没有这一组，或当日还不适用"
            elif {True: "yes", False: "no", None: "unknown"}[one.kept] != asked:
                yield f"目标 {word} 应为 {asked}，实为：{one.said.zh}"

    def _scores(self) -> Iterator[str]:
        for word, asked in self.expected.scores.items():
            item = self.view.scores.find(word, self.world.example.mechanism)
            if item is None:
                yield f"没有计分 {word}"
                continue
            line = next((line for line in league(self.columns, self.view, item, self.world.day).lines if line.group == self.key), None)
            if line is None:
                yield f"{word} 没有这一组"
            elif asked.score and (line.score is None or exactly(line.score) != parse_quantity(asked.score).value):
                yield f"{word} 应得 {asked.score} 分，实得 {line.score}"
            elif asked.rank and asked.rank != line.rank:
                yield f"{word} 应列第 {asked.rank}，实列第 {line.rank}"
            elif asked.previous and asked.previous != line.previous:
                yield f"{word} 上期应列第 {asked.previous}，实列第 {line.previous}"
            elif asked.missing and not _names_parts(asked.missing, line.missing, {key: part.title for key, part in item.shape.parts.items()}):
                yield f"{word} 缺数应为 {'、'.join(asked.missing)}，实为 {'、'.join(line.missing)}"


def same(asked: str | None, said: str, value: Any, unit: Fraction | None = None, stored: int | None = None) -> bool:
    """Whether a value is the one an example writes: the same words, or the same number at the decimals that are written."""
    if asked is None:
        return value is None
    if value is None:
        return False
    bare = asked.replace(" ", "")
    if bare in (said.replace(" ", ""), str(value)):
        return True
    if isinstance(value, date):
        return bare == value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        written = parse_quantity(asked)
    except Refused:
        return False
    canonical = Fraction(value) / stored * (unit or 1) if stored else exactly(value)
    size = written.unit.factor if written.unit.name else unit or Fraction(1)
    decimals = len(asked.partition(".")[2].rstrip("%‰ 万亿元天个次项家亩倍分").strip()) if "." in asked else 0
    return abs(canonical / size - written.value) <= Fraction(1, 2 * 10**decimals) + Fraction(1, 10**9)


def clock_state(duty: Duty, day: date) -> str:
    """How a clock stands on a day: open, paused, overdue, met or late."""
    if duty.closed_on:
        return "late" if duty.outcome == "late" else "met" if duty.outcome == "met" else duty.outcome
    if duty.paused_on:
        return "paused"
    return "overdue" if duty.due and duty.due < day else "open"


def _clock_days(word: str, asked: ClockExpected, duty: Duty) -> Iterator[str]:
    if asked.due and str(duty.due) != asked.due:
        yield f"时限 {word} 应于 {asked.due} 到期，实为 {duty.due}"
    if asked.level != duty.level:
        yield f"时限 {word} 应升级 {asked.level} 级，实为 {duty.level} 级"


def _lit(word: str, asked: LightExpected, said: Spoken | None) -> Iterator[str]:
    if said is None:
        yield f"{word} 应为 {asked.colour}，实为不亮灯"
        return
    if said.colour != asked.colour:
        yield f"{word} 应为 {asked.colour}，实为 {said.colour}（{said.because.zh}）"
    if asked.because.replace(" ", "") not in said.because.zh.replace(" ", ""):
        yield f"{word} 的理由应含“{asked.because}”，实为“{said.because.zh}”"
    if asked.basis not in said.basis:
        yield f"{word} 的依据应含“{asked.basis}”，实为“{said.basis}”"


def _judged(word: str, asked: CriteriaExpected | str, actual: Judgement) -> Iterator[str]:
    one = asked if isinstance(asked, CriteriaExpected) else CriteriaExpected.model_validate({"result": asked})
    result = {True: "yes", False: "no", None: "unknown"}[actual.value]
    if result != one.result:
        yield f"条件 {word} 应为 {one.result}，实为 {result}（{actual.said.zh}）"
    outcomes = {"met": ("met",), "not_met": ("unmet", "denied"), "unknown": ("unknown",), "exempt": ("exempt",), "denied": ("denied",)}
    for name, kinds in outcomes.items():
        keys = {reason.key for reason in actual.reasons if reason.outcome in kinds}
        lost = [key for key in getattr(one, name, []) if key not in keys]
        if lost:
            yield f"条件 {word} 的 {name} 应含 {'、'.join(lost)}，实为 {'、'.join(sorted(keys)) or '无'}"


def _names_parts(asked: Sequence[str], actual: Sequence[str], titles: dict[str, str]) -> bool:
    return {titles.get(word, word) for word in asked} == {titles.get(word, word) for word in actual}


def _told(value: object) -> object:
    """An expected value as a person says it."""
    return "（无数据）" if value is None else value
