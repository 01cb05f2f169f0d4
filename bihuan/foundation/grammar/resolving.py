"""Finding the kind and unit of every computed name: lookups, rollups and per-entry indicators, in an order in which they can be computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from bihuan.foundation.grammar.errors import Place, Problem
from bihuan.foundation.grammar.formula_types import Name, Scope
from bihuan.foundation.grammar.formula_words import Reader
from bihuan.foundation.grammar.formulas import FormulaError
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quantities import Unit, known_unit
from bihuan.foundation.grammar.quotas import Quota
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import Lookup, Rollup
from bihuan.foundation.grammar.saying import Titled
from bihuan.foundation.grammar.scopes import DUTIES, ScopeKind, field_name, field_names, figure_names, unit_of
from bihuan.foundation.grammar.views import Catalogue, RegisterView

Node = tuple[str, str]
"""A register's full name and the key of a computed name in it."""

_CANONICAL = {"money": "元", "count": "个", "points": "分", "area": "平方米", "time": "天", "months": "个月", "ratio": "", "none": ""}


@dataclass(frozen=True)
class Computed:
    """Where a computed name comes from."""

    view: RegisterView
    key: str
    source: Lookup | Rollup | Item[Indicator] | Item[Quota]

    @property
    def title(self) -> str:
        """The word formulas use."""
        return self._titled.title

    @property
    def english(self) -> str:
        """What readers of English see."""
        return self._titled.title_en

    @property
    def _titled(self) -> Titled:
        if isinstance(self.source, Item):
            return self.source.shape.granted if isinstance(self.source.shape, Quota) else self.source.shape
        return self.source

    @property
    def place(self) -> Place:
        """Where it is declared."""
        if isinstance(self.source, Item):
            return self.source.place
        return self.view.place("lookups" if isinstance(self.source, Lookup) else "rollups", self.key)


def resolve(catalogue: Catalogue) -> Iterator[Problem]:
    """Give every register its computed names; yields duplicates, cycles and formulas that do not compile."""
    nodes: dict[Node, Computed] = {}
    for view in catalogue.registers.values():
        view.children = tuple(_children(catalogue, view))
        yield from _declare(view, nodes)
    waits = {node: set(_needs(catalogue, computed, nodes)) for node, computed in nodes.items()}
    try:
        order = list(TopologicalSorter(waits).static_order())
    except CycleError as error:
        yield _cycle([nodes[node] for node in error.args[1]])
        return
    for node in order:
        yield from _settle(catalogue, nodes[node])
    for view in catalogue.registers.values():
        view.computed = {node[1]: view.computed[node[1]] for node in order if node[0] == view.name}
        view.forget()
        yield from _group(view)


def _children(catalogue: Catalogue, view: RegisterView) -> Iterator[tuple[str, str]]:
    for child in catalogue.registers.values():
        for key, field in child.shape.fields.items():
            if field.kind == "entry" and catalogue.referred(field.of, child.pack) is view:
                yield child.name, key


def _declared(view: RegisterView) -> Iterator[Computed]:
    for key, lookup in view.shape.lookups.items():
        yield Computed(view, key, lookup)
    for key, rollup in view.shape.rollups.items():
        yield Computed(view, key, rollup)
    for item in view.indicators.values():
        if item.shape.per == "entry":
            yield Computed(view, item.key, item)
    for quota in view.quotas.values():
        yield Computed(view, quota.key, quota)


def _declare(view: RegisterView, nodes: dict[Node, Computed]) -> Iterator[Problem]:
    """Enter the computed names with provisional kinds, leaving out those whose key or title is taken."""
    taken: dict[str, Place] = {"今天": Place(), "状态": Place(), "进入状态日期": Place(), "所属单位": Place()}
    for name in [*field_names(view.shape), *figure_names(view.shape)]:
        section = "fields" if name.key in view.shape.fields else "figures"
        place = view.place(section, name.key) if section == "fields" else view.place("figures", "fields", name.key)
        yield from _taken(view, name.key, name.titles[0], place, taken)
    for item in view.parameters.values():
        yield from _taken(view, item.key, item.shape.title, item.place, taken)
    for computed in _declared(view):
        found = list(_taken(view, computed.key, computed.title, computed.place, taken))
        yield from found
        if not found:
            nodes[view.name, computed.key] = computed
            view.computed[computed.key] = Name(computed.key, (computed.title,), "number", column=computed.key, english=computed.english)


