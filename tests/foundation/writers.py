"""Many processes writing at once, some of them killed: `python -m tests.foundation.writers EXPERIMENT NUMBER` prints what came of it.

One parent without an open connection forks the writers; each acknowledged write is one line in a pipe. The parent ends only
processes that it started, by their ids.
"""

import json
import os
import random
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connection, connections  # noqa: E402

from bihuan.foundation import ledger, projections, replaying, verify  # noqa: E402
from bihuan.foundation.actions import (  # noqa: E402
    Conflict,
    Draft,
    Edit,
    FigureGiven,
    change_entry,
    check_paper,
    draft_paper,
    issue_paper,
    record,
    record_figures,
    sign_paper,
)
from bihuan.foundation.ledger import New  # noqa: E402
from bihuan.foundation.models import Entry, Event, Paper  # noqa: E402
from tests.foundation import city  # noqa: E402

Writer = Callable[[int], None]

LATEST_KILL = 0.25
"""Seconds after the first acknowledgement by which the writers are dead; a control leaves its gap open as long, so that a kill meets it."""


def acknowledge(event: Event) -> None:
    """Tell the parent that this write was answered for."""
    os.write(1, f"{event.seq} {event.hash}\n".encode())


def an_office(number: int) -> New:
    """An entry that makes an office."""
    body = {"code": f"第{number}县", "name": "县", "name_en": "", "kind": "county", "parent": "", "closed": False}
    return New("office.set", body, "bihuan", city.NOW)


# --- writers


def figures(start: int) -> None:
    """Record one figure after another, for ever."""
    officer, number = city.actor("王县"), start * 1_000_000
    while True:
        number += 1
        period = f"{1900 + number % 299}-{number % 12 + 1:02d}"
        event = record_figures(officer, city.PROJECTS, [FigureGiven("P-001", "planned", period, str(number))], city.NOW)
        if event:
            acknowledge(event)


def half(start: int) -> None:
    """A control: the entry in one transaction, the tables in another."""
    for number in range(start * 1_000_000, (start + 1) * 1_000_000):
        with ledger.writing():
            event = ledger.append(an_office(number))
        acknowledge(event)
        time.sleep(LATEST_KILL)
        with ledger.writing():
            projections.apply(event)


def hasty(start: int) -> None:
    """A control: acknowledge before the transaction is committed."""
    for number in range(start * 1_000_000, (start + 1) * 1_000_000):
        with ledger.writing():
            acknowledge(record(an_office(number)))
            time.sleep(LATEST_KILL)


