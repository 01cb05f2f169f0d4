"""A copy of the columns is whole or not there, belongs to one position of the ledger, and holds nothing personal."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bihuan.computing import copies
from bihuan.computing.copies import ABOUT, KEPT, copied
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.catalogue import link
from tests.applications.test_packs import shipped
from tests.computing.everything import ROWS, columns_of

PROJECTS = "r_major_projects__projects"
APPEALS = "r_enterprise_service__appeals"


@pytest.fixture(scope="module")
def columns() -> Columns:
    return columns_of(link(pack for pack in shipped() if pack.key in ("major_projects", "enterprise_service", "dispatch", "targets", "enterprise_policy")))


def test_what_is_in_a_copy_stands_beside_it(columns: Columns, tmp_path: Path) -> None:
    copy = copied(columns, tmp_path)
    about = json.loads((copy.folder / ABOUT).read_text("utf-8"))
    assert (about["position"], about["hash"]) == (columns.position, columns.hash)
    assert about["tables"][PROJECTS]["rows"] == ROWS == pq.read_metadata(copy.file_of(PROJECTS)).num_rows
    assert {f"{table}.parquet" for table in about["tables"]} | {ABOUT} == {file.name for file in copy.folder.iterdir()}


def test_personal_fields_are_not_in_it(columns: Columns, tmp_path: Path) -> None:
    copy = copied(columns, tmp_path)
    assert set(copy.withheld[APPEALS]) == {"contact", "phone"}
    assert not {"contact", "phone"} & set(pq.read_schema(copy.file_of(APPEALS)).names)


def test_the_same_position_is_written_once(columns: Columns, tmp_path: Path) -> None:
    first = copied(columns, tmp_path)
    written = first.file_of(PROJECTS).stat().st_mtime_ns
    assert copied(columns, tmp_path).folder == first.folder
    assert first.file_of(PROJECTS).stat().st_mtime_ns == written


def test_one_that_breaks_off_leaves_nothing_to_read(columns: Columns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        copied(columns, tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert copied(columns, tmp_path).file_of(PROJECTS).exists()


def test_what_a_killed_process_left_goes_after_a_day(columns: Columns, tmp_path: Path) -> None:
    left, fresh = tmp_path / ".7-abc.1", tmp_path / ".7-abc.2"
    for aside in (left, fresh):
        aside.mkdir()
    os.utime(left, (0, 0))
    copied(columns, tmp_path)
    assert not left.exists()
    assert fresh.exists()


def test_old_ones_go(columns: Columns, tmp_path: Path) -> None:
    made = []
    for position in range(1, KEPT + 2):
        made.append(copied(replace(columns, position=position, hash=f"{position:064d}"), tmp_path).folder)
    assert sorted(tmp_path.iterdir()) == sorted(made[-KEPT:])
