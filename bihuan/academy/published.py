"""What the city has published: figures with the place they were printed, tables, offices and posts.

Everything is read once from ``data/published.yaml``. A figure keeps the digits that were printed, because its last digit
says how far it was rounded. The relations between figures are in :mod:`bihuan.academy.published_checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from bihuan.foundation.grammar import yaml_text
from bihuan.foundation.grammar.quantities import known_unit
from bihuan.foundation.grammar.shape import Shape

DATA = Path(__file__).parent / "data"

ONE_BY_ONE = ("count", "time", "months", "working_days")
"""Dimensions of things that are counted: a whole number of them is exact."""


def scale(unit: str) -> Decimal:
    """The size of a printed unit in plain ones: 亿元 is 10⁸ (元), 万人 10⁴ (人), % 0.01; 1 for a noun the grammar does not know."""
    known = known_unit(unit)
    return Decimal(known.factor.numerator) / Decimal(known.factor.denominator) if known else Decimal(1)


class Figure(Shape):
    """One printed figure. ``value`` is the text of the digits, in ``unit``; ``source`` is document:line."""

    id: str
    source: str
    topic: str
    scope: str
    subject: str
    period: str = ""
    operator: Literal["=", ">=", "<=", ">", "<", "~"]
    value: str
    unit: str
    kind: Literal["target", "actual", "rule"]
    printed: str = ""
    step: int | None = None

    @property
    def number(self) -> Decimal | None:
        """The figure in its printed unit; None where the city printed words."""
        try:
            return Decimal(self.value)
        except InvalidOperation:
            return None

    @property
    def decimals(self) -> int:
        """How many decimals were printed: 2 of 51.63, 0 of 133."""
        return len(self.value.partition(".")[2])

    @property
    def is_count(self) -> bool:
        """Whether the figure counts things one by one, so that it is exact: 133个, 14工作日, but not 463亿元 or 4.4万名."""
        known = known_unit(self.unit)
        if self.decimals or known is None:
            return not self.decimals
        return known.dimension in ONE_BY_ONE and (known.dimension != "count" or known.factor == 1)

    @property
    def rounding(self) -> Decimal:
        """How far the true value may lie from the printed one, in the printed unit: half of the last digit; 0 of a count."""
        if self.is_count:
            return Decimal(0)
        return (Decimal(self.step) if self.step else Decimal(1).scaleb(-self.decimals)) / 2

    @property
    def text(self) -> str:
        """The figure as people read it: 110.4%, 1200亿元以上."""
        after = {">=": "以上", ">": "以上", "<=": "以内", "<": "以下", "~": "左右"}.get(self.operator, "")
        return f"{self.value}{self.unit}{after}"


class Document(Shape):
    """One of the documents the figures were printed in."""

    title: str
    title_en: str
    published: str


class Unit(Shape):
    """An office, county, zone or institution the documents name. ``parent`` is a name, empty at the top."""

    name: str
    name_en: str
    level: str
    kind: str
    parent: str | None
    sources: tuple[str, ...]


class Post(Shape):
    """A post that somebody held on ``as_of``; who held it is nobody's business here."""

    title: str
    title_en: str
    as_of: str
    holders: int
    sources: tuple[str, ...]


class Group(Shape):
    """A team the city set up: ``count`` of them, or one for each of what ``per`` names."""

    name: str
    name_en: str
    count: int | None = None
    per: str = ""
    source: str


@dataclass(frozen=True)
class Municipal:
    """The projects run by city departments themselves. ``done`` is 分, ``done_share`` per cent of their plan."""

    count: int
    done: int
    done_share: Decimal


@dataclass(frozen=True)
class Tiers:
    """How many projects are at least 1, from 10 to 20, from 20 to 50 and at least 50 亿元. The first holds all the others."""

    from_1: int
    from_10: int
    from_20: int
    from_50: int


@dataclass(frozen=True)
class YearlyLine:
    """The key projects of one year. Money is 分, ``average`` 亿元; ``through`` is the last month the actuals cover; None: not published."""

    year: int
    count: int
    estimate: int
    planned: int
    starts_planned: int
    finishes_planned: int
    average: Decimal
    done: int | None = None
    done_share: Decimal | None = None
    started: int | None = None
    continued: int | None = None
    finished: int | None = None
    through: str = ""
    municipal: Municipal | None = None
    tiers: Tiers | None = None


@dataclass(frozen=True)
class ThreeBatches:
    """The first ten batches of 三个一批: rates in per cent, ``investment`` in 分, ``advanced_share_gain`` in points."""

    start_rate: Decimal
    production_rate: Decimal
    effect_rate: Decimal
    rank: int
    projects: int
    investment: int
    advanced_share_gain: Decimal


@dataclass(frozen=True)
class EconomicTarget:
    """One yearly target: the printed figure, its year and the name under which the years are compared."""

    indicator: str
    year: int
    figure: Figure


Row = dict[str, str]
"""A line of a table: what the figure is → its id."""


