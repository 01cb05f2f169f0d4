"""The invented firms of the city as the policies see them: titles, money, people, and here and there a fact that nobody has handed in yet.

They are the investors of the invented projects, so a firm is the same firm in every register. Their credit codes check, and name a place
that there is not (419999), so none of them can be anybody's.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from bihuan.academy.before import BROUGHT
from bihuan.academy.diary import Diary, Values, moment, person
from bihuan.academy.invented import Invented
from bihuan.academy.lives import GO_LIVE, LAST_YEAR, TODAY
from bihuan.academy.people import OFFICER
from bihuan.academy.projects import Project
from bihuan.foundation.actions import FigureGiven, Past, record_figures, record_past
from bihuan.foundation.grammar.credit_codes import check_character, own_check

REGISTER = "enterprise_policy.enterprises"
MOST = 400
PLACE = "91419999"
TWICE = (20, 33, 47)
"""The places of the firms that are registered a second time, without a code that checks."""

NOTHING = (
    "equipment_loan", "loan", "interest", "guarantee_fee", "design_contract", "design_invoice", "design_sales", "saved", "contracts", "exports", "doctors",
    "technicians", "disadvantaged",
)  # fmt: skip
"""What most firms have nothing of."""

SIZES = (("大型", 2_000, 200_000), ("中型", 400, 40_000), ("小型", 80, 6_000), ("微型", 12, 800))
"""Sizes with their usual staff and revenue in 万元."""


def write(diary: Diary, city: Invented) -> None:
    """Write the firms into the diary: what they are, then the figures of last year."""
    rng = Random("firms of the demo city")  # noqa: S311 - the same firms every time, not a secret
    rows, figures = list[Values](), list[FigureGiven]()
    for number, project in enumerate(_investors(city), start=1):
        row, given = _firm(rng, number, project)
        rows.append(row)
        figures += [FigureGiven(str(row["code"]), field, str(LAST_YEAR), value) for field, value in given]
    at = moment(GO_LIVE, 10)
    diary.note("firms", at, lambda then: record_past(person(OFFICER), REGISTER, [Past(row) for row in rows], then, BROUGHT))
    diary.record("firms", moment(TODAY - timedelta(days=2), 11), OFFICER, REGISTER, [_again(rows[place]) for place in TWICE])
    diary.note("firms", at, lambda then: record_figures(person(OFFICER), REGISTER, figures, then, BROUGHT))


def _again(row: Values) -> Values:
    """The same firm as somebody else wrote it down: its name with another region and form, its code with a wrong digit, so that it waits for a code."""
    name, code = str(row["name"]).removeprefix("濮阳市"), str(row["code"])
    wrong = code[:11] + str((int(code[11]) + 1) % 10) + code[12:]
    return {"name": f"濮阳市{name.replace('有限公司', '有限责任公司')}", "county": row["county"], "code_given": wrong}


def _investors(city: Invented) -> list[Project]:
    """One project of each investor, the firm whose contact may sign in first."""
    first: dict[str, Project] = {}
    for project in city.projects:
        first.setdefault(project.investor, project)
    own = city.enterprise()
    return sorted(first.values(), key=lambda project: (project.investor != own, project.code))[:MOST]


def code_of(number: int) -> str:
    """A credit code that checks, of no real place."""
    own = f"{number:08d}"
    first = f"{PLACE}{own}{own_check(own)}"
    return first + check_character(first)


def _firm(rng: Random, number: int, project: Project) -> tuple[Values, list[tuple[str, object]]]:
    size, people, money = rng.choices(SIZES, (1, 4, 10, 5))[0]
    staff, revenue = max(1, round(people * rng.lognormvariate(0, 0.5))), max(50, round(money * rng.lognormvariate(0, 0.6)))
    making = project.trade.manufacturing
    research = round(revenue * min(0.12, rng.lognormvariate(-3.5, 0.6)))
    row = {
        "code": code_of(number), "name": project.investor, "county": project.county, "size": size, "industry": "制造业" if making else "其他",
        "established_on": _day(rng, 2005, 2022), "above_scale": _yes(rng, 0.75 if revenue >= 2000 else 0.0),
        **_standing(rng), **_titles(rng, making=making, staff=staff), **_money(rng, revenue, staff),
    }  # fmt: skip
    if row["above_scale"] == "是":
        row["above_scale_on"] = _day(rng, 2015, 2023) if rng.random() < 0.9 else date(LAST_YEAR, 11, 20).isoformat()
    growth, tax = round(rng.gauss(8, 12), 2), round(revenue * rng.uniform(0.02, 0.08))
    given: list[tuple[str, object]] = [("revenue", revenue), ("growth", growth), ("staff", staff), ("tax", tax)]
    # One in twelve has not handed in what it spent on research: not nothing, but unknown.
    given += [("research", research)] if rng.random() > 1 / 12 else []
    given += [("researchers", round(staff * rng.uniform(0.02, 0.25)))]
    return {key: value for key, value in row.items() if value is not None}, given


def _standing(rng: Random) -> dict[str, object]:
    return {
        "dishonest": rng.choices(("否", "是", None), (94, 2, 4))[0], "accident": rng.choices(("否", "是", None), (95, 1, 4))[0],
        "pollution": rng.choices(("否", "是", None), (94, 2, 4))[0],
    }  # fmt: skip


def _titles(rng: Random, *, making: bool, staff: int) -> dict[str, object]:
    """What it was named, and when."""
    found: dict[str, object] = {
        "platform": "无", "design_centre": "无", "design_award": "无", "green": "无", "smart": "无", "design_park": "无", "design_national": "否", "first_set": "否",
    }  # fmt: skip
    for field, chance in (("innovative_on", 0.2), ("small_tech_on", 0.2), ("specialised_on", 0.12 if making else 0), ("giant_on", 0.02), ("bellwether_on", 0.02)):
        if rng.random() < chance:
            found[field] = _day(rng, 2022, 2024)
    if rng.random() < 0.18:
        found |= {"hightech_on": _day(rng, 2021, 2024), "hightech_times": rng.choice((1, 1, 2)), "hightech_share": rng.randint(55, 90)}
    if making:
        found |= {"niche_years": rng.randint(1, 14), "debt_ratio": rng.randint(25, 85), "market_share": rng.randint(2, 30)}
        found["green"], found["smart"] = rng.choices(("无", "省级"), (9, 1))[0], rng.choices(("无", "智能车间", "智能工厂"), (8, 1, 1))[0]
        found["design_centre"] = rng.choices(("无", "市级", "省级"), (12, 1, 1))[0]
    if found["design_centre"] != "无":
        found["design_centre_on"] = _day(rng, 2023, 2024)
    return found | {"graduates": rng.randint(0, max(1, staff // 40)), "masters": rng.choices((0, 1, 2), (8, 2, 1))[0]}


def _money(rng: Random, revenue: int, staff: int) -> dict[str, object]:
    """What it bought, borrowed and paid; in 万元."""
    equipment = round(revenue * rng.uniform(0, 0.12))
    found: dict[str, object] = {
        "land": round(staff * rng.uniform(0.05, 0.5), 2), "insured": round(staff * 0.06, 2), "laid_off": round(abs(rng.gauss(3, 3)), 2),
        "equipment": equipment,
    }  # fmt: skip
    # Most have nothing of these and said so; what nobody said is left open, and is asked for.
    found |= {field: 0 for field in NOTHING if rng.random() < 0.94}
    if rng.random() < 0.3:
        found["equipment_loan"] = round(equipment * 0.6)
    if rng.random() < 0.6:
        loan = round(revenue * rng.uniform(0.05, 0.3))
        found |= {"loan": loan, "interest": round(loan * 0.04, 2)}
    if rng.random() < 0.12:
        contract = rng.randint(8, 120)
        found |= {"design_contract": contract, "design_invoice": round(contract * rng.choice((0.5, 0.8, 1.0)), 2)}
    if rng.random() < 0.08:
        found["saved"] = rng.randint(200, 3_000)
    return found


def _yes(rng: Random, chance: float) -> str:
    return "是" if rng.random() < chance else "否"


def _day(rng: Random, first: int, last: int) -> str:
    """A day of those years, not after the day the city went live."""
    start, end = date(first, 1, 1), min(date(last, 12, 31), GO_LIVE)
    return (start + timedelta(days=rng.randint(0, max(0, (end - start).days)))).isoformat()
