"""`bihuan quota`, `allocate` and `allocations`: from what was issued to what is booked, with refusals in words and exit codes."""

import json
from datetime import datetime

import pytest

from bihuan import clock
from bihuan.command import main
from bihuan.foundation.models import Allocation, Event
from tests.computing import shared
from tests.computing.conftest import DAY
from tests.computing.small import moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Two requests, of which one fits, and a command line that speaks Chinese."""
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    at = moment(DAY)
    monkeypatch.setattr(clock, "now", lambda: at)
    shared.build(at)
    shared.request("A", at, 60, 90)
    shared.request("B", at, 50, 80)
    return at


def test_the_accounts_are_told_and_an_amount_is_booked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quota", "land", "--from", "city", "--to", "county/甲县", "--amount", "20亩", "--basis", "调剂", "--as", "复核人", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["accounts"]["county/甲县"] == 1200
    assert main(["quota", "land", "--from", "city", "--to", "county/甲县", "--amount", "900亩", "--basis", "调剂", "--as", "复核人"]) == 1
    assert "不够 900.0亩" in capsys.readouterr().err
    assert main(["quota", "水"]) == 3


def test_who_gets_what_is_printed_and_nothing_written(capsys: pytest.CaptureFixture[str]) -> None:
    before = Event.objects.count()
    assert main(["allocate", "land"]) == 0
    said = capsys.readouterr().out
    assert "可用 40.0亩，放不下" in said
    assert "2 件，1 件共 60.0亩" in said
    assert main(["allocate", "land", "--format", "json"]) == 0
    assert [line["amount"] for line in json.loads(capsys.readouterr().out)["lines"]] == [600, 0]
    assert Event.objects.count() == before


def test_from_draft_to_booked_and_computed_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["allocate", "land", "--draft", "拟案人"]) == 0
    number = str(Allocation.objects.get().pk)
    assert main(["allocations", "review", number, "--as", "复核人"]) == 0
    assert main(["allocations", "confirm", number, "--as", "复核人"]) == 1
    assert main(["allocations", "confirm", number, "--as", "批准人"]) == 0
    assert main(["allocations", "again", number]) == 0
    assert "分毫不差" in capsys.readouterr().out
    assert main(["allocations"]) == 0
    assert "已确认  1/2" in capsys.readouterr().out
    assert main(["allocations", "drop", number, "--as", "拟案人", "--reason", "晚了"]) == 1
