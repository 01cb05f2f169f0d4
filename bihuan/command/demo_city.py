"""Raising, clearing and finding the demo city in the database of an open site."""

import sys
import time
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from bihuan import clock, databases
from bihuan.academy import city
from bihuan.academy.city import STEPS, Progress
from bihuan.academy.clearing import clear
from bihuan.command.language import say
from bihuan.command.outcomes import Refused
from bihuan.computing.sweep import high_water
from bihuan.demonstration import mark
from bihuan.foundation import ledger


def raise_city(*, fresh: bool, projects: int = 0) -> None:
    """Bring the tables up to date and the city up in them, unless it stands already."""
    _make_tables()
    if ledger.head()[0] and not city.stands():
        raise Refused(
            "这个数据库里有别的内容，不是演示城市，没有动它。\n请另选数据目录：BIHUAN_HOME=演示目录 bihuan demo",
            "This database holds something that is not the demo city; it was left alone.\nName another folder: BIHUAN_HOME=folder bihuan demo",
        )
    if fresh and city.stands():
        print(say("清掉上一座演示城市 …", "Throwing the last demo city away …"))
        clear()
        _make_tables()
    if city.stands():
        return
    print(say("正在建演示城市（一次写完，中断则不留半座）：", "Building the demo city (in one transaction; if interrupted, nothing is left):"))
    teller = _Teller()
    built = city.build(clock.now(), progress=teller.tell, projects=projects)
    teller.end()
    databases.tend(connections[DEFAULT_DB_ALIAS])
    for step, (zh, en) in STEPS.items():
        if step in built.deeds:
            print(f"  {say(zh, en)} {built.deeds[step]}")
    print(say(f"账本共 {built.entries} 条，用时 {teller.seconds():.0f} 秒", f"{built.entries} entries in the ledger, {teller.seconds():.0f} s"))
    for why in built.parked:
        print(say("搁置：", "parked: ") + why, file=sys.stderr)


def today() -> date:
    """The day the city has come to: the one it was built for, or the last that `bihuan tick` moved it on to."""
    return max(clock.today(), high_water() or clock.today())


def keep() -> None:
    """Mark the city of an embedded database as what it is, so that every later command finds it on the day it has come to."""
    if connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
        mark(settings.BIHUAN_HOME, today(), settings.BIHUAN_CITY)


def _make_tables() -> None:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


class _Teller:
    """Says how far the building is: on a terminal on one line, elsewhere a line for each tenth."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._tenth = -1
        self._terminal = sys.stdout.isatty()

    def tell(self, progress: Progress) -> None:
        """Say it, where there is anything new to say."""
        per_cent = progress.done * 100 // max(1, progress.total)
        line = f"{per_cent:3d}%  {progress.day}  {say(*STEPS[progress.step])}"
        if self._terminal:
            sys.stdout.write(f"\r  {line}\x1b[K")
            sys.stdout.flush()
        elif per_cent // 10 > self._tenth:
            self._tenth = per_cent // 10
            print(f"  {line}", flush=True)

    def end(self) -> None:
        """Leave the line."""
        if self._terminal:
            sys.stdout.write("\r\x1b[K")

    def seconds(self) -> float:
        """How long it took so far."""
        return time.monotonic() - self._began
