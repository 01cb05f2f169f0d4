"""Tracked writes: one field of one row changed in a transaction of its own, and remembered. `python -m bench.tracked [--quick]`.

Ours, two trackers for Django, and Django without any, each in a process of its own on a SQLite of its own with the same settings (WAL, every commit
on the disk) and the same changes. Checked: the rows end with the same values everywhere, and every tracker has every change. The trackers keep a copy or a
difference; ours checks the right to write and the value, and chains the entry. `pip install -r bench/requirements-peers.txt` puts the peers in.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from bench._measuring import Sheet, quick, seconds

ROWS = 200
SEED = 20250708
WAN = 1_000_000
Change = tuple[int, int]
"""A row by number, and its new amount in 万元."""

APPS = {"django": [], "django-simple-history": ["simple_history"], "django-auditlog": ["auditlog"]}


def changes(count: int) -> list[Change]:
    """So many changes; none leaves its row as it was."""
    chance, last, made = random.Random(SEED), dict.fromkeys(range(ROWS), 0), list[Change]()
    while len(made) < count:
        row, amount = chance.randrange(ROWS), chance.randrange(1, 10_000)
        if last[row] != amount:
            last[row] = amount
            made.append((row, amount))
    return made


def digest(amounts: Mapping[str, int]) -> str:
    """The digest of the last amounts by code."""
    return hashlib.sha256(json.dumps(dict(sorted(amounts.items()))).encode()).hexdigest()[:12]


def main() -> int:
    """Measure all, or with --tracker one in this process."""
    parser = ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tracker", default="")
    options = parser.parse_args()
    count = 300 if options.quick else 3_000
    if options.tracker:
        found = _ours(count) if options.tracker == "bihuan" else _theirs(options.tracker, count)
        print(json.dumps(found | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
        return 0
    return _all(count)


def _all(count: int) -> int:
    wanted: dict[int, int] = dict.fromkeys(range(ROWS), 0)
    wanted.update(dict(changes(count)))
    expected = digest({_code(row): amount * WAN for row, amount in wanted.items()})
    sheet, lines, ours = Sheet(), [], 0.0
    for tracker in ("bihuan", *APPS):
        found = _in_a_process(tracker)
        if "failed" in found:
            lines.append(f"| {tracker} | — | | | | {found['failed'][:80]} |")
            continue
        ours = ours or found["median"]
        same = found["digest"] == expected and found["tracked"] == (0 if tracker == "django" else count)
        assert same, (tracker, found)
        lines.append(f"| {tracker} | {found['median'] * 1000:,.2f} | {found['median'] / ours:,.2f} | {1 / found['mean']:,.0f} | {found['peak']:,} | same |")
        sheet.note(f"留痕写入 tracked write: {tracker}", count, found["median"] * 1000, "ms")
    sheet.compare(f"留痕写入 tracked writes, {count:,} changes of {ROWS} rows", "| tracker | median ms | × ours | changes/s | peak MB | result |", lines)
    return sheet.finish()


def _in_a_process(tracker: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as home:
        asked = [sys.executable, "-m", "bench.tracked", "--tracker", tracker, *(["--quick"] if quick() else [])]
        around = os.environ | {"BIHUAN_HOME": home, "BIHUAN_BENCH_TRACKER": tracker, "BIHUAN_DATABASE": ""}
        done = subprocess.run(asked, check=False, capture_output=True, text=True, env=around)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}"}
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _code(row: int) -> str:
    return f"P-{row:05d}"


def _timed(count: int, write: Callable[[int, int], object]) -> dict[str, float]:
    took = [seconds(lambda row=row, amount=amount: write(row, amount)) for row, amount in changes(count)]
    return {"median": statistics.median(took), "mean": statistics.mean(took)}


# --- in the process of one tracker

_PACK = """
mechanism: projects
title: 项目
basis: 测量
register:
  title: 项目
  key: code
  name: name
  office: county
  fields:
    code: {title: 编码, kind: text, required: 是}
    name: {title: 名称, kind: text, required: 是}
    county: {title: 区划, kind: office, required: 是}
    amount: {title: 金额, kind: money, unit: 万元}
"""


def _ours(count: int) -> dict[str, Any]:
    city = import_module("bench._city")
    actions, access, models = (import_module(f"bihuan.foundation.{name}") for name in ("actions", "access", "models"))
    city.call_command("migrate", verbosity=0, interactive=False)
    actions.set_office(access.SYSTEM, actions.OfficeGiven("濮阳市", "city", ""), city.AT)
    actions.set_office(access.SYSTEM, actions.OfficeGiven("濮阳县", "county", "濮阳市"), city.AT)
    actions.adopt(access.SYSTEM, {"pack.yaml": city.HEAD, "projects.yaml": _PACK, "README.md": "# 测量\n"}, None, city.AT)
    rows = [actions.Incoming({"code": _code(row), "name": f"项目{row}", "county": "濮阳县", "amount": 0}) for row in range(ROWS)]
    versions = {entry.key: entry.version for entry in actions.record_entries(access.SYSTEM, city.REGISTER, rows, city.AT)}

    def write(row: int, amount: int) -> None:
        key = _code(row)
        versions[key] = actions.change_entry(access.SYSTEM, city.REGISTER, key, actions.Edit({"amount": amount}, versions[key]), city.AT).version

    took = _timed(count, write)
    amounts = {entry.key: entry.data["amount"] for entry in models.Entry.objects.filter(register=city.REGISTER)}
    return took | {"digest": digest(amounts), "tracked": models.Event.objects.filter(kind="entry.changed").count()}


def _theirs(tracker: str, count: int) -> dict[str, Any]:
    for app in APPS[tracker]:
        import_module(app)  # says what is missing before Django does
    django, conf = import_module("django"), import_module("django.conf")
    databases = import_module("bihuan.settings").DATABASES
    conf.settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *APPS[tracker], "bench.tracked_rows"],
        DATABASES=databases, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", SECRET_KEY="measured",
    )  # fmt: skip
    django.setup()
    import_module("django.core.management").call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    transaction, models = import_module("django.db.transaction"), import_module("bench.tracked_rows.models")
    made = models.Project.objects
    ids = [made.create(code=_code(row), name=f"项目{row}", office="濮阳县", amount=0).pk for row in range(ROWS)]

    def write(row: int, amount: int) -> None:
        with transaction.atomic():
            project = made.get(pk=ids[row])
            project.amount = amount * WAN
            project.save()

    took = _timed(count, write)
    return took | {"digest": digest(dict(made.values_list("code", "amount"))), "tracked": _tracked(tracker, models)}


def _tracked(tracker: str, models: Any) -> int:
    """How many changes the tracker has, the making of the rows left out."""
    if tracker == "django-simple-history":
        return int(models.Project.history.filter(history_type="~").count())
    if tracker == "django-auditlog":
        return int(import_module("auditlog.models").LogEntry.objects.filter(action=1).count())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