def _taken(view: RegisterView, key: str, title: str, place: Place, taken: dict[str, Place]) -> Iterator[Problem]:
    for word, said in ((key, "代号"), (title, "名称")):
        if word in taken and taken[word] != place:
            where = f"（{taken[word]}）" if taken[word].file else "（内置名称）"
            yield Problem(
                place, "duplicate", f"{said}“{word}”在台账“{view.shape.title}”里已有{where}", "公式按名称找数，同一本台账里的字段、数值、汇总、带出、指标和参数不能重名。",
                "title: 实际完成投资", f"“{word}” is taken in this register", "Formulas find values by name; within a register no two may share a key or title.",
            )  # fmt: skip
        taken.setdefault(word, place)


# -- what must be known first ----------------------------------------------------------------------------------


def _needs(catalogue: Catalogue, computed: Computed, nodes: dict[Node, Computed]) -> Iterator[Node]:
    """The computed names that this one mentions."""
    for view, words in _mentioned(catalogue, computed):
        for word in words:
            if (view.name, word) in nodes:
                yield view.name, word


def _mentioned(catalogue: Catalogue, computed: Computed) -> Iterator[tuple[RegisterView, set[str]]]:
    source, view = computed.source, computed.view
    if isinstance(source, Lookup):
        target = _looked_up(catalogue, view, source)
        if target:
            yield target, {source.field}
    elif isinstance(source, Rollup):
        child = catalogue.referred(source.source, view.pack)
        if source.source != DUTIES and child:
            yield child, mentions(child, source.formula, "group") | _read(source.where, lambda: view.bond_scope(child))
    elif isinstance(source.shape, Indicator):
        yield view, mentions(view, source.shape.formula, "figures") | mentions(view, source.shape.where, "entry")


def mentions(view: RegisterView, text: str, kind: ScopeKind) -> set[str]:
    """The keys of the names a formula mentions; none where it cannot be read (compiling it will say why)."""
    return _read(text, lambda: view.scope(kind)) if text else set()


def _read(text: str, scope: Callable[[], Scope]) -> set[str]:
    try:
        return {token.leaf.key for token in Reader(text, scope()).read() if isinstance(token.leaf, Name)}
    except Refused:
        return set()


def _looked_up(catalogue: Catalogue, view: RegisterView, lookup: Lookup) -> RegisterView | None:
    field = view.shape.fields.get(lookup.by)
    return catalogue.referred(field.of, view.pack) if field and field.of else None


def _cycle(cycle: list[Computed]) -> Problem:
    told = " → ".join(f"{computed.view.shape.title}·{computed.title}" for computed in reversed(cycle))
    return Problem(
        cycle[0].place, "cycle", f"互相引用，算不出来：{told}", "汇总、带出和指标要能排出先后，谁也不能等自己。", "去掉其中一处引用",
        f"they wait for one another: {told}", "Rollups, lookups and indicators must have an order.",
    )  # fmt: skip


# -- the kind and unit of each ------------------------------------------------------------------------------------


def _settle(catalogue: Catalogue, computed: Computed) -> Iterator[Problem]:
    """Replace the provisional name by the real one."""
    source, view = computed.source, computed.view
    try:
        if isinstance(source, Lookup):
            yield from _settle_lookup(catalogue, computed, source)
        elif isinstance(source, Rollup):
            yield from _settle_rollup(catalogue, computed, source)
        elif isinstance(source.shape, Quota):
            yield from _settle_granted(computed, source.shape)
        else:
            unit = unit_of(source.shape.unit)
            formula = view.formula(source.shape.formula, "figures", "number", unit)
            _enter(computed, Name(computed.key, (computed.title,), "number", unit or _canonical(formula.dimension), computed.key, english=computed.english))
    except Refused as error:
        yield formula_problem(computed.place, error)


def _settle_lookup(catalogue: Catalogue, computed: Computed, lookup: Lookup) -> Iterator[Problem]:
    target = _looked_up(catalogue, computed.view, lookup)
    if target is None:
        yield Problem(
            computed.place, "name", f"by 写的 {lookup.by} 不是指向另一台账的字段", "带出的数来自这一字段所指的那一行。", "{title: 项目行业, by: project, field: industry}",
            f"{lookup.by} is no field that refers to another register", "A lookup reads from the row that this field refers to.",
        )  # fmt: skip
        return
    found = target.scope("entry").get(lookup.field)
    if found is None or found.key in target.parameters:
        near = "、".join(target.scope("entry").near(lookup.field))
        yield Problem(
            computed.place, "name", f"“{target.shape.title}”没有字段 {lookup.field}{f'，是不是 {near}？' if near else ''}", "带出的数必须是那本台账里有的。",
            "field: industry", f"{target.name} has no field {lookup.field}", "A lookup reads a field, rollup or indicator of that register.",
        )  # fmt: skip
        return
    _enter(computed, replace(found, key=computed.key, titles=(computed.title,), column=computed.key, english=computed.english))


