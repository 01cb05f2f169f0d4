"""The ledger: entries a second with four writers, and the time to verify a million. `python -m bench.ledger [ENTRIES]`.

Set BIHUAN_BENCH_DATABASE to the URL of an empty PostgreSQL database to measure there; the default is a SQLite in a temporary folder.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import islice

_HOME = tempfile.TemporaryDirectory(prefix="bihuan-bench-")
os.environ["BIHUAN_HOME"] = _HOME.name
os.environ["BIHUAN_DATABASE"] = os.environ.pop("BIHUAN_BENCH_DATABASE", "")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402

from bench._measuring import Sheet, quick  # noqa: E402
from bihuan.foundation import ledger, verify  # noqa: E402
from bihuan.foundation.actions import record  # noqa: E402
from bihuan.foundation.ledger import New, canonical, digest, text_of  # noqa: E402
from bihuan.foundation.models import Event  # noqa: E402

START = datetime(2025, 7, 8, tzinfo=UTC)
WRITERS = 4
EACH = 500


def entry(number: int) -> New:
    """An entry like those a monthly sheet makes: one changed figure."""
    change = {"id": number % 1000, "key": f"P-{number % 1000:03d}", "field": "done", "period": "2025-06", "old": None, "new": number * 100}
    at = START + timedelta(seconds=number)
    return New("member.signed_in", {"changes": [change], "upload": number // 500, "sheet": "六月"}, "王县", at, "works.projects")


def write(sheet: Sheet) -> None:
    """Four writers, each committing one entry at a time."""
    connections.close_all()
    begun = time.monotonic()
    children = []
    for _ in range(WRITERS):
        child = os.fork()
        if not child:
            for number in range(EACH):
                record(entry(number))
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    seconds = time.monotonic() - begun
    sheet.note(f"账本·{WRITERS} 人同时逐条记账 {WRITERS} writers, one entry a transaction, {connection.vendor}", WRITERS * EACH, WRITERS * EACH / seconds, "/s", least=300)


def fill(size: int) -> None:
    """Make the ledger `size` entries long, as fast as the database takes them."""
    last, prev = ledger.head()
    rest = (entry(number) for number in range(last, size))
    while chunk := list(islice(rest, 10_000)):
        events = []
        for new in chunk:
            last += 1
            body = canonical(new.body)
            made = digest("sha256", prev + text_of(last, new, body))
            events.append(Event(seq=last, at=new.at, actor=new.actor, kind=new.kind, register=new.register, body=body, prev=prev, hash=made, algorithm="sha256"))
            prev = made
        Event.objects.bulk_create(events, batch_size=500)


def main() -> int:
    """Measure and print."""
    size = next((int(word) for word in sys.argv[1:] if word.isdecimal()), 20_000 if quick() else 1_000_000)
    sheet = Sheet()
    call_command("migrate", verbosity=0)
    write(sheet)
    fill(size)
    begun = time.monotonic()
    report = verify.verify()
    assert report.sound
    assert report.size == size
    sheet.note(f"账本·全部校验 verifying all of it, {connection.vendor}", size, time.monotonic() - begun, "s", most=60)
    return sheet.finish()


if __name__ == "__main__":
    raise SystemExit(main())
