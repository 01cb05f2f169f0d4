"""Rows that come with a past: in the state they had reached, and only where their dates tell of it."""

from datetime import date
from typing import Any

import pytest

from bihuan.foundation import ledger
from bihuan.foundation.actions import Incoming, Past, Rejected, Source, record_entries, record_past
from bihuan.foundation.models import Duty, Entry, Event
from tests.foundation.city import MATTERS, NOW, PROJECTS, actor

FROM_BEFORE = Source(reason="原项目库导出")
MARCH = date(2025, 3, 1)


def past(code: str = "P-001", state: str = "signed", since: date | None = MARCH, **more: object) -> Past:
    values: dict[str, object] = {"code": code, "name": f"{code} 项目", "county": "濮阳县", "signed_on": "2025-03-01", **more}
    return Past(values, state, since)


def bring(*rows: Past, register: str = PROJECTS, source: Source = FROM_BEFORE, who: str = "赵市") -> Event:
    return record_past(actor(who), register, rows, NOW, source)


def refusal(*rows: Past, **more: Any) -> str:
    with pytest.raises(Rejected) as caught:
        bring(*rows, **more)
    assert not Entry.objects.exists()
    return str(caught.value)


def test_a_row_stands_in_the_state_it_had_reached(small_city: None) -> None:
    event = bring(past(), past("P-002", "building"))
    assert event.kind == "entries.imported"
    assert ledger.body_of(event)["reason"] == "原项目库导出"
    first, second = Entry.objects.order_by("key")
    assert (first.state, first.state_since, first.office) == ("signed", MARCH, "濮阳县")
    assert second.state == "building"


def test_the_source_must_be_said(small_city: None) -> None:
    assert "来源" in refusal(past(), source=Source())


def test_dates_must_lead_to_the_state(small_city: None) -> None:
    assert "缺少 signed_on" in refusal(past(signed_on=None))
    assert "应是 2025-03-01，不是 2025-04-01" in refusal(past(since=date(2025, 4, 1)))
    assert "晚于今天" in refusal(past(since=date(2025, 8, 1), signed_on="2025-08-01"))
    assert "没有“elsewhere”这个状态" in refusal(past(state="elsewhere"))
    assert "进入日期" in refusal(past(since=None))


def test_a_row_brings_its_key(small_city: None) -> None:
    row = Past({"county": "濮阳县"}, "reported", MARCH)
    assert "带原来的编号" in refusal(row, register=MATTERS)


def test_a_running_clock_cannot_be_brought_along(small_city: None) -> None:
    assert "有时限" in refusal(Past({"code": "JB-1", "county": "濮阳县"}, "received", MARCH), register=MATTERS)
    bring(Past({"code": "JB-2", "county": "濮阳县"}, "reported", MARCH), register=MATTERS)
    assert not Duty.objects.exists()


def test_the_same_row_is_not_taken_twice(small_city: None) -> None:
    record_entries(actor("赵市"), PROJECTS, [Incoming({"code": "P-001", "name": "甲", "county": "濮阳县"})], NOW)
    with pytest.raises(Rejected, match="已经登记过"):
        bring(past())