def _settle_granted(computed: Computed, quota: Quota) -> Iterator[Problem]:
    """What a row was granted is kept as the field that asks for it is."""
    asked = computed.view.shape.fields.get(quota.of)
    if asked is None or asked.kind not in ("number", "money"):
        yield Problem(
            computed.place, "name", f"of 写的 {quota.of} 不是本台账的数字或金额字段", "额度配的是申请人要的那个量，单位和小数随它。", "of: area",
            f"{quota.of} is no number or money field of this register", "A quota is shared out in what requests ask for.",
        )  # fmt: skip
        return
    _enter(computed, replace(field_name(quota.of, asked), key=computed.key, titles=(computed.title,), column=computed.key, english=computed.english))


def _settle_rollup(catalogue: Catalogue, computed: Computed, rollup: Rollup) -> Iterator[Problem]:
    child = computed.view if rollup.source == DUTIES else catalogue.referred(rollup.source, computed.view.pack)
    if child is None or (rollup.source != DUTIES and (child.name, rollup.by) not in computed.view.children):
        yield _no_child(computed, rollup, child)
        return
    many: ScopeKind = "duties" if rollup.source == DUTIES else "group"
    unit = unit_of(rollup.unit)
    formula = child.formula(rollup.formula, many, None, unit)
    computed.view.bond(rollup, None if rollup.source == DUTIES else child)
    number = formula.kind == "number"
    _enter(computed, Name(computed.key, (computed.title,), formula.kind, (unit or _canonical(formula.dimension)) if number else None, computed.key, english=computed.english))


def _no_child(computed: Computed, rollup: Rollup, child: RegisterView | None) -> Problem:
    if child is None:
        what, english = f"from 写的 {rollup.source} 没有台账", f"there is no register {rollup.source}"
    else:
        what, english = f"{rollup.source} 的字段 {rollup.by or '（未写 by）'} 不指向“{computed.view.shape.title}”", f"{rollup.source}.{rollup.by} does not refer here"
    return Problem(
        computed.place, "name", what, "汇总的是下级台账中指向本行的那些行。", "{from: plates, by: project, formula: 计数()}", english,
        "A rollup gathers the rows of another register that refer to this row.",
    )  # fmt: skip


# -- indicators of groups, which may use one another ------------------------------------------------------------


def _group(view: RegisterView) -> Iterator[Problem]:
    """Name the group indicators that others may use: those whose key and title nothing else has."""
    declared = [item for item in view.indicators.values() if item.shape.per != "entry"]
    said = [word for item in declared for word in {item.key, item.shape.title}]
    try:
        theirs = view.scope("group")
    except Refused:  # two names collide, which `_declare` has told
        return
    free = {item.key: item for item in declared if all(theirs.get(word) is None and said.count(word) == 1 for word in {item.key, item.shape.title})}
    view.grouped = {key: Name(key, (item.shape.title,), "number", unit_of(item.shape.unit), key, english=item.shape.title_en) for key, item in free.items()}
    view.forget()
    waits = {key: mentions(view, item.shape.formula, "grouped") & set(free) for key, item in free.items()}
    try:
        order = list(TopologicalSorter(waits).static_order())
    except CycleError as error:
        yield _cycle([Computed(view, key, free[key]) for key in error.args[1]])
        return
    for key in order:
        if not free[key].shape.unit:
            view.grouped[key] = replace(view.grouped[key], unit=_unit_found(view, free[key].shape))
            view.forget()
    view.grouped = {key: view.grouped[key] for key in order}
    view.forget()


def _unit_found(view: RegisterView, shape: Indicator) -> Unit | None:
    """The unit of an indicator that declares none; none where its formula does not compile, which checking reports."""
    try:
        return _canonical(view.formula(shape.formula, "grouped", "number").dimension)
    except Refused:
        return None


def _enter(computed: Computed, name: Name) -> None:
    computed.view.computed[computed.key] = name
    computed.view.forget()


def _canonical(dimension: str) -> Unit | None:
    """The unit in which an undeclared computed value is spoken: the canonical one of its dimension."""
    name = _CANONICAL.get(dimension)
    if name is None:
        return Unit("", "", dimension, Fraction(1))
    return known_unit(name) if name else None


def formula_problem(place: Place, error: Refused) -> Problem:
    """A formula's refusal, at the place where the formula is written."""
    if isinstance(error, FormulaError):
        what, what_en = f"公式第 {error.position + 1} 个字：{error.what}", f"formula, character {error.position + 1}: {error.what_en}"
        rule = "name" if error.code in ("unknown_name", "not_a_function") else "formula"
        return Problem(place, rule, what, error.why, error.example, what_en, error.why_en)
    return Problem(place, "formula", error.what, "", error.example, error.what_en)
