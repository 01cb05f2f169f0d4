"""Rows that belong to whoever handed them in: an enterprise or a citizen follows their own, gives what is asked, and decides at the end."""

from datetime import date, datetime, timedelta

import pytest

from bihuan.foundation.access import SYSTEM, charge, visible
from bihuan.foundation.actions import (
    Edit,
    Forbidden,
    Incoming,
    MemberGiven,
    Rejected,
    Step,
    adopt,
    change_entry,
    move,
    record_entries,
    set_member,
    set_roles,
)
from bihuan.foundation.actions.writing import view_of
from bihuan.foundation.models import Assignment, Duty, Entry
from tests.foundation.city import NOW, actor

pytestmark = [pytest.mark.usefixtures("small_city")]

APPEALS = "help.appeals"
FILES = {
    "pack.yaml": """
pack: help
title: 助企
title_en: Help
version: '1'
owner: 发改委
basis: 《办法》
in_force: 2024-01
roles: {officer: {title: 经办}, enterprise: {title: 企业}, citizen: {title: 公众}}
""",
    "appeals.yaml": """
mechanism: appeals
title: 诉求
basis: 第一条
register:
  title: 诉求
  key: code
  numbered: SQ-{号:3}
  name: matter
  office: handler
  enterprise: firm
  recorded_by: [officer, enterprise, citizen]
  changed_by: [officer]
  hand_in: [matter]
  recorded_on: filed_on
  fields:
    code: {title: 编号, kind: text}
    matter: {title: 事项, kind: text, required: yes}
    firm: {title: 企业, kind: text}
    handler: {title: 承办单位, kind: office, default: 发改委}
    filed_on: {title: 提出日期, kind: date, required: yes}
    result: {title: 结果, kind: text}
    stars: {title: 满意度, kind: choice, choices: [差, 好], rated: yes}
    remark: {title: 评价, kind: text}
assignments:
  appellant: {title: 诉求人, who: [enterprise, citizen], recorder: yes, exactly: any}
lifecycle:
  states: {filed: {title: 已提交}, handled: {title: 已答复}, again: {title: 重办}, confirmed: {title: 已解决, final: yes}}
  start: filed
  moves:
    handle: {title: 答复, from: [filed, again], to: handled, who: officer, needs: result, also: handler}
    confirm: {title: 确认, from: handled, to: confirmed, who: [enterprise, appellant], needs: stars, also: remark, other_than: handle}
    reopen: {title: 不满意, from: handled, to: again, who: [enterprise, appellant], reason: yes}
clocks:
  answer: {title: 答复时限, starts: [filed, again], stops: handled, limit: 3 working_days}
  decide: {title: 确认时限, starts: handled, stops: [confirmed, again], limit: 5 working_days, owner: appellant}
  watch: {title: 诉求人知悉, starts: filed, stops: handled, limit: 5 working_days, owner: appellant}
""",
}


@pytest.fixture(autouse=True)
def appeals(small_city: None) -> None:
    adopt(SYSTEM, FILES, None, NOW)
    set_member(SYSTEM, MemberGiven("市民", "市民本名"), NOW)
    set_roles(SYSTEM, "市民", ["citizen"], NOW)


def filed(who: str, **more: object) -> Entry:
    return record_entries(actor(who), APPEALS, [Incoming({"matter": "门前路灯不亮", **more})], NOW)[0]


def go(entry: Entry, name: str, who: str, at: datetime = NOW, **more: object) -> Entry:
    version = Entry.objects.get(pk=entry.pk).version
    return move(actor(who), APPEALS, entry.key, Step(name, version, **more), at)  # type: ignore[arg-type]


def sees(who: str) -> set[int]:
    return set(Entry.objects.filter(visible(actor(who), view_of(APPEALS, NOW)).condition()).values_list("pk", flat=True))


def test_what_nobody_need_be_asked_is_filled_in() -> None:
    entry = filed("甲企")
    assert (entry.enterprise, entry.office, entry.data["filed_on"]) == ("甲公司", "发改委", "2025-07-08")
    assert filed("公民").enterprise == ""


def test_each_sees_their_own_and_nobody_elses() -> None:
    mine, other, firm = filed("公民"), filed("市民"), filed("甲企")
    assert sees("公民") == {mine.pk}
    assert sees("市民") == {other.pk}
    assert sees("甲企") == {firm.pk}
    assert sees("乙企") == set()
    assert not charge(actor("市民"), view_of(APPEALS, NOW)).holds(mine)


def test_the_recorder_carries_it_from_that_day_and_owes_what_is_theirs() -> None:
    entry = filed("公民")
    held = Assignment.objects.get(entry=entry)
    assert (held.role, held.member, held.from_day) == ("appellant", "公民", date(2025, 7, 8))
    assert Duty.objects.get(entry=entry, name="watch").member == "公民"
    go(entry, "handle", "赵市", values={"result": "已修"})
    assert Duty.objects.get(entry=entry, name="decide").member == "公民"


def test_an_officer_who_records_for_somebody_carries_nothing() -> None:
    assert not Assignment.objects.filter(entry=filed("赵市", firm="甲公司")).exists()


def test_only_the_appellant_confirms_or_sends_it_back() -> None:
    entry = filed("公民")
    go(entry, "handle", "赵市", values={"result": "已修"})
    for who in ("市民", "甲企", "王县"):
        with pytest.raises(Forbidden):
            go(entry, "confirm", who, values={"stars": "好"})
    with pytest.raises(Rejected, match="须由企业、诉求人办理"):
        go(entry, "confirm", "赵市", values={"stars": "好"})
    with pytest.raises(Rejected, match="须写明理由"):
        go(entry, "reopen", "公民")
    assert go(entry, "reopen", "公民", reason="还是不亮").state == "again"
    go(entry, "handle", "赵市", values={"result": "换了灯"})
    assert go(entry, "confirm", "公民", values={"stars": "好", "remark": "谢谢"}).state == "confirmed"


def test_an_outsider_gives_only_what_is_asked_of_them() -> None:
    with pytest.raises(Rejected, match="由承办单位填写"):
        filed("甲企", result="已解决")
    entry = filed("甲企")
    with pytest.raises(Forbidden):
        change_entry(actor("甲企"), APPEALS, entry.key, Edit({"result": "已解决"}, entry.version), NOW)
    go(entry, "handle", "赵市", values={"result": "已修"})
    with pytest.raises(Rejected, match="这一步不填这一项"):
        go(entry, "confirm", "甲企", values={"stars": "好", "result": "不用了"})


def test_an_enterprise_files_for_itself_and_for_nobody_else() -> None:
    with pytest.raises(Forbidden):
        filed("甲企", firm="乙公司")


def test_what_stays_open_goes_with_the_row_to_its_new_office_and_what_is_done_stays() -> None:
    entry = filed("公民")
    go(entry, "handle", "赵市", NOW + timedelta(days=1), values={"result": "已转", "handler": "濮阳县"})
    offices = dict(Duty.objects.filter(entry=entry).values_list("name", "office"))
    assert offices == {"answer": "发改委", "watch": "发改委", "decide": "濮阳县"}
