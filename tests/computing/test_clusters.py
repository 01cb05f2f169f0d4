"""One plan, any engine: what a cluster says of every pack that ships is what the columns say, to the last digit; and what happens when it cannot."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from bihuan.computing.copies import copied
from bihuan.computing.engine import TooSlow, run
from bihuan.computing.matching import matched, payable, totals
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.gathering import rows_table
from tests.applications.test_packs import linked
from tests.computing import firms
from tests.computing.everything import DAY, ROWS, columns_of
from tests.conftest import skip_or_fail
from tests.sails import LACKING, NO_SPARK, installed, sailing, spark_home, sparking

ENDLESS = "SELECT SUM(CAST(id AS DECIMAL(38, 0))) FROM RANGE(100000000000)"


@pytest.fixture(scope="module")
def columns() -> Columns:
    return columns_of(linked())


@pytest.fixture(scope="module")
def cluster(columns: Columns, cluster_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    clusters = import_module("bihuan.computing.clusters")
    with clusters.connected(cluster_address) as session:
        yield clusters.Cluster(session, cluster_address, columns, copied(columns, tmp_path_factory.mktemp("columns")))


@pytest.mark.slow
def test_every_pack_comes_out_the_same(columns: Columns, cluster: Any) -> None:
    found = list(import_module("bihuan.computing.agreeing").compared(columns, cluster, DAY))
    assert {one.what: one.differing for one in found if one.differing} == {}
    assert set(linked().registers) <= {one.what for one in found}
    assert len(found) > 190
    assert sum(one.answers for one in found) > 2_000


@pytest.mark.slow
def test_every_pack_comes_out_the_same_on_apache_spark(columns: Columns, tmp_path: Path) -> None:
    """The same 190 questions and more; minutes, for Spark plans each of them anew."""
    home = spark_home()
    if home is None or not installed():
        pytest.skip(NO_SPARK)
    clusters = import_module("bihuan.computing.clusters")
    with sparking(home, tmp_path) as address, clusters.connected(address) as session:
        there = clusters.Cluster(session, address, columns, copied(columns, tmp_path / "columns"))
        found = list(import_module("bihuan.computing.agreeing").compared(columns, there, DAY))
    assert {one.what: one.differing for one in found if one.differing} == {}
    assert len(found) > 190


def test_the_rows_that_are_compared_are_of_every_colour(columns: Columns) -> None:
    """So that the comparison means something: every light that judges rows is seen in more than one colour, or grey for want of data."""
    judged = import_module("bihuan.computing.judge").judge(columns, DAY).verdicts
    by_light: dict[str, set[str]] = {}
    for body in judged:
        by_light.setdefault(f"{body['mechanism']}.{body['light']}", set()).add(body["colour"])
    assert {"red", "yellow", "green", "grey"} <= set().union(*by_light.values())
    assert sum(len(colours) > 1 for colours in by_light.values()) > len(by_light) * 0.8


def test_what_turned_is_judged_there_as_here(columns: Columns, cluster: Any) -> None:
    judge = import_module("bihuan.computing.judge").judge
    names = {name for name in linked().registers if name.startswith("major_projects.")}
    asked = {name: range(1, ROWS + 1) for name in sorted(names)[:3]}
    assert sorted(judge(cluster, DAY, asked).verdicts, key=str) == sorted(judge(columns, DAY, asked).verdicts, key=str)


def test_personal_data_stay_here(columns: Columns, cluster: Any) -> None:
    table = rows_table("enterprise_service.appeals")
    assert run(columns, f"SELECT count(phone) AS n FROM {table}")[0]["n"] > 0
    assert "phone" not in run(cluster, f"SELECT * FROM {table}")[0]
    with pytest.raises(import_module("bihuan.computing.clusters").ClusterFailed, match="个人信息不出本机"):
        run(cluster, f'SELECT count("phone") AS n FROM {table}')


@pytest.fixture
def city(db: None, at: datetime) -> datetime:
    firms.build(at)
    firms.firm(1, at, {"revenue": 10_000, "research": 400}, above_scale="是", size="小型")
    firms.firm(2, at, {"revenue": 20_000, "research": 3_000}, above_scale="是", size="中型")
    firms.firm(3, at, {"revenue": 10_000}, above_scale="是")
    return at


def test_a_run_pays_what_it_pays_here(city: datetime, cluster_address: str, tmp_path: Path) -> None:
    found, view = firms.columns(city)
    clusters, entitled_on = import_module("bihuan.computing.clusters"), import_module("bihuan.computing.entitling").entitled_on
    with matched(found, view, city.date()) as here:
        wanted = (totals(here), payable(here))
    with clusters.connected(cluster_address) as session:
        there = clusters.Cluster(session, cluster_address, found, copied(found, tmp_path))
        with matched(found, view, city.date(), elsewhere=lambda *asked: entitled_on(there, *asked)) as run_there:
            assert (totals(run_there), payable(run_there)) == wanted
    assert sum(total.paid for total in wanted[0]) > 0


# --- when it cannot


def test_a_cluster_that_nobody_started_says_what_to_do() -> None:
    if not installed():
        skip_or_fail(LACKING)
    clusters = import_module("bihuan.computing.clusters")
    with pytest.raises(clusters.ClusterFailed, match="bihuan cluster start"), clusters.connected("sc://127.0.0.1:1"):
        pass


def test_a_cluster_that_dies_in_the_middle_is_refused_in_words(columns: Columns, tmp_path: Path) -> None:
    if not installed():
        skip_or_fail(LACKING)
    clusters = import_module("bihuan.computing.clusters")
    with sailing() as sail, clusters.connected(sail.address) as session:
        dying = clusters.Cluster(session, sail.address, columns, copied(columns, tmp_path))
        threading.Timer(0.5, sail.kill).start()
        begun = time.monotonic()
        with pytest.raises(clusters.ClusterFailed, match="没有写入任何东西"):
            dying.table(ENDLESS, ())
    assert time.monotonic() - begun < 20


def test_a_query_that_takes_too_long_there_is_given_up(columns: Columns, cluster_address: str, tmp_path: Path) -> None:
    clusters, begun = import_module("bihuan.computing.clusters"), time.monotonic()
    with clusters.connected(cluster_address) as session:
        slow = clusters.Cluster(session, cluster_address, columns, copied(columns, tmp_path))
        with pytest.raises(TooSlow, match="已停止"):
            slow.table(ENDLESS, (), seconds=0.5)
    assert time.monotonic() - begun < 20
