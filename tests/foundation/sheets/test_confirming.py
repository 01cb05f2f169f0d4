"""Confirming writes all of a sheet or nothing, once, and only what was agreed to."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from bihuan.foundation.actions import FigureGiven, Rejected, receive_upload, record_figures
from bihuan.foundation.actions.uploads import path_of
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Event, Figure, Upload
from bihuan.foundation.replaying import compare
from bihuan.foundation.sheets.confirming import ANY_COLUMNS, Agreed, NotConfirmed, confirm
from bihuan.foundation.sheets.findings import Asked
from tests.foundation import city
from tests.foundation.sheets.conftest import Check, Confirm
from tests.foundation.sheets.makers import book

pytestmark = pytest.mark.postgres

JUNE = book([["编码", "计划投资", "完成投资"], ["P-001", 1000, 850], ["P-002", 2000, 1800]])


@pytest.mark.usefixtures("projects")
def test_a_sheet_becomes_one_entry_with_its_file_and_every_cell(confirmed: Confirm) -> None:
    done = confirmed(JUNE, period="2025-06")
    event = Event.objects.get(seq=done.first)
    body = body_of(event)
    assert (event.kind, done.first, event.actor) == ("figures.recorded", done.last, "王县")
    assert body["file"] == {"name": "月报.xlsx", "digest": done.checked.digest}
    assert [change["cell"] for change in body["changes"]] == ["B2", "C2", "B3", "C3"]
    assert Upload.objects.get().state == "confirmed"
    assert Figure.objects.get(entry__key="P-001", field="done").source == {"upload": 1, "sheet": "月报", "cell": "C2"}
    assert compare().count == 0


@pytest.mark.usefixtures("projects")
def test_the_encoding_of_a_csv_is_in_the_ledger(confirmed: Confirm) -> None:
    done = confirmed("编码,完成投资\r\nP-001,5\r\n".encode("gb18030"), period="2025-06", name="月报.csv")
    assert body_of(Event.objects.get(seq=done.first))["file"]["encoding"] == "gb18030"


@pytest.mark.usefixtures("projects")
def test_the_same_sheet_again_changes_nothing(confirmed: Confirm, checked: Check) -> None:
    first = confirmed(JUNE, period="2025-06")
    again = checked(JUNE, period="2025-06")
    assert (again.changes, again.counts.same, again.counts.same_cells) == ((), 2, 4)
    assert again.before > first.last
    done = confirmed(JUNE, period="2025-06")
    assert (done.first, done.last) == (0, 0)
    assert Event.objects.filter(kind="figures.recorded").count() == 1


@pytest.mark.usefixtures("projects")
def test_an_upload_is_confirmed_once(confirmed: Confirm) -> None:
    actor = city.actor("王县")
    upload = receive_upload(actor, city.PROJECTS, ANY_COLUMNS, "月报.xlsx", JUNE, city.NOW)
    confirm(upload, Asked(city.PROJECTS, "", "2025-06"), Agreed(), actor, city.NOW)
    upload.refresh_from_db()
    with pytest.raises(Rejected, match="已经处理过"):
        confirm(upload, Asked(city.PROJECTS, "", "2025-06"), Agreed(), actor, city.NOW)


@pytest.mark.usefixtures("projects")
def test_what_moved_since_it_was_agreed_to_is_shown_again(checked: Check, confirmed: Confirm) -> None:
    seen = checked(JUNE, period="2025-07")
    record_figures(city.actor("周办"), city.PROJECTS, [FigureGiven("P-001", "done", "2025-07", "900")], city.NOW)
    with pytest.raises(NotConfirmed) as caught:
        confirmed(JUNE, period="2025-07", agreed=Agreed(seen.fingerprint))
    moved = {(one.row, one.field): one.old for one in caught.value.checked.changes}
    assert moved["P-001", "done"] == 900_000_000
    assert Figure.objects.get().value == 900_000_000
    confirmed(JUNE, period="2025-07", agreed=Agreed(caught.value.checked.fingerprint))
    assert Figure.objects.get(entry__key="P-001", field="done").value == 850_000_000


@pytest.mark.usefixtures("projects")
def test_a_sheet_with_a_problem_writes_nothing(confirmed: Confirm) -> None:
    with pytest.raises(NotConfirmed) as caught:
        confirmed(book([["编码", "完成投资"], ["P-001", 1], ["P-009", 1]]), period="2025-06")
    assert caught.value.checked.refused
    assert not Figure.objects.exists()
    assert Event.objects.order_by("-seq")[0].kind == "upload.received"


@pytest.mark.usefixtures("projects")
def test_a_frozen_month_is_corrected_only_with_a_reason(confirmed: Confirm) -> None:
    march = book([["编码", "完成投资"], ["P-001", 1]])
    confirmed(march, period="2025-03")
    correction = book([["编码", "完成投资"], ["P-001", 2]])
    with pytest.raises(Rejected, match="更正须写明理由"):
        confirmed(correction, period="2025-03")
    done = confirmed(correction, period="2025-03", agreed=Agreed(reason="决算审计调整"))
    change = body_of(Event.objects.get(seq=done.first))["changes"][0]
    assert (change["old"], change["new"], change["restated"]) == (1_000_000, 2_000_000, True)


@pytest.mark.usefixtures("projects")
def test_bytes_that_were_changed_on_the_disk_are_not_confirmed() -> None:
    actor = city.actor("王县")
    upload = receive_upload(actor, city.PROJECTS, ANY_COLUMNS, "月报.xlsx", JUNE, city.NOW)
    Path(default_storage.path(path_of(upload.digest))).write_bytes(JUNE[:-1] + b"!")
    with pytest.raises(Rejected, match="重新上传"):
        confirm(upload, Asked(city.PROJECTS, "", "2025-06"), Agreed(), actor, city.NOW)
    again = receive_upload(actor, city.PROJECTS, ANY_COLUMNS, "月报.xlsx", JUNE, city.NOW)
    assert confirm(again, Asked(city.PROJECTS, "", "2025-06"), Agreed(), actor, city.NOW).last


# --- killed at any moment

CITY = """
import os, sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.foundation import city
city.build()
for number in range(1, 41):
    city.project(f"P-{number:03}")
