"""What an indicator of a group was gathered from: its formula with the sums in place, and the rows that gave them, the largest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bihuan.computing.engine import run
from bihuan.computing.scoring import measure, measure_days
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.formula_spelling import Gathering, Piece
from bihuan.foundation.grammar.formula_types import Name
from bihuan.foundation.grammar.formulas import Formula
from bihuan.foundation.grammar.gathering import figures_table
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.plans import Wanted, group_plan, row_plan
from bihuan.foundation.grammar.reading import NOTHING, came_to, shown
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.saying import NOTHING_SAID, Said
from bihuan.foundation.grammar.views import RegisterView

MOST = 20
COLUMNS = 4
WHOLE = "*"


@dataclass(frozen=True)
class Gave:
    """One row that took part: its values in words, by the title of the name."""

    id: int
    key: str
    title: str
    values: tuple[Said, ...]


@dataclass(frozen=True)
class Gathered:
    """The formula as written and with its numbers in place; the names a row gives, the rows that gave most, and how many there are in all."""

    formula: Said
    filled: Said
    condition: Said
    columns: tuple[Name, ...]
    rows: tuple[Gave, ...]
    total: int


def gathered(columns: Columns, view: RegisterView, item: Item[Indicator], group: str, day: date) -> Gathered:
    """What the value of one group (or WHOLE) was made of on a day."""
    shape = item.shape
    formula = view.computing(shape)
    names = _given(view, formula)
    rows, total = _rows(columns, view, item, names, group, day)
    condition = view.condition(shape.where).said() if shape.where else NOTHING_SAID
    filled = formula.said(lambda piece: _placed(columns, view, item, piece, group, day))
    return Gathered(formula.said(), filled, condition, tuple(names), rows, total)


def _given(view: RegisterView, formula: Formula) -> list[Name]:
    """The names of a formula that a row has a value for: figures first, parameters and other group indicators left out."""
    known = {name.key: name for name in view.names("figures")}
    figures = view.shape.figures.fields if view.shape.figures else {}
    parameters = {item.key for item in view.parameters.values()}
    keys = [key for key in dict.fromkeys(formula.names) if key in known and key not in parameters and key not in view.grouped]
    return [known[key] for key in sorted(keys, key=lambda key: key not in figures)][:COLUMNS]


def _rows(columns: Columns, view: RegisterView, item: Item[Indicator], names: list[Name], group: str, day: date) -> tuple[tuple[Gave, ...], int]:
    shape = item.shape
    figures = view.shape.figures.fields if view.shape.figures else {}
    plain = [name for name in names if name.key not in figures]
    per = [] if shape.per == "all" else [shape.per]
    wanted = Wanted(frozenset([*(name.key for name in plain), *per]), conditions={"_in": shape.where} if shape.where else {})
    plan = row_plan(columns.catalogue, view, wanted, [day])
    window = group_plan(columns.catalogue, view, item, [day]).span.window(shape.over, day) if any(name.key in figures for name in names) else None
    drawn, values = [], list[object]()
    for place, name in enumerate(names):
        if window is not None and name.key in figures:
            drawn.append(f'(SELECT sum(f."{name.key}") FROM {figures_table(view.name)} f WHERE f._id = j._id AND f._period BETWEEN ? AND ?) AS v{place}')
            values += [(window.first if shape.over != "latest" and window.first else window.last).text, window.last.text]
        else:
            drawn.append(f'j."{name.column or name.key}" AS v{place}')
    tests = [*(["_in"] if shape.where else []), *([f'CAST(j."{shape.per}" AS VARCHAR) = ?'] if per else [])]
    values += [group] if per else []
    order = "".join(f"v{place} DESC NULLS LAST, " for place in range(len(names)))
    sql = (
        f"{plan.sql} SELECT j._id, j._key, j._title, count(*) OVER () AS _n{''.join(', ' + one for one in drawn)} FROM judged j "
        f"WHERE {' AND '.join(tests) or 'TRUE'} ORDER BY {order}j._id LIMIT {MOST}"
    )
    found = run(columns, sql, values)
    rows = tuple(
        Gave(row["_id"], row["_key"], row["_title"] or row["_key"], tuple(shown(view, name, row[f"v{place}"]) for place, name in enumerate(names)))
        for row in found
    )  # fmt: skip
    return rows, found[0]["_n"] if found else 0


def _placed(columns: Columns, view: RegisterView, item: Item[Indicator], piece: Piece, group: str, day: date) -> Said | None:
    """What stands in place of a piece of the formula: a sum, an average or a count as it came to in the group, another indicator by its value."""
    if isinstance(piece, Gathering):
        return _part(columns, view, item, str(piece.words), group, day)
    if not isinstance(piece, Name) or piece.key not in view.grouped:
        return None
    other = next(one for one in view.indicators.values() if one.key == piece.key and one.shape.per != "entry")
    value = measure(columns, view, other, day).get(group)
    return value.shown if value else NOTHING


def _part(columns: Columns, view: RegisterView, item: Item[Indicator], part: str, group: str, day: date) -> Said | None:
    """One gathering on its own, in the unit of what it gathers; None where it is no formula by itself."""
    try:
        compiled = view.formula(part, "grouped")
        alone = replace(item, shape=item.shape.model_copy(update={"formula": part, "unit": compiled.unit.name, "needs": "nothing", "decimals": 2}))
        value = measure_days(columns, view, alone, [day]).get((day, group))  # not `measure`, which keeps its plans by name
    except Refused:
        return None
    return came_to(compiled, value.value if value else None)
