"""`bihuan duplicates`: pairs with their reasons for people and for programs, and refusals in words."""

import json
from datetime import datetime

import pytest

from bihuan import clock
from bihuan.command import main
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Incoming, Rejected, merge, record_entries, tell_apart, unmerge
from bihuan.foundation.models import Entry, Event
from tests.computing import firms
from tests.computing.conftest import DAY
from tests.computing.small import moment

pytestmark = pytest.mark.django_db

SAME = {"address": "甲县人民路八号", "legal_person": "王建国", "phone": "13912345678"}


@pytest.fixture(autouse=True)
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A firm with a code, the same firm without one, and another."""
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    at = moment(DAY)
    monkeypatch.setattr(clock, "now", lambda: at)
    firms.build(at)
    firms.firm(1, at, name="甲县宏业化工有限公司", **SAME)
    firms.firm(2, at, name="甲县远大商贸有限公司")
    row = {"name": "宏业化工（甲县）有限责任公司", "county": "甲县", "code_given": "91410900000000", **SAME, "address": "甲县人民路8号"}
    record_entries(SYSTEM, firms.REGISTER, [Incoming(row)], at)
    return at


def pairs(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    assert main(["duplicates", firms.REGISTER, "--format", "json"]) == 0
    return [[row["key"] for row in pair["rows"]] for pair in json.loads(capsys.readouterr().out)["pairs"]]


def test_a_pair_is_printed_with_what_agrees_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = Event.objects.count()
    assert main(["duplicates", firms.REGISTER]) == 0
    said = capsys.readouterr().out
    assert "甲县宏业化工有限公司  =?  待核-2025-00001 宏业化工（甲县）有限责任公司" in said
    assert "联系电话：相同（有力，+" in said
    assert "13912345678" not in said
    assert "1 对疑似重复" in said
    assert Event.objects.count() == before


def test_without_a_register_each_that_tells_duplicates_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duplicates"]) == 0
    assert "1 对疑似重复" in capsys.readouterr().out
    assert main(["duplicates", "--format", "json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["registers"]
    assert told["register"] == firms.REGISTER
    assert len(told["pairs"]) == 1


def test_a_pair_told_apart_or_merged_is_not_printed_again(capsys: pytest.CaptureFixture[str], city: datetime) -> None:
    assert pairs(capsys) == [[firms.code_of(1), "待核-2025-00001"]]
    tell_apart(SYSTEM, firms.REGISTER, (firms.code_of(1), "待核-2025-00001"), city)
    assert pairs(capsys) == []


def test_a_merged_row_is_no_candidate_any_more(capsys: pytest.CaptureFixture[str], city: datetime) -> None:
    merge(SYSTEM, firms.REGISTER, firms.code_of(1), {"待核-2025-00001": 1}, city)
    assert pairs(capsys) == []
    assert Entry.objects.get(key="待核-2025-00001").merged_into


def test_once_the_code_is_known_the_row_is_recorded_with_it_and_takes_in_the_one_that_waited(city: datetime) -> None:
    waiting = Entry.objects.get(key="待核-2025-00001")
    firms.firm(7, city, name=waiting.title)
    with pytest.raises(Rejected, match="已经登记过"):
        record_entries(SYSTEM, firms.REGISTER, [Incoming({"name": waiting.title, "county": "甲县"})], city)
    merge(SYSTEM, firms.REGISTER, firms.code_of(7), {waiting.key: 1}, city)
    unmerge(SYSTEM, firms.REGISTER, waiting.key, city, "代码属于另一家")
    assert not Entry.objects.get(key=waiting.key).withdrawn


def test_a_register_that_says_nothing_of_duplicates_is_refused_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duplicates", "enterprise_policy.nothing"]) == 3
    assert firms.REGISTER in capsys.readouterr().err
