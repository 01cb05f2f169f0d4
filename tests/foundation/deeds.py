"""Every action once, in an order in which each has what it needs: for replay, for failing at the Nth statement, for audit."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import (
    AllocationDraft,
    Charge,
    Draft,
    Edit,
    FigureGiven,
    GrantLine,
    HandSet,
    Incoming,
    MemberGiven,
    OfficeGiven,
    Past,
    PayDraft,
    PayLine,
    PostingGiven,
    Source,
    Step,
    adopt,
    archive_paper,
    assign,
    carry_out,
    change_entries,
    change_entry,
    check_paper,
    close_duty,
    confirm_allocation,
    confirm_payments,
    draft_allocation,
    draft_paper,
    draft_payments,
    drop_allocation,
    drop_paper,
    drop_payments,
    end_sessions,
    erase_entry,
    erase_member,
    extend,
    issue_paper,
    keep_figures,
    locked_out,
    merge,
    move,
    override,
    pause,
    post_quota,
    preview,
    receive_upload,
    reconsider,
    record,
    record_entries,
    record_figures,
    record_past,
    renew_paper,
    restore,
    resume,
    return_paper,
    reveal,
    review_allocation,
    review_payments,
    seal,
    set_member,
    set_office,
    set_password,
    set_roles,
    settle_upload,
    sign_paper,
    signed_in,
    tell_apart,
    unmerge,
    withdraw_entry,
)
from bihuan.foundation.actions.bulk import SetField
from bihuan.foundation.actions.duties import ask, decline
from bihuan.foundation.actions.invitations import InvitationGiven, accept_invitation, invite, revoke_invitation
from bihuan.foundation.ledger import New
from bihuan.foundation.models import Allocation, Entry, Member, Override, Paper, PayList, Upload
from tests.foundation.city import FILES, MATTERS, NOW, PROJECTS, actor

LATER = NOW + timedelta(days=1)
CLOCK = "clock|works.matters|JB-2025-001|works.matters.feedback|1"
LIGHT = {"register": PROJECTS, "mechanism": PROJECTS, "light": "plate", "facts": {"概算投资": 1}, "basis": "第七条"}
PAST = Past({"code": "P-900", "name": "旧项目", "county": "清丰县", "signed_on": "2025-03-01", "contact": "王五"}, "signed", date(2025, 3, 1))


def _version(register: str, key: str) -> int:
    return Entry.objects.get(register=register, key=key).version


def _judge(colour: str, day: str) -> Any:
    project = Entry.objects.get(register=PROJECTS, key="P-001").pk
    verdicts = [{**LIGHT, "entry": project, "colour": colour, "day": day}, {**LIGHT, "office": "濮阳县", "light": "city", "colour": colour, "day": day}]
    review = {"key": "review|1", "kind": "review", "register": PROJECTS, "entry": project, "mechanism": PROJECTS, "name": "red", "title": "复核"}
    duties = {"open": [{**review, "office": "濮阳县", "opened": day, "due": "2025-07-10"}], "change": []}
    return record(New("judged", {"verdicts": verdicts, "duties": duties}, SYSTEM.username, NOW))


def _project(code: str, **more: object) -> Any:
    values = {"code": code, "name": f"{code} 项目", "county": "濮阳县", "estimate": "12,345,678.901234", "contact": "张三", **more}
    return record_entries(actor("王县"), PROJECTS, [Incoming(values)], NOW)


def _matter(**more: object) -> Any:
    return record_entries(actor("赵市"), MATTERS, [Incoming({"county": "濮阳县", **more})], NOW, Source(handoff="plate"))


def _figures(value: str, period: str = "2025-06", reason: str = "") -> Any:
    given = [FigureGiven("P-001", "done", period, value, "B7"), FigureGiven("P-002", "planned", period, value)]
    return record_figures(actor("王县"), PROJECTS, given, NOW, Source(upload=1, sheet="六月", reason=reason))


def _sign() -> Any:
    evidence = {"投资合同": Upload.objects.get(purpose="evidence").digest}
    step = Step("sign", _version(PROJECTS, "P-001"), {"signed_on": "2025-07-08"}, evidence)
    return move(actor("王县"), PROJECTS, "P-001", step, NOW)


def _many(deed: Any, *keys: str, register: str = PROJECTS, who: str = "赵市") -> Any:
    """Preview a deed on rows, and carry out what the preview said."""
    ids = list(Entry.objects.filter(register=register, key__in=keys).values_list("pk", flat=True))
    return carry_out(actor(who), register, deed, ids, preview(actor(who), register, deed, ids, LATER).fingerprint, LATER)


def _written(text: str = "…") -> Draft:
    return Draft(PROJECTS, PROJECTS, "bulletin", "六月通报", {"parts": [{"text": text}]}, period="2025-06")


def _paper() -> int:
    return Paper.objects.latest("id").pk


def _pay_draft(policy: str = "works.projects.aid") -> PayDraft:
    lines = [PayLine(policy, entry.key, entry.pk, 2_000_00, 1_000_00) for entry in Entry.objects.filter(register=PROJECTS, key="P-002")]
    return PayDraft(PROJECTS, "七月兑付", date(2025, 7, 8), 1, "0" * 64, [["works", 1, "f"]], lines)


def _paylist() -> int:
    return PayList.objects.latest("id").pk


def _allocation_draft(key: str = "P-002") -> AllocationDraft:
    lines = [
        GrantLine(entry.pk, entry.key, 1, 2_000_00, [("city", 1_000_00)], "partly", {"left": 1_000_00})
        for entry in Entry.objects.filter(register=PROJECTS, key=key)
    ]
    pools = {"city": 1_000_00}
    return AllocationDraft(f"{PROJECTS}.funds", PROJECTS, "grant", "七月分配", date(2025, 7, 8), "2025", 1, "0" * 64, [["works", 1, "f"]], pools, lines)


def _allocation() -> int:
    return Allocation.objects.latest("id").pk


TOKENS: list[str] = []
"""Of invitations made, the last one behind."""

DEEDS: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("make an office", lambda: set_office(actor("系管"), OfficeGiven("华龙区", "county", "市政府"), NOW)),
    ("move a subtree", lambda: set_office(actor("系管"), OfficeGiven("濮阳县", "county", "发改委"), NOW)),
    ("make an account", lambda: set_member(actor("系管"), MemberGiven("新人", "新人本名", "华龙区", "13912345678"), NOW)),
    ("give rights", lambda: set_roles(actor("安管"), "新人", ["officer"], NOW)),
    ("set a password", lambda: set_password(actor("系管"), "新人", "long-enough-Pass-1", NOW)),
    ("sign in", lambda: signed_in(Member.objects.get(pk="新人"), NOW)),
    ("invite", lambda: invite(actor("王县"), InvitationGiven("enterprise", "丙公司", "李三"), NOW)),
    ("take an invitation back", lambda: revoke_invitation(actor("系管"), 1, NOW)),
    ("invite another", lambda: TOKENS.append(invite(actor("王县"), InvitationGiven("citizen", "", "王五"), NOW)[1])),
    ("come as invited", lambda: accept_invitation(TOKENS[-1], "wang.wu", "long-enough-Pass-1", NOW)),
    ("lock out", lambda: locked_out("新人", NOW)),
    ("end sessions", lambda: end_sessions(actor("系管"), "新人", NOW)),
    ("take a sheet in", lambda: receive_upload(actor("王县"), PROJECTS, "projects.sheet", "六月.xlsx", b"sheet", NOW)),
    ("take evidence in", lambda: receive_upload(actor("王县"), PROJECTS, "", "合同.pdf", b"contract", NOW)),
    ("record a project", lambda: _project("P-001", phone="13912345678")),
    ("record another", lambda: _project("P-002")),
    ("record one too many", lambda: _project("P-003")),
    ("bring a row with its past", lambda: record_past(actor("赵市"), PROJECTS, [PAST], NOW, Source(reason="原项目库"))),
    ("hand a matter over", lambda: _matter(project="P-001", weight="重大")),
    ("record figures", lambda: _figures("1234567890.123456")),
    ("record more figures", lambda: _figures("5", "2025-07")),
    ("correct frozen figures", lambda: _figures("7", reason="决算审计调整")),
    ("settle the sheet", lambda: settle_upload(actor("王县"), 1, 2, NOW)),
    ("change a field", lambda: change_entry(
        actor("王县"), PROJECTS, "P-001", Edit({"estimate": "2000", "contact": "李四"}, _version(PROJECTS, "P-001")), NOW)),
    ("move to another county", lambda: change_entry(
        actor("赵市"), PROJECTS, "P-002", Edit({"county": "清丰县"}, _version(PROJECTS, "P-002")), NOW)),
    ("change two rows", lambda: change_entries(
        actor("赵市"), PROJECTS, {key: Edit({"phone": "13900000000"}, _version(PROJECTS, key)) for key in ("P-001", "P-002")}, NOW)),
    ("withdraw", lambda: withdraw_entry(actor("王县"), PROJECTS, "P-003", "重复登记", NOW)),
    ("put in charge", lambda: assign(actor("王县"), MATTERS, "JB-2025-001", Charge("lead", "王县"), NOW)),
    ("put another in charge", lambda: assign(actor("王县"), MATTERS, "JB-2025-001", Charge("lead", "周办"), NOW)),
    ("record one a second time", lambda: _project("P-004", name="P-001 项目（重）")),
    ("hand another matter over", lambda: _matter(project="P-004")),
    ("merge them", lambda: merge(actor("王县"), PROJECTS, "P-001", {"P-004": _version(PROJECTS, "P-004")}, NOW)),
    ("take the merge back", lambda: unmerge(actor("孙督"), PROJECTS, "P-004", NOW, "核实为两个项目")),
    ("tell them apart", lambda: tell_apart(actor("王县"), PROJECTS, ("P-004", "P-001"), NOW, "建设内容不同")),
    ("look at them again", lambda: reconsider(actor("孙督"), PROJECTS, ("P-001", "P-004"), NOW, "材料有误")),
    ("merge them after all", lambda: merge(actor("王县"), PROJECTS, "P-001", {"P-004": _version(PROJECTS, "P-004")}, NOW, "同一项目")),
    ("sign", _sign),
    ("change many", lambda: _many(SetField("estimate", "3000"), "P-001", "P-002")),
    ("move many", lambda: _many(Step("build", 0), "P-001")),
    ("put somebody in charge of many", lambda: _many(Charge("leader", "陈领"), "P-002")),
    ("extend a clock", lambda: extend(actor("孙督"), CLOCK, "5 working_days", "材料复杂", NOW)),
    ("ask for a stop", lambda: ask(actor("周办"), CLOCK, "pause", "等待批复", NOW)),
    ("decline it", lambda: decline(actor("孙督"), CLOCK, "材料自备", NOW)),
    ("ask for a stop again", lambda: ask(actor("周办"), CLOCK, "pause", "等待省级批复", NOW)),
    ("pause a clock", lambda: pause(actor("孙督"), CLOCK, "等待批复", NOW)),
    ("resume a clock", lambda: resume(actor("孙督"), CLOCK, "批复已到", LATER)),
    ("ask the province", lambda: move(actor("王县"), MATTERS, "JB-2025-001", Step("wait", _version(MATTERS, "JB-2025-001")), LATER)),
    ("hear from the province", lambda: move(actor("王县"), MATTERS, "JB-2025-001", Step("back", _version(MATTERS, "JB-2025-001")), LATER)),
    ("report back", lambda: move(actor("周办"), MATTERS, "JB-2025-001", Step("report", _version(MATTERS, "JB-2025-001")), LATER)),
    ("judge green", lambda: _judge("green", "2025-07-08")),
    ("judge green again", lambda: _judge("green", "2025-07-08")),
    ("judge red", lambda: _judge("red", "2025-07-09")),
    ("judge no more", lambda: _judge("", "2025-07-10")),
    ("close a review", lambda: close_duty(actor("王县"), "review|1", "已复核", LATER)),
    ("set a light by hand", lambda: override(
        actor("孙督"), PROJECTS, "P-001", HandSet("plate", "yellow", date(2025, 8, 1), "已整改"), NOW)),
    ("set it again", lambda: override(
        actor("孙督"), PROJECTS, "P-001", HandSet("plate", "green", date(2025, 8, 1), "已核验"), NOW)),
    ("take it back", lambda: restore(actor("孙督"), Override.objects.latest("id").pk, "复查未过", NOW)),
    ("draft a paper", lambda: draft_paper(actor("赵市"), _written(), NOW)),
    ("check it", lambda: check_paper(actor("孙督"), _paper(), _written(), NOW)),
    ("send it back", lambda: return_paper(actor("陈领"), _paper(), "第一段不清楚", NOW)),
    ("keep a figure in it", lambda: keep_figures(actor("赵市"), _paper(), _written("改过"), "以截止日为准", NOW)),
    ("take the new figures", lambda: renew_paper(actor("赵市"), _paper(), _written("改过"), NOW)),
    ("check it again", lambda: check_paper(actor("孙督"), _paper(), _written("改过"), NOW)),
    ("sign it", lambda: sign_paper(actor("陈领"), _paper(), _written("改过"), NOW)),
    ("issue it", lambda: issue_paper(actor("孙督"), _paper(), _written("改过"), NOW)),
    ("put it into the archive", lambda: archive_paper(actor("孙督"), _paper(), "永久", NOW)),
    ("draft a letter", lambda: draft_paper(actor("赵市"), Draft(PROJECTS, PROJECTS, "letter", "函", {}, entry=1), NOW)),
    ("lay it aside", lambda: drop_paper(actor("赵市"), _paper(), "不再需要", NOW)),
    ("draft a list of payments", lambda: draft_payments(actor("赵市"), _pay_draft(), NOW)),
    ("review it", lambda: review_payments(actor("赵市"), _paylist(), NOW)),
    ("confirm it", lambda: confirm_payments(actor("孙督"), _paylist(), _pay_draft(), NOW)),
    ("draft another", lambda: draft_payments(actor("赵市"), _pay_draft("works.projects.jobs"), NOW)),
    ("lay that aside", lambda: drop_payments(actor("赵市"), _paylist(), "数据有误", NOW)),
    ("issue a quota", lambda: post_quota(actor("孙督"), PROJECTS, "funds", PostingGiven("province", "city", "1000元", "豫财〔2025〕1号"), NOW)),
    ("draft an allocation", lambda: draft_allocation(actor("赵市"), _allocation_draft(), NOW)),
    ("review the allocation", lambda: review_allocation(actor("赵市"), _allocation(), NOW)),
    ("confirm the allocation", lambda: confirm_allocation(actor("孙督"), _allocation(), _allocation_draft(), NOW)),
    ("draft another allocation", lambda: draft_allocation(actor("赵市"), _allocation_draft("P-001"), NOW)),
    ("lay that allocation aside", lambda: drop_allocation(actor("赵市"), _allocation(), "另行拟案", NOW)),
    ("look at personal data", lambda: reveal(actor("王县"), PROJECTS, "P-001", "contact", "联系业主", NOW)),
    ("forget a contact", lambda: erase_entry(actor("安管"), PROJECTS, "P-001", "本人要求", NOW)),
    ("forget a person", lambda: erase_member(actor("安管"), "新人", "离职", NOW)),
    ("adopt a new pack", lambda: adopt(actor("陈领"), {**FILES, "README.md": "新版"}, date(2026, 1, 1), NOW)),
    ("seal", lambda: seal(actor("审管"), NOW)),
)  # fmt: skip


def do_everything() -> None:
    """All of them, in order."""
    for _name, deed in DEEDS:
        deed()
