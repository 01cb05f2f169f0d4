"""Followers and sweepers in processes of their own, some of them killed: `python -m tests.computing.workers EXPERIMENT NUMBER`.

The parent ends only processes that it started, by their ids, and prints as JSON what came of it.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connections  # noqa: E402

from bihuan.computing import follow, sweep, tables  # noqa: E402
from bihuan.computing.judge import judge  # noqa: E402
from bihuan.foundation import replaying, verify  # noqa: E402
from bihuan.foundation.ledger import body_of  # noqa: E402
from bihuan.foundation.models import Entry, Event  # noqa: E402
from tests.computing import small  # noqa: E402

START = date(2025, 7, 8)
WORKS = 6


def child(deed: Callable[[], None]) -> int:
    """Fork a worker that does its deed and ends."""
    connections.close_all()
    tables.forget()
    number = os.fork()
    if number:
        return number
    try:
        deed()
    except OperationalError:
        os._exit(3)  # the database was busy; the next round does it
    os._exit(0)


def wait(children: list[int], *, kill: bool, chance: random.Random) -> int:
    """Wait for the workers, killing some of them on the way; gives how many were killed."""
    killed = 0
    for number in children:
        if kill and chance.random() < 0.6:
            time.sleep(chance.uniform(0.05, 0.8))
            os.kill(number, signal.SIGKILL)
            killed += 1
        os.waitpid(number, 0)
    return killed


def sweeps(rounds: int, *, kill: bool = False) -> dict[str, Any]:
    """Two sweepers at once, each round some days later; every warning, rung and missed duty must be there once and on its own day."""
    for number in range(WORKS):
        small.work(f"W-{number}", small.moment(START), planned_start=(START + timedelta(days=number * 3)).isoformat())
    chance, day, killed = random.Random(7), START, 0
    for _ in range(rounds):
        at = small.moment(day)
        killed += wait([child(lambda at=at: _sweep(at)) for _ in range(2)], kill=kill, chance=chance)
        day += timedelta(days=chance.randint(1, 6))
    sweep.sweep(small.moment(day))
    return {"killed": killed, **told(day), **whole(small.moment(day))}


def _sweep(at: datetime) -> None:
    sweep.sweep(at)


def told(last: date) -> dict[str, Any]:
    """What was fired, how often, and whether each came on the day that the rule gives."""
    fired: Counter[str] = Counter()
    wrong_day = 0
    due = {f"clock|city.works|W-{number}|city.works.opening|1" for number in range(WORKS)}
    for event in Event.objects.filter(kind="duties.changed"):
        body = body_of(event)
        for name in ("warned", "missed"):
            for key in body.get(name, ()):
                fired[f"{name} {key}"] += 1
        for rung in body.get("escalated", ()):
            fired[f"rung {rung['level']} {rung['key']}"] += 1
            wrong_day += body["day"] != {1: "2025-08-06", 2: "2025-08-12"}[rung["level"]]
    expected = {f"{what} {key}" for key in due for what, on in (
        ("warned", date(2025, 8, 1)), ("missed", date(2025, 8, 6)), ("rung 1", date(2025, 8, 6)), ("rung 2", date(2025, 8, 12)),
    ) if on <= last}  # fmt: skip
    return {
        "twice": sum(count > 1 for count in fired.values()), "never": len(expected - set(fired)), "early": len(set(fired) - expected),
        "wrong_day": wrong_day,
    }  # fmt: skip


def follows(rounds: int) -> dict[str, Any]:
    """Two followers, often killed, while coordinations fail: every red work must have exactly one visit and one letter."""
    chance, killed, red = random.Random(11), 0, set()
    for number in range(rounds):
        at = small.moment(START + timedelta(days=number))
        small.work(f"W-{number}", at, planned_start="2026-08-01")
        if chance.random() < 0.7:
            small.meeting(f"M-{number}", f"W-{number}", at)
            red.add(f"W-{number}")
        killed += wait([child(lambda at=at: _follow(at)) for _ in range(2)], kill=True, chance=chance)
    at = small.moment(START + timedelta(days=rounds))
    progress = follow.catch_up(at)
    while progress.behind:
        progress = follow.catch_up(at)
    visits = Counter(Entry.objects.filter(register=small.VISITS_REGISTER).values_list("data__work", flat=True))
    return {"killed": killed, "twice": sum(count > 1 for count in visits.values()), "never": len(red - set(visits)), "early": len(set(visits) - red), **whole(at)}


def _follow(at: datetime) -> None:
    follow.catch_up(at)


def whole(at: datetime) -> dict[str, Any]:
    """Whether the chain is sound, the tables are what the ledger says, and no light stands that would be judged otherwise now."""
    day = follow.judging_day(at)
    return {
        "sound": verify.verify().sound, "different": replaying.compare().count, "misjudged": len(judge(tables.current(day), day).verdicts),
    }  # fmt: skip


EXPERIMENTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "sweeps": sweeps,
    "sweeps_killed": lambda rounds: sweeps(rounds, kill=True),
    "follows_killed": follows,
}

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    small.build(small.moment(START))
    print(json.dumps(EXPERIMENTS[sys.argv[1]](int(sys.argv[2]))))