"""
CONFIRM = """
import django
django.setup()
from pathlib import Path
from bihuan.foundation.actions import receive_upload
from bihuan.foundation.sheets.confirming import ANY_COLUMNS, Agreed, confirm
from bihuan.foundation.sheets.findings import Asked
from tests.foundation import city
actor = city.actor("王县")
print("ready", flush=True)
upload = receive_upload(actor, city.PROJECTS, ANY_COLUMNS, "月报.xlsx", Path("月报.xlsx").read_bytes(), city.NOW)
confirm(upload, Asked(city.PROJECTS, "", ""), Agreed(), actor, city.NOW)
print("done", flush=True)
"""
LOOK = """
import django
django.setup()
from bihuan.foundation.models import Event, Figure
from bihuan.foundation.replaying import compare
from bihuan.foundation.verify import verify
assert verify().sound and compare().count == 0
print(Figure.objects.count(), Event.objects.filter(kind="figures.recorded").count(), Event.objects.filter(kind="upload.settled").count())
"""


@pytest.mark.slow
def test_killed_while_confirming_all_is_written_or_nothing(tmp_path: Path) -> None:
    """SIGKILL after random times: after each the tables hold the whole sheet or none of it, and agree with the ledger."""
    months = [f"2025年{month}月完成投资" for month in range(1, 7)]
    root = Path(__file__).resolve().parents[3]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BIHUAN")},
        "BIHUAN_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "bihuan.settings", "PYTHONPATH": str(root),
    }  # fmt: skip

    def python(program: str) -> str:
        return subprocess.run([sys.executable, "-c", program], env=environment, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    python(CITY)
    written = 0
    chance = random.Random(20250708)
    for turn in range(12):
        rows = [["编码", *months], *([f"P-{number:03}", *[turn * 100 + number] * 6] for number in range(1, 41))]
        (tmp_path / "月报.xlsx").write_bytes(book(rows))
        process = subprocess.Popen([sys.executable, "-c", CONFIRM], env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.05, 0.6))
        process.send_signal(signal.SIGKILL)
        finished = "done" in process.stdout.read()
        process.wait()
        figures, events, settled = map(int, python(LOOK).split())
        assert events in ({written + 1} if finished else {written, written + 1})
        assert (figures, settled) == (240 if events else 0, events)
        written = events
