"""Policies that pay, as SQL: who is entitled to what, and what is left of it once limits, groups and budgets have been applied.

    subjects   a register's rows, with every value that any policy mentions                   subjects_sql
    entitled   _id, policy, asked (分), turn1, turn2, turn3: the rows that meet a policy      condition_of, amount_of, turns_of
    paid       _id, policy, year, amount: what confirmed lists paid before                    given by the caller
    allotted   _id, policy, asked, amount, bar, rival, place                                  allotted_sql

``policy`` is the number of a `Policy`; ``place`` its row's place in the order of payment. ``bar`` says why less is paid than was asked:

    had        had already, this year or ever            unless   has a policy that this one gives way to (``rival``)
    group      its group paid already this year          higher   another of its group is higher (``rival``)
    budget     the money does not reach, or not for all

Limits come first, then what gives way, then the highest of each group, then the budget: what is refused takes no money away from others.
Amounts are whole 分 throughout, so shares of a budget add up to it exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor

from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView
from bihuan.foundation.grammar.criteria import Criteria
from bihuan.foundation.grammar.deciding import Asked, condition_of
from bihuan.foundation.grammar.formula_sql import Call, Node, Nothing, Sql
from bihuan.foundation.grammar.gathering import Chain, with_clause
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.paying import MOST_PRIORITIES, Payment, in_turn
from bihuan.foundation.grammar.quantities import parse_quantity
from bihuan.foundation.grammar.saying import NOTHING_SAID, Said
from bihuan.foundation.grammar.scopes import unit_of
from bihuan.foundation.grammar.shape import first_day, in_force

CENTS = 100
"""分 in a 元."""


@dataclass(frozen=True)
class Policy:
    """A criteria that pays, on a day. ``number`` tells it apart within a run; ``money`` is its budget of the year in 分, None without one."""

    number: int
    item: Item[Criteria]
    pays: Payment
    money: int | None

    @property
    def short(self) -> str:
        """``mechanism.key``, as a plan names it."""
        return self.item.short

    @property
    def title(self) -> str:
        """Its title."""
        return self.item.shape.title


def policies_of(view: RegisterView, day: date) -> tuple[Policy, ...]:
    """The policies of a register in force on a day, in the order written."""
    found = [item for item in view.criteria.values() if item.shape.pays and _in_force(item.shape.pays, day)]
    return tuple(Policy(number, item, pays, _money(pays, day)) for number, item in enumerate(found) if (pays := item.shape.pays))


def _in_force(pays: Payment, day: date) -> bool:
    return first_day(pays.from_) <= day and (pays.until is None or day <= last_day(pays.until))


def last_day(dated: str) -> date:
    """The last day of a dated value: ``2026`` runs to 31 December, ``2026-03`` to 31 March."""
    day = first_day(dated)
    if len(dated) == len("2026-03-01"):
        return day
    month = 12 if len(dated) == len("2026") else day.month
    after = date(day.year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(after.toordinal() - 1)


def _money(pays: Payment, day: date) -> int | None:
    if pays.budget is None:
        return None
    chosen = in_force(pays.budget.since, day)
    return floor(parse_quantity(chosen[1].value).canonical * CENTS) if chosen else 0


def given_way(view: RegisterView, policies: Sequence[Policy]) -> dict[str, tuple[str, ...]]:
    """Each policy by short name with those in force that it gives way to, in an order in which they can be decided."""
    there = {policy.short for policy in policies}
    unless = {}
    for policy in policies:
        found = (view.criteria.find(word, policy.item.mechanism) for word in policy.pays.unless)
        unless[policy.short] = tuple(other.short for other in found if other is not None and other.short in there)
    return {short: unless[short] for short in in_turn(unless)}


# --- who is entitled


def needs_of(view: RegisterView, policies: Iterable[Policy]) -> frozenset[str]:
    """Every name that the conditions, amounts and orders of some policies mention."""
    names: set[str] = set()
    for policy in policies:
        names |= set(condition_of(view, policy.short).names) | set(amount_of(view, policy.pays).names)
        names |= {name for priority in _orders(policy.pays) for name in view.formula(priority, "entry", "number").names}
    return frozenset(names)


def _orders(pays: Payment) -> Iterator[str]:
    if pays.budget:
        yield from (priority.by for priority in pays.budget.order)


def subjects_sql(
    catalogue: Catalogue, view: RegisterView, policies: Sequence[Policy], day: date, ids: Sequence[int] | None = None, dialect: str = "duckdb"
) -> str:
    """A query for the rows with every value that these policies mention; ``ids`` restricts it to a few rows."""
    names = needs_of(view, policies)
    chain = Chain(catalogue, view, names, (day,), None if ids is None else tuple(ids), dialect=dialect)
    steps = chain.stages()
    there = {*chain.stored(), *chain.closure, *(key for key in chain.parameters if key in names)}
    kept = "".join(f', "{name}"' for name in sorted(name for name in there if name in names))
    return f"{with_clause(steps)} SELECT _id, _key, _title, _office, _state, _state_since, _at{kept} FROM {steps[-1][0]}"


_CAPPED = Sql("CASE WHEN {1} IS NULL THEN NULL WHEN {0} > {1} THEN {1} ELSE {0} END")  # not least(), which would skip what is unknown
# Half a 分 counts as a whole one; the little more takes in what a double holds as 0.4999….
# On a cluster what is too large for a BIGINT would become the largest one, in silence.
_IN_CENTS = Sql(
    f"CAST(floor({{0}} * {CENTS} + 0.500001) AS BIGINT)",
    spark=f"CASE WHEN ABS({{0}}) > 9.2e16 THEN CAST(raise_error('amount out of range') AS BIGINT) "
    f"ELSE CAST(floor({{0}} * {CENTS} + 5.00001e-1) AS BIGINT) END",
)
_NEGATIVE = Sql("(-{0})")


def amount_of(view: RegisterView, pays: Payment) -> Asked:
    """What one row gets, in 分; no value where data are missing, zero or less where there is nothing to pay."""
    return view.once(("amount", pays.amount, pays.at_most), lambda: _amount(view, pays))


def _amount(view: RegisterView, pays: Payment) -> Asked:
    asked = view.formula(pays.amount, "entry", "number", unit_of("元"))
    tree, names = asked.tree, asked.names
    if pays.at_most:
        most = view.formula(pays.at_most, "entry", "number", unit_of("元"))
        tree, names = Call(_CAPPED, tree, most.tree), (*names, *most.names)
    return Asked(Call(_IN_CENTS, tree), tuple(dict.fromkeys(names)))


def turns_of(view: RegisterView, pays: Payment) -> list[Node]:
    """What orders the rows of a policy, each so that the smaller comes first; no value where nothing does."""
    keys: list[Node] = [Nothing("number")] * MOST_PRIORITIES
    for place, priority in enumerate(pays.budget.order if pays.budget else []):
        value = view.formula(priority.by, "entry", "number").tree
        keys[place] = Call(_NEGATIVE, value) if priority.better == "higher" else value
    return keys


# --- what is paid


def allotted_sql(view: RegisterView, policies: Sequence[Policy], year: int) -> str:
    """What each entitled row is paid, over ``entitled``, ``paid`` and the keys of ``subjects``. Rows whose amount lacks data or is not above zero are left out."""
    steps = [("terms", _terms(policies)), ("given", _given(view, policies)), ("limited", _limited(year))]
    last = "limited"
    for number, level in enumerate(_levels(given_way(view, policies))):
        last = f"way{number}"
        steps.append((last, _giving_way("limited" if number == 0 else f"way{number - 1}", [_number(policies, short) for short in level])))
    if any(policy.pays.highest_of for policy in policies):
        steps.append(("highest", _highest(last)))
        last = "highest"
    if any(policy.money is not None for policy in policies):
        steps += [("spent", _spent(year)), ("funded", _funded(last))]
    else:
        steps.append(("funded", f"SELECT {_FREE} FROM {last}"))
    return f"{with_clause(steps)} SELECT _id, policy, asked, amount, bar, rival, place FROM funded"


def _terms(policies: Sequence[Policy]) -> str:
    rows = [
        f"({policy.number}, '{policy.item.name}', {policy.pays.times == 'once'}, '{policy.pays.highest_of}', "
        f"{'NULL' if policy.money is None else policy.money}, {policy.pays.budget is not None and policy.pays.budget.short == 'pro_rata'})"
        for policy in policies
    ]
    columns = "(policy, name, once, grp, money, pro_rata)"
    return f"SELECT policy, name, once, grp, CAST(money AS HUGEINT) AS money, pro_rata FROM (VALUES {', '.join(rows)}) t{columns}"


def _given(view: RegisterView, policies: Sequence[Policy]) -> str:
    pairs = [(_number(policies, short), _number(policies, other)) for short, others in given_way(view, policies).items() for other in others]
    listed = ", ".join(f"({one}, {other})" for one, other in pairs) or "(NULL::INTEGER, NULL::INTEGER)"
    return f"SELECT * FROM (VALUES {listed}) g(policy, other)"


def _number(policies: Sequence[Policy], short: str) -> int:
    return next(policy.number for policy in policies if policy.short == short)


def _levels(unless: dict[str, tuple[str, ...]]) -> list[list[str]]:
    """The policies that give way, in levels: each after those it gives way to."""
    depth: dict[str, int] = {}
    for short, others in unless.items():
        depth[short] = 1 + max((depth[other] for other in others), default=-1)
    return [[short for short in depth if depth[short] == level] for level in range(1, max(depth.values(), default=0) + 1)]


def _limited(year: int) -> str:
    """Those who had it already are barred."""
    same = f"p._id = e._id AND p.policy = t.name AND (t.once OR p.year = {year})"
    grouped = f"p._id = e._id AND o.grp = t.grp AND p.year = {year}"
    return (
        "SELECT e.*, t.name, t.grp, t.money, t.pro_rata, CASE "
        f"WHEN EXISTS (SELECT 1 FROM paid p WHERE {same}) THEN 'had' "
        f"WHEN t.grp <> '' AND EXISTS (SELECT 1 FROM paid p JOIN terms o ON o.name = p.policy WHERE {grouped}) THEN 'group' "
        "ELSE '' END AS bar, CAST(NULL AS INTEGER) AS rival FROM entitled e JOIN terms t ON t.policy = e.policy WHERE e.asked > 0"
    )


def _giving_way(before: str, numbers: Sequence[int]) -> str:
    """Those who have, or ever had, a policy that theirs gives way to are barred."""
    listed = ", ".join(map(str, numbers))
    having = (
        f"SELECT o._id, g.policy, min(g.other) AS other FROM {before} o JOIN given g ON g.other = o.policy "
        f"WHERE o.bar <> 'unless' AND g.policy IN ({listed}) GROUP BY o._id, g.policy "
        f"UNION SELECT p._id, g.policy, min(g.other) FROM paid p JOIN terms n ON n.name = p.policy JOIN given g ON g.other = n.policy "
        f"WHERE g.policy IN ({listed}) GROUP BY p._id, g.policy"
    )
    having = f"SELECT _id, policy, min(other) AS other FROM ({having}) GROUP BY _id, policy"
    return (
        "SELECT e.* EXCLUDE (bar, rival), CASE WHEN e.bar = '' AND h.other IS NOT NULL THEN 'unless' ELSE e.bar END AS bar, "
        "CASE WHEN e.bar = '' THEN h.other ELSE e.rival END AS rival "
        f"FROM {before} e LEFT JOIN ({having}) h ON h._id = e._id AND h.policy = e.policy"
    )


def _highest(before: str) -> str:
    """Of each group only the highest is left; of equal ones the first written."""
    window = "OVER (PARTITION BY _id, grp ORDER BY asked DESC, policy)"
    return (
        f"SELECT * FROM {before} WHERE grp = '' OR bar <> '' UNION ALL BY NAME "
        f"SELECT * EXCLUDE (bar, rival, ranked, best), CASE WHEN ranked > 1 THEN 'higher' ELSE '' END AS bar, CASE WHEN ranked > 1 THEN best END AS rival "
        f"FROM (SELECT *, row_number() {window} AS ranked, first_value(policy) {window} AS best FROM {before} WHERE grp <> '' AND bar = '')"
    )


def _spent(year: int) -> str:
    return f"SELECT policy AS name, sum(amount) AS amount FROM paid WHERE year = {year} GROUP BY policy"


_PAID_AS = "_id, policy, asked, CAST({amount} AS BIGINT) AS amount, {bar} AS bar, rival, {place} AS place"
_FREE = _PAID_AS.format(amount="CASE WHEN bar = '' THEN asked ELSE 0 END", bar="bar", place="0")


def _funded(before: str) -> str:
    """The budget of each policy, less what it paid this year, over those that are left."""
    left = f"SELECT h.*, CASE WHEN h.money IS NOT NULL THEN greatest(h.money - coalesce(s.amount, 0), 0) END AS funds FROM {before} h LEFT JOIN spent s ON s.name = h.name"
    order = "PARTITION BY policy ORDER BY turn1 NULLS LAST, turn2 NULLS LAST, turn3 NULLS LAST, _key"
    asking = (
        "SELECT *, sum(asked) OVER (PARTITION BY policy) AS total, "
        f"sum(asked) OVER ({order} ROWS UNBOUNDED PRECEDING) AS reached, row_number() OVER ({order}) AS place, "
        "asked::HUGEINT * funds // nullif(sum(asked) OVER (PARTITION BY policy), 0) AS share, "
        "asked::HUGEINT * funds % nullif(sum(asked) OVER (PARTITION BY policy), 0) AS rest "
        "FROM (SELECT l.*, s._key FROM lefts l JOIN subjects s ON s._id = l._id WHERE l.bar = '' AND l.funds IS NOT NULL)"
    )
    # What whole 分 leave over goes to the largest remainders, and where they are alike by key.
    shared = (
        "SELECT *, row_number() OVER (PARTITION BY policy ORDER BY rest DESC, _key) AS spare, "
        "funds - sum(share) OVER (PARTITION BY policy) AS over FROM asking"
    )
    in_order = "CASE WHEN reached <= funds THEN asked ELSE 0 END"
    shares = "CASE WHEN total <= funds THEN asked ELSE share + CASE WHEN spare <= over THEN 1 ELSE 0 END END"
    amount = f"CASE WHEN pro_rata THEN {shares} ELSE {in_order} END"
    bounded = _PAID_AS.format(amount=amount, place="place", bar=f"CASE WHEN ({amount}) < asked THEN 'budget' ELSE '' END")
    return (
        f"WITH lefts AS ({left}), asking AS ({asking}), shared AS ({shared}) "
        f"SELECT {_FREE} FROM lefts WHERE bar <> '' OR funds IS NULL UNION ALL SELECT {bounded} FROM shared"
    )


# --- in words

_BARS: dict[str, Said] = {
    "had": Said("已享受过，不再重复兑付", "it had this already"),
    "group": Said("本年度已享受同组的另一项政策（就高不重复）", "another policy of the group paid this year already"),
    "unless": Said("已享受“{rival}”，按规定不再享受本政策", "it has “{rival}”, and this policy gives way to that"),
    "higher": Said("就高不重复：按“{rival}”兑付", "of the group “{rival}” is higher and is paid"),
    "budget": Said("本年资金不足：排第 {place}，资金到此为止", "the money of the year does not reach place {place}"),
    "share": Said("本年资金不足，全体同比例折付", "the money of the year is short, and all get the same share"),
}


def barred(policy: Policy, bar: str, rival: Policy | None, place: int) -> Said:
    """Why less is paid than was asked, in a sentence; nothing where all is paid."""
    if not bar:
        return NOTHING_SAID
    shared = bar == "budget" and policy.pays.budget is not None and policy.pays.budget.short == "pro_rata"
    said = _BARS["share" if shared else bar]
    shape = rival.item.shape if rival else None
    return Said(
        said.zh.format(rival=shape.title if shape else "", place=place),
        said.en.format(rival=(shape.title_en or shape.title) if shape else "", place=place),
    )