class Tables(Shape):
    """The tables as written: every cell is the id of a figure."""

    yearly_lines: dict[int, dict[str, str | Row]]
    three_batches: Row
    five_counties: dict[str, Row]
    economic_targets: dict[str, dict[int, str]]
    zone_2020: Row
    cadres: Row
    digital: Row
    policies: Row
    burden_2023: Row


class Published(Shape):
    """The whole of ``published.yaml``."""

    documents: dict[str, Document]
    tables: Tables
    units: tuple[Unit, ...]
    posts: tuple[Post, ...]
    groups: tuple[Group, ...]
    facts: dict[str, Figure] = Field(min_length=1)


def load(path: Path) -> Published:
    """Read a file of published figures. Raises PackError for YAML that is refused and ValidationError for a wrong value."""
    tree = yaml_text.read(path.read_text(encoding="utf-8"), path.name).tree
    if isinstance(tree, dict) and isinstance(facts := tree.get("facts"), dict):
        tree["facts"] = {key: {**row, "id": key} for key, row in facts.items() if isinstance(row, dict)}
    return Published.model_validate(tree)


@cache
def published() -> Published:
    """The published figures that ship with Bihuan, read once."""
    return load(DATA / "published.yaml")


def figure(key: str) -> Figure:
    """The figure with this id (F001 …). Raises KeyError for an unknown one."""
    return published().facts[key]


def table(name: str) -> dict[str, Figure]:
    """One of the flat tables (``zone_2020``, ``cadres``, ``digital``, ``policies``, ``burden_2023``) as name → figure."""
    row: Mapping[str, str] = getattr(published().tables, name)
    return {what: figure(key) for what, key in row.items()}


def yearly_lines() -> tuple[YearlyLine, ...]:
    """The published key-project totals of 2020–2024, in order."""
    return tuple(_yearly_line(year, cells) for year, cells in sorted(published().tables.yearly_lines.items()))


def three_batches() -> ThreeBatches:
    """The published rates and totals of the three-batches campaign."""
    cells = table("three_batches")
    return ThreeBatches(
        start_rate=_number(cells["start_rate"]),
        production_rate=_number(cells["production_rate"]),
        effect_rate=_number(cells["effect_rate"]),
        rank=_count(cells["rank"]),
        projects=_count(cells["projects"]),
        investment=_fen(cells["investment"]),
        advanced_share_gain=_number(cells["advanced_share_gain"]),
    )


def five_counties() -> dict[str, dict[str, Figure]]:
    """County (or 五县合计, 五县占全市, 全市) → what → printed figure of 2022; what is missing was not published."""
    return {name: {what: figure(key) for what, key in row.items()} for name, row in published().tables.five_counties.items()}


def economic_targets() -> tuple[EconomicTarget, ...]:
    """The yearly targets of the city for 2023 and 2024, in the order of the work report."""
    targets = published().tables.economic_targets
    return tuple(EconomicTarget(name, year, figure(key)) for name, years in targets.items() for year, key in years.items())


def org_units() -> tuple[Unit, ...]:
    """The offices, counties, zones and institutions the documents name, superiors before subordinates."""
    return published().units


def posts() -> tuple[Post, ...]:
    """The posts the documents name."""
    return published().posts


def groups() -> tuple[Group, ...]:
    """The teams the documents count."""
    return published().groups


def _yearly_line(year: int, cells: Mapping[str, str | Row]) -> YearlyLine:
    plain = {what: figure(key) for what, key in cells.items() if isinstance(key, str) and what != "through"}
    municipal, tiers = cells.get("municipal"), cells.get("tiers")
    return YearlyLine(
        year=year,
        count=_count(plain["count"]),
        estimate=_fen(plain["estimate"]),
        planned=_fen(plain["planned"]),
        starts_planned=_count(plain["starts_planned"]),
        finishes_planned=_count(plain["finishes_planned"]),
        average=_number(plain["average"]),
        done=_fen(plain["done"]) if "done" in plain else None,
        done_share=_number(plain["done_share"]) if "done_share" in plain else None,
        started=_count(plain["started"]) if "started" in plain else None,
        continued=_count(plain["continued"]) if "continued" in plain else None,
        finished=_count(plain["finished"]) if "finished" in plain else None,
        through=str(cells.get("through", "")),
        municipal=_municipal(municipal) if isinstance(municipal, dict) else None,
        tiers=Tiers(**{what: _count(figure(key)) for what, key in tiers.items()}) if isinstance(tiers, dict) else None,
    )


def _municipal(row: Row) -> Municipal:
    share = _number(figure(row["done_share"]))
    return Municipal(_count(figure(row["count"])), _fen(figure(row["done"])), share)


def _number(cell: Figure) -> Decimal:
    if cell.number is None:
        raise ValueError(f"{cell.id} was published in words: {cell.value}")
    return cell.number


def _count(cell: Figure) -> int:
    return int(_number(cell) * scale(cell.unit))


def _fen(cell: Figure) -> int:
    return int(_number(cell) * scale(cell.unit) * 100)
