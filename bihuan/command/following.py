"""`bihuan follow`: keep lights, duties and clocks up to date as the ledger grows. `bihuan tick`: sweep the days up to one."""

import argparse
import logging
import time
from datetime import date, datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from bihuan import clock, databases
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, USAGE, Refused, print_json
from bihuan.computing.follow import Progress, catch_up
from bihuan.computing.sweep import Swept, high_water, sweep
from bihuan.demonstration import is_marked

log = logging.getLogger("bihuan.follow")

PAUSE = 0.5
"""Seconds between two looks at the ledger. Requests follow it themselves; this is for what nobody waits for."""

AFTER_TROUBLE = 5.0
"""Seconds before the next try when the database does not answer."""


def follow(options: argparse.Namespace) -> int:
    """Follow the ledger until ended; with --once until it is caught up. Killing it at any instant loses and repeats nothing."""
    refused: tuple[str, str] | None = None
    while True:
        try:
            done = sweep(clock.now()) if high_water() != clock.today() else None
            if done and done.refused and done.refused != refused:
                log.error("%s / %s", *done.refused)
            refused = done.refused if done else None
            if done and done.days:
                databases.tend(connections[DEFAULT_DB_ALIAS])
            progress = catch_up(clock.now())
        except OperationalError as error:
            if options.once:
                raise
            log.warning("the database does not answer, trying again in %s s: %s", AFTER_TROUBLE, error)
            connections.close_all()
            time.sleep(AFTER_TROUBLE)
            continue
        if options.once and not progress.behind:
            if refused:
                raise Refused(*refused)
            return OK
        if not progress.behind:
            time.sleep(PAUSE)


def tick(options: argparse.Namespace) -> int:
    """Sweep every day up to one that was not swept yet, and print what came of it."""
    done = sweep(_moment(options.at), confirmed=options.confirm)
    if done.refused:
        raise Refused(*done.refused)
    if is_marked(settings.BIHUAN_HOME):
        import_module("bihuan.command.demo_city").keep()  # the academy is loaded for a demo city alone
    if options.format == "json":
        print_json(_described(done))
    else:
        _print(done)
    return PROBLEMS if done.parked or (done.followed and done.followed.parked) else OK


def _moment(text: str | None) -> datetime:
    """Now, or the same time on the day that was asked for. Only a demo city's time can be moved ahead of the clock."""
    now = clock.now()
    if not text:
        return now
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(f"--at 要写日期，如 2026-07-08，不能是 {text}", f"--at takes a day such as 2026-07-08, not {text}", USAGE) from None
    if day > now.date() and not settings.BIHUAN_DEMO:
        raise Refused(
            f"{day} 还没有到：真实城市只能处理到今天（{now.date()}）", f"{day} has not come: a real city is swept up to today ({now.date()})", USAGE
        )
    return now.replace(year=day.year, month=day.month, day=day.day)


def _described(done: Swept) -> dict[str, Any]:
    followed = done.followed or Progress()
    return {
        "days": [day.isoformat() for day in done.days], "verdicts": done.verdicts + followed.verdicts, "duties": done.duties + followed.duties,
        "warned": done.warned, "escalated": done.escalated, "drafted": done.drafted + followed.drafted, "started": followed.started,
        "waiting": followed.waiting, "parked": [*done.parked, *followed.parked], "position": followed.position,
    }  # fmt: skip


def _print(done: Swept) -> None:
    told = _described(done)
    days = f"{told['days'][0]} – {told['days'][-1]}" if len(told["days"]) > 1 else "".join(told["days"]) or say("无", "none")
    print(say(f"处理日期：{days}", f"Days swept: {days}"))
    words = (
        ("verdicts", "灯变化", "lights turned"), ("duties", "责任事项变化", "duties changed"), ("warned", "到期提醒", "warnings"),
        ("escalated", "升级", "escalations"), ("drafted", "起草文书", "papers drafted"), ("started", "启动衔接", "handoffs started"),
        ("waiting", "等待的衔接", "handoffs waiting"),
    )  # fmt: skip
    for name, zh, en in words:
        if told[name]:
            print(f"  {say(zh, en)}  {told[name]}")
    for line in told["parked"]:
        print(say(f"  搁置：{line}", f"  parked: {line}"))