def edits(count: int) -> None:
    """Add one to the estimate so often, each time as read, and again where somebody was quicker."""
    officer = city.actor("王县")
    while count:
        entry = Entry.objects.get(register=city.PROJECTS, key="P-001")
        more = str(entry.data["estimate"] // 1_000_000 + 1)
        try:
            change_entry(officer, city.PROJECTS, "P-001", Edit({"estimate": more}, entry.version), city.NOW)
        except Conflict:
            continue
        count -= 1


def blind_edits(count: int) -> None:
    """The control of `edits`: save what was read."""
    for _ in range(count):
        entry = Entry.objects.get(register=city.PROJECTS, key="P-001")
        entry.data["estimate"] += 1_000_000
        entry.save()


def appends(count: int) -> None:
    """So many entries, as fast as they go."""
    for number in range(count):
        record(New("member.signed_in", {"number": number}, "bihuan", city.NOW))


def papers(count: int) -> None:
    """So many papers, each drafted, checked, signed and issued in transactions of their own."""
    for number in range(count):
        draft = Draft(city.PROJECTS, city.PROJECTS, "bulletin", "通报", {"parts": [{"text": f"{os.getpid()} {number}"}]})
        paper = draft_paper(city.actor("赵市"), draft, city.NOW)
        check_paper(city.actor("孙督"), paper.pk, draft, city.NOW)
        sign_paper(city.actor("陈领"), paper.pk, draft, city.NOW)
        issue_paper(city.actor("孙督"), paper.pk, draft, city.NOW)


def until_full(room: int) -> None:
    """Write until the disk has no more room."""
    size = Path(connection.settings_dict["NAME"]).stat().st_size + room
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        figures(1)
    except OperationalError:
        os._exit(28)


# --- experiments


def started(writer: Writer, argument: int, pipe: int) -> int:
    """Fork a writer whose acknowledgements go into the pipe; gives its id."""
    child = os.fork()
    if child:
        return child
    os.dup2(pipe, 1)
    try:
        writer(argument)
    except Exception as error:  # noqa: BLE001 - the child must not return into the parent's code
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    os._exit(0)


def collect(pipe: int, heard: bytes = b"") -> dict[int, str]:
    """What was acknowledged, by number, after what was heard before. A line cut off by the kill was not."""
    with os.fdopen(pipe, "rb") as rest:
        lines = (heard + rest.read()).decode("ascii").splitlines(keepends=True)
    whole = [line.split() for line in lines if line.endswith("\n")]
    return {int(seq): made for seq, made in whole}


def killed(writer: Writer, numbers: Iterator[int]) -> dict[int, str]:
    """Three writers, all killed at a random moment once one of them was heard, however long that takes; what they had acknowledged."""
    connections.close_all()
    read, write = os.pipe()
    children = [started(writer, next(numbers), write) for _ in range(3)]
    os.close(write)
    heard = os.read(read, select.PIPE_BUF)
    time.sleep(random.uniform(0, LATEST_KILL))
    for child in children:
        os.kill(child, signal.SIGKILL)
    for child in children:
        os.waitpid(child, 0)
    return collect(read, heard)


def state() -> dict[int, str]:
    """The whole ledger, after whatever the dead left behind has ended."""
    with ledger.writing():
        return dict(Event.objects.values_list("seq", "hash"))


def kill(runs: int, writer: Writer = figures) -> dict[str, Any]:
    """Kill the writers so often; count what was acknowledged, lost, and told differently by ledger and tables."""
    found = {"acknowledged": 0, "lost": 0, "unsound": 0, "different": 0}
    numbers = iter(range(1, 10_000))
    for run in range(1, runs + 1):
        acknowledged = killed(writer, numbers)
        there = state()
        found["acknowledged"] += len(acknowledged)
        found["lost"] += sum(there.get(seq) != made for seq, made in acknowledged.items())
        if run % 5 == 0:
            found["unsound"] += not verify.verify().sound
            found["different"] += replaying.compare().count > 0
    return found


def together(writer: Writer, count: int, processes: int = 4) -> dict[str, Any]:
    """Several writers at once to their end; how each ended, and how long it took."""
    connections.close_all()
    begun = time.monotonic()
    children = [started(writer, count, 2) for _ in range(processes)]
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    return {"ends": ends, "seconds": time.monotonic() - begun}


def lost_updates(count: int, writer: Writer = edits) -> dict[str, Any]:
    """Four editors of one row; how many of their edits are in it at the end."""
    before = Entry.objects.get(key="P-001").data["estimate"]
    ends = together(writer, count)["ends"]
    after = Entry.objects.get(key="P-001")
    kept = (after.data["estimate"] - before) // 1_000_000
    return {"ends": ends, "kept": kept, "versions": after.version, "sound": verify.verify().sound}


def throughput(count: int) -> dict[str, Any]:
    """Four writers of so many entries each: entries a second, and whether the chain is whole."""
    took = together(appends, count)
    return {**took, "per_second": round(4 * count / took["seconds"]), "sound": verify.verify().sound}


def numbered(count: int) -> dict[str, Any]:
    """Four offices issue so many papers each at once: the numbers they got."""
    ends = together(papers, count)["ends"]
    serials = sorted(Paper.objects.filter(state="issued").values_list("serial", flat=True))
    return {"ends": ends, "gaps": serials != list(range(1, 4 * count + 1)), **_whole()}


def disk_full(room: int) -> dict[str, Any]:
    """One writer until its disk is full; then what stands, and whether writing goes on once there is room again."""
    connections.close_all()
    read, write = os.pipe()
    child = started(until_full, room, write)
    os.close(write)
    acknowledged = collect(read)
    end = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    there = state()
    lost = sum(there.get(seq) != made for seq, made in acknowledged.items())
    again = record(an_office(1)).seq
    return {"end": end, "acknowledged": len(acknowledged), "lost": lost, "again": again == len(there) + 1, **_whole()}


def _whole() -> dict[str, bool]:
    return {"sound": verify.verify().sound, "equal": replaying.compare().count == 0}


EXPERIMENTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "kill": kill,
    "kill_half": lambda runs: kill(runs, half),
    "kill_hasty": lambda runs: kill(runs, hasty),
    "lost_updates": lost_updates,
    "lost_blind_updates": lambda count: lost_updates(count, blind_edits),
    "throughput": throughput,
    "numbered": numbered,
    "disk_full": disk_full,
}

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    city.build()
    city.project()
    print(json.dumps(EXPERIMENTS[sys.argv[1]](int(sys.argv[2]))))
