"""Build the demo city: through the same doors a city uses, in one transaction, so that half a city never exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bihuan.academy import before, dispatching, firms, further, helping, meetings, oversight, reporting, running, sharing
from bihuan.academy.diary import Diary, moment, person
from bihuan.academy.helping import APPEALS
from bihuan.academy.invented import SEED, Invented, invent
from bihuan.academy.lives import FIRST_SWEEP, GO_LIVE, TODAY
from bihuan.academy.people import LEADER, SECADMIN, SUPERVISOR, SYSADMIN, accounts, offices
from bihuan.computing import issuing
from bihuan.computing.sweep import sweep
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import declare_invented, is_invented, set_member, set_office, set_roles
from bihuan.foundation.ledger import head, writing
from bihuan.foundation.models import Paper

STEPS: dict[str, tuple[str, str]] = {
    "people": ("单位与人员", "offices and people"), "packs": ("采用应用包", "packs adopted"), "published": ("公布数据", "published figures"),
    "past": ("项目的历史", "the past of the projects"), "charges": ("包联领导", "leaders in charge"), "plans": ("年度计划", "plans of the year"),
    "items": ("项目清单", "project lists"), "programmes": ("重大工程", "programmes"), "ten_days": ("旬报", "ten-day reports"),
    "firms": ("企业主库", "firms"),
    "meetings": ("会议与评价", "meetings and marks"), "months": ("月报", "monthly sheets"), "enrolments": ("纳统", "enrolments"),
    "moves": ("开工、投产", "starts and finishes"), "pool": ("谋划储备", "the pool"), "whitelist": ("白名单与要素", "whitelist and factors"),
    "plates": ("协调", "coordination"), "instructions": ("13710 督办", "13710 instructions"), "visits": ("观摩", "visits"),
    "dispatch": ("周调度", "weekly dispatch"),
    "accounts": ("五账法", "five accounts"), "ground": ("集中开工", "ground-breaking"), "emergency": ("应急", "an emergency"),
    "truth": ("真实性核查", "truth checks"), "applications": ("下年度申报", "applications"), "override": ("人工定色", "a light set by hand"),
    "appeals": ("企业和公众的诉求", "appeals of enterprises and citizens"),
    "report": ("工作报告", "a work report"), "factors": ("用地用能", "land and energy"),
    "further": ("试规模的项目", "projects for size"), "sweeps": ("逐日评判", "judged day by day"), "bulletins": ("印发通报", "bulletins issued"),
}  # fmt: skip
"""The parts of the city, in Chinese and English."""


@dataclass(frozen=True)
class Progress:
    """How far the building is: the part being built, the deeds done and all there are, and the day the city has come to."""

    step: str
    done: int
    total: int
    day: date


@dataclass
class Built:
    """What was built: deeds by step, and the number of the ledger's last entry. ``parked``: what followers could not do."""

    deeds: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    parked: list[str] = field(default_factory=list)


def nothing_to_say(_progress: Progress) -> None:
    """Progress nobody asked for."""


def build(at: datetime, seed: int = SEED, progress: Callable[[Progress], None] = nothing_to_say, projects: int = 0) -> Built:
    """Build the demo city as it stands on TODAY, at the moment `at` of that day, in an empty database.

    `projects` more are added for trying it at size (`academy.further`).
    Everything goes through `foundation.actions`, in the order of time, in one transaction: if it is interrupted nothing is left.
    """
    city, diary, built = invent(seed), Diary(), Built()
    for part in (before, firms, running, oversight, dispatching, meetings, helping, reporting, sharing):
        part.write(diary, city)
    running.plans_filed(diary)
    dispatching.set_by_hand(diary)
    further.write(diary, projects, seed)
    _sweeps(diary, at, built)
    deeds = diary.deeds()
    person.cache_clear()
    with writing():
        declare_invented(seed, moment(GO_LIVE - timedelta(days=8), 8))
        built.deeds["people"] = move_in(city)
        for place, deed in enumerate(deeds):
            progress(Progress(deed.step, place, len(deeds), deed.at.date()))
            deed.run(deed.at)
            built.deeds[deed.step] = built.deeds.get(deed.step, 0) + 1
    progress(Progress("sweeps", len(deeds), len(deeds), TODAY))
    built.entries = head()[0]
    return built


def stands() -> bool:
    """Whether this database holds a demo city."""
    return is_invented()


def move_in(city: Invented) -> int:
    """Make the offices and everybody with an account; gives how many accounts."""
    at = moment(GO_LIVE - timedelta(days=7), 9)
    for office in offices():
        set_office(SYSTEM, office, at)
    people = accounts(city.enterprises())
    for place, account in enumerate(people):
        # The system makes the first two administrators; from then on one makes accounts and the other gives rights.
        set_member(SYSTEM if place < 2 else person(SYSADMIN), account.given, at)
        set_roles(SYSTEM if place < 2 else person(SECADMIN), account.given.username, account.roles, at)
    return len(people)


def _sweeps(diary: Diary, at: datetime, built: Built) -> None:
    """Every day from FIRST_SWEEP on is judged in the evening, and TODAY at `at`."""
    def judge(then: datetime) -> None:
        swept = sweep(then)
        assert swept.refused is None, swept.refused
        built.parked += swept.parked + (swept.followed.parked if swept.followed else [])

    day = FIRST_SWEEP
    while day < TODAY:
        diary.note("sweeps", moment(day, 20), judge)
        day += timedelta(days=1)
    diary.note("sweeps", at, judge)
    diary.note("bulletins", at, _publish)


def _publish(at: datetime) -> None:
    """The bulletin on appeals of the month is checked, signed and issued, so that the page for everybody has one; the ranking's still waits."""
    paper = Paper.objects.get(register=APPEALS, document="bulletin", state="draft")
    for who, step in ((SUPERVISOR, "check"), (LEADER, "sign"), (SUPERVISOR, "issue")):
        issuing.take(person(who), paper.pk, step, at)
