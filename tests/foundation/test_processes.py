"""Many processes at once, some killed, one on a full disk. Every promise has a control that breaks it and is caught."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pysqlite3
import pytest

from tests.conftest import ROOT
from tests.experiments import Experiment

pytestmark = pytest.mark.slow  # processes of their own, killed and counted

ACTORS = "tests.foundation.writers"


def test_what_was_acknowledged_survives_kill_9_and_the_tables_agree(anywhere: Experiment) -> None:
    found = anywhere("kill", 20)
    assert found["acknowledged"] >= 20, "on average every run must have something to lose, however slow the machine"
    assert (found["lost"], found["unsound"], found["different"]) == (0, 0, 0)


def test_the_kill_loop_catches_tables_written_apart_from_the_ledger(on_sqlite: Experiment) -> None:
    assert on_sqlite("kill_half", 5)["different"] > 0


def test_the_kill_loop_catches_an_answer_given_too_early(on_sqlite: Experiment) -> None:
    assert on_sqlite("kill_hasty", 5)["lost"] > 0


def test_no_edit_of_four_editors_is_lost(anywhere: Experiment) -> None:
    found = anywhere("lost_updates", 25)
    assert found == {"ends": [0, 0, 0, 0], "kept": 100, "versions": 101, "sound": True}


def test_edits_without_a_version_are_lost(on_sqlite: Experiment) -> None:
    assert on_sqlite("lost_blind_updates", 25)["kept"] < 100


def test_four_writers_make_one_chain_without_a_gap(anywhere: Experiment) -> None:
    found = anywhere("throughput", 50)
    assert found["ends"] == [0, 0, 0, 0]
    assert found["sound"]


def test_papers_issued_by_four_at_once_are_numbered_without_a_gap(anywhere: Experiment) -> None:
    assert anywhere("numbered", 4) == {"ends": [0, 0, 0, 0], "gaps": False, "sound": True, "equal": True}


def test_a_full_disk_refuses_loses_nothing_and_writing_goes_on_when_there_is_room(on_sqlite: Experiment) -> None:
    found = on_sqlite("disk_full", 400_000)
    assert found["end"] == 28, "the write that did not fit was refused"
    assert found["acknowledged"] > 5
    assert (found["lost"], found["again"], found["sound"], found["equal"]) == (0, True, True, True)


def test_the_verifier_printed_in_the_documentation_works_without_our_code(on_sqlite: Experiment, tmp_path: Path) -> None:
    on_sqlite("throughput", 5)
    program = (ROOT / "docs" / "ledger.md").read_text("utf-8").partition("```python\n")[2].partition("```")[0]
    with closing(pysqlite3.connect(tmp_path / "bihuan.sqlite3")) as live:
        live.execute("VACUUM INTO ?", [str(tmp_path / "copy.sqlite3")])
    assert _alone(program, tmp_path).stdout.startswith("sound: ")
    with closing(pysqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        copy.execute("DROP TRIGGER event_refuses_update")
        copy.execute("UPDATE foundation_event SET actor = 'nobody' WHERE seq = 7")
        copy.commit()
    assert _alone(program, tmp_path).stderr == "line 7: broken\n"


def _alone(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", "-c", program, "copy.sqlite3"], cwd=folder, capture_output=True, text=True, check=False)
