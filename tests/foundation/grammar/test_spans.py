"""Lengths of time that name a parameter: in force on the day that counts, and refused where they lead nowhere."""

from datetime import date

import pytest

from bihuan.foundation.grammar.catalogue import RegisterView, link, linked
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.rules.samples import sample_pack
from bihuan.foundation.grammar.spans import length, lengths, settled

PACK = """
parameters:
  reply: {title: 答复时限, unit: 工作日, since: {2024: {value: '7', basis: 本市约定}, 2025-03: {value: '5', basis: 本市约定}}}
  spare: {title: 宽限时间, unit: 天, since: {2024: {value: '2', basis: 本市约定}}}
  term: {title: 办结期限, unit: 个月, since: {2024: {value: '1', basis: 本市约定}}}
lifecycle:
  states: {filed: {title: 已提出}, done: {title: 已办结, final: 是}}
  start: filed
  moves: {finish: {title: 办结, from: [filed], to: done, who: [officer]}}
clocks:
  answer:
    title: 答复
    starts: [filed]
    stops: [done]
    limit: {by: county, 甲县: 答复时限, 乙县: 3 working_days}
    warn: 宽限时间
    extension: {at_most: 1, each: reply, approver: supervisor}
    escalate: [{after: 宽限时间, to: supervisor}]
    basis: 第三条
cadences:
  monthly: {title: 月报, every: month, due: 宽限时间, met_by: {updated: 是}, basis: 第三条}
"""


def view_of(sample: str = PACK) -> RegisterView:
    return link([sample_pack(sample)]).register("city.projects")


def test_a_clock_takes_the_length_in_force_on_the_day_it_starts() -> None:
    view = view_of()
    item = view.clocks["projects.answer"]
    before = settled(item.shape, view.parameters, date(2025, 2, 28), item.mechanism)
    after = settled(item.shape, view.parameters, date(2025, 3, 1), item.mechanism)
    assert (before.limit, after.limit) == (
        {"by": "county", "甲县": "7 working_days", "乙县": "3 working_days"},
        {"by": "county", "甲县": "5 working_days", "乙县": "3 working_days"},
    )
    assert (before.warn, before.escalate[0].after) == ("2 calendar_days", "2 calendar_days")
    assert before.extension is not None
    assert before.extension.each == "7 working_days"


def test_what_names_nothing_stays_as_it_is() -> None:
    view = view_of(PACK.replace("due: 宽限时间", "due: 3 calendar_days"))
    cadence = view.cadences["projects.monthly"].shape
    assert settled(cadence, view.parameters, date(2025, 1, 31)) is cadence


def test_every_length_is_found_with_its_place() -> None:
    found = dict(lengths(view_of().clocks["projects.answer"].shape))
    assert found["limit", "甲县"] == "答复时限"
    assert found["escalate", 0, "after"] == "宽限时间"
    assert found["extension", "each"] == "reply"


@pytest.mark.parametrize(("word", "said"), [("答复时限", "7个工作日"), ("term", "1个月"), ("3 calendar_days", "3天")])
def test_a_length_is_written_or_named_by_title_or_key(word: str, said: str) -> None:
    assert length(word, view_of().parameters, date(2024, 6, 1)).label == said


@pytest.mark.parametrize(("word", "day"), [("没有的", date(2025, 1, 1)), ("答复时限", date(2023, 12, 31))])
def test_a_name_without_a_value_is_refused(word: str, day: date) -> None:
    with pytest.raises(Refused):
        length(word, view_of().parameters, day)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("due: 宽限时间", "due: 宽限日", "是不是 宽限时间"),
        ("unit: 天", "unit: 次", "不能作期限"),
        ("value: '2'", "value: '2.5'", "不是期限"),
        ("since: {2024: {value: '2'", "since: {2025: {value: '2'", "还没有值"),
        ("乙县: 3 working_days", "乙县: 3 days", "写法不对"),
    ],
)
def test_linking_tells_a_length_that_leads_nowhere(old: str, new: str, said: str) -> None:
    assert any(said in problem.text() for problem in linked([sample_pack(PACK.replace(old, new))]).problems)
