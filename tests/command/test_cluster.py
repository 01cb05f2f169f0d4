"""`bihuan cluster` and `bihuan match --engine cluster`: the same totals, and refusals that say what to do."""

import json
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bihuan import clock
from bihuan.command import cluster, main
from bihuan.foundation.models import Event, PayList
from tests.computing import firms
from tests.computing.conftest import DAY
from tests.computing.small import moment
from tests.conftest import skip_or_fail
from tests.sails import LACKING, Sail, installed, sailing

pytestmark = pytest.mark.django_db
AT = ["--at", DAY.isoformat()]


@pytest.fixture(autouse=True)
def site(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """A folder for the columns, no cluster, and a command line that speaks Chinese."""
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    settings.BIHUAN_COLUMNS = tmp_path / "columns"
    settings.BIHUAN_CLUSTER = "sc://127.0.0.1:1"


@pytest.fixture
def city(site: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Two firms."""
    at = moment(DAY)
    monkeypatch.setattr(clock, "now", lambda: at)
    firms.build(at)
    firms.firm(1, at, {"revenue": 10_000, "research": 400}, above_scale="是", size="小型")
    firms.firm(2, at, {"revenue": 10_000}, above_scale="是")
    return at


def test_a_run_on_a_cluster_prints_what_it_prints_here(city: datetime, settings: Any, cluster_address: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings.BIHUAN_CLUSTER = cluster_address
    before = Event.objects.count()
    assert main(["match", *AT, "--format", "json"]) == 0
    here = json.loads(capsys.readouterr().out)
    assert main(["match", *AT, "--format", "json", "--engine", "cluster"]) == 0
    assert json.loads(capsys.readouterr().out) == here
    assert sum(line["amount"] for line in here["policies"]) > 0
    settings.BIHUAN_ENGINE = "cluster"
    assert main(["match", *AT, "--draft", "拟表人"]) == 0
    assert PayList.objects.get().position == before


def test_a_rule_is_rehearsed_there_as_here(city: datetime, settings: Any, cluster_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.BIHUAN_CLUSTER = cluster_address
    folder = tmp_path / "enterprise_policy"
    folder.mkdir()
    for name, text in firms.pack().files.items():
        (folder / name).write_text(text.replace("2024: {value: 3%, basis: 国科发火", "2024: {value: 5%, basis: 国科发火"), "utf-8")
    asked = ["match", *AT, "--with", str(folder), "--rehearse", "--format", "json"]
    assert main(asked) == 0
    here = json.loads(capsys.readouterr().out)
    assert main([*asked, "--engine", "cluster"]) == 0
    assert json.loads(capsys.readouterr().out) == here
    assert here["before"] > here["after"]


def test_a_check_says_that_all_is_the_same(city: datetime, settings: Any, cluster_address: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings.BIHUAN_CLUSTER = cluster_address
    assert main(["cluster", "check", *AT]) == 0
    assert "0 项不同" in capsys.readouterr().out


def test_a_cluster_that_is_not_there_is_refused_and_nothing_is_written(city: datetime, cluster_address: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = Event.objects.count()
    assert main(["match", *AT, "--engine", "cluster", "--draft", "拟表人"]) == 3
    assert "bihuan cluster start" in capsys.readouterr().err
    assert Event.objects.count() == before


def test_a_cluster_that_dies_in_the_middle_of_a_run_leaves_no_list(city: datetime, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    if not installed():
        skip_or_fail(LACKING)
    before = Event.objects.count()
    with sailing() as sail:
        settings.BIHUAN_CLUSTER = sail.address
        killer = threading.Thread(target=_kill_once_copied, args=(sail, settings.BIHUAN_COLUMNS))
        killer.start()
        assert main(["match", *AT, "--engine", "cluster", "--draft", "拟表人"]) == 3
        killer.join()
    assert "没有写入任何东西" in capsys.readouterr().err
    assert not PayList.objects.exists()
    assert Event.objects.count() == before


def _kill_once_copied(sail: Sail, folder: Path) -> None:
    """The columns are copied after the cluster has been tried out and before anything is asked of it."""
    while not list(folder.glob("*/columns.json")):
        time.sleep(0.005)
    sail.kill()


def test_without_its_packages_it_says_which_command_puts_them_in(city: datetime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(cluster, "import_module", missing)
    assert main(["match", *AT, "--engine", "cluster"]) == 3
    assert "make cluster" in capsys.readouterr().err


def test_one_row_is_not_asked_of_a_cluster(city: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", *AT, "--engine", "cluster", "--row", firms.code_of(1)]) == 2
    assert "整轮" in capsys.readouterr().err


def test_the_columns_are_written_where_the_setting_says(city: datetime, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cluster", "copy", *AT, "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert Path(said["folder"]).parent == settings.BIHUAN_COLUMNS
    assert said["position"] == Event.objects.count()


def test_a_server_to_try_is_for_this_machine_only(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.BIHUAN_CLUSTER = "sc://spark.example:15002"
    assert main(["cluster", "start"]) == 3
    assert "不在本机" in capsys.readouterr().err
    assert main(["cluster"]) == 0
    assert "BIHUAN_CLUSTER=sc://spark.example:15002" in capsys.readouterr().out


def test_a_second_server_on_the_same_port_is_refused(settings: Any, cluster_address: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings.BIHUAN_CLUSTER = cluster_address
    assert main(["cluster", "start"]) == 3
    assert "端口被占用" in capsys.readouterr().err
