"""Appeals of enterprises and citizens at every stage: just filed, being handled, waiting for a word, sent back, overdue, solved, not solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from bihuan.academy.diary import Diary, moment, person
from bihuan.academy.invented import Invented
from bihuan.academy.lives import TODAY
from bihuan.academy.people import CITIZEN, ENTERPRISE, SUPERVISOR, contact_of, officer_of
from bihuan.academy.running import PROVED
from bihuan.foundation.actions import Incoming, Step, move, pause, record_entries
from bihuan.foundation.actions.duties import ask
from bihuan.foundation.models import Duty, Entry

APPEALS = "enterprise_service.appeals"
DESK = "市政务服务和大数据管理局"
YEAR = TODAY.year
FIRM, OTHER = "firm", "other"
"""Filed by the demo enterprise itself; by an officer for an enterprise that came to the window."""


@dataclass(frozen=True)
class Appeal:
    """Who filed what and when, which office has it, and what happened on which day: a move, or a request about the clock."""

    who: str
    matter: str
    kind: str
    filed: date
    office: str
    happened: tuple[tuple[date, str, str], ...] = ()


def on(month: int, day: int) -> date:
    """A day of the running year."""
    return date(YEAR, month, day)


def _solved(who: str, matter: str, kind: str, office: str, days: tuple[date, date, date, date], stars: str) -> Appeal:
    """An appeal that went straight through: filed, routed, answered, confirmed."""
    filed, routed, answered, confirmed = days
    return Appeal(who, matter, kind, filed, office, ((routed, "route", ""), (answered, "answer", "已会同有关单位办理"), (confirmed, "confirm", stars)))


APPLIED = (
    _solved(FIRM, "技改补助资金拨付进度", "政策兑现", "市财政部门", (on(3, 5), on(3, 6), on(3, 13), on(3, 15)), "非常满意"),
    _solved(OTHER, "厂区门口占道停车", "其他", "城管部门", (on(3, 12), on(3, 12), on(3, 15), on(3, 18)), "满意"),
    _solved(OTHER, "环评补充材料一次告知", "审批服务", "濮阳县", (on(3, 19), on(3, 20), on(3, 26), on(3, 29)), "满意"),
    _solved(OTHER, "用电增容排期", "要素保障", "清丰县", (on(4, 2), on(4, 3), on(4, 17), on(4, 22)), "基本满意"),
    _solved(OTHER, "招聘会摊位", "融资用工", "华龙区", (on(4, 9), on(4, 10), on(4, 16), on(4, 18)), "非常满意"),
    _solved(OTHER, "专项债配套道路开口", "要素保障", "濮阳经济技术开发区", (on(4, 11), on(4, 12), on(4, 25), on(5, 6)), "满意"),
    _solved(OTHER, "营业执照变更跨窗口跑动", "审批服务", DESK, (on(4, 16), on(4, 16), on(4, 18), on(4, 19)), "非常满意"),
    _solved(OTHER, "同一月内重复检查", "涉企执法", "市场监管部门", (on(4, 23), on(4, 24), on(4, 29), on(5, 7)), "满意"),
    _solved(OTHER, "高新企业奖补材料", "政策兑现", "市工业和信息化局", (on(5, 7), on(5, 8), on(5, 15), on(5, 17)), "满意"),
    _solved(CITIZEN, "工地夜间施工扰民", "其他", "城管部门", (on(5, 13), on(5, 13), on(5, 16), on(5, 20)), "满意"),
    _solved(FIRM, "进厂道路限高影响运输", "要素保障", "濮阳县", (on(5, 14), on(5, 15), on(5, 28), on(5, 30)), "满意"),
    _solved(OTHER, "贷款贴息到账时间", "融资用工", "市财政部门", (on(5, 21), on(5, 22), on(5, 30), on(6, 4)), "基本满意"),
    _solved(OTHER, "蒸汽价格公示", "其他", "南乐县", (on(5, 27), on(5, 28), on(6, 3), on(6, 6)), "满意"),
    _solved(OTHER, "施工许可并联办理", "审批服务", "范县", (on(6, 3), on(6, 4), on(6, 7), on(6, 12)), "非常满意"),
    _solved(OTHER, "规上培育奖励", "政策兑现", "台前县", (on(6, 4), on(6, 5), on(6, 13), on(6, 18)), "满意"),
    _solved(OTHER, "污水接管手续", "审批服务", "新型化工基地", (on(6, 11), on(6, 12), on(6, 18), on(6, 20)), "满意"),
)
UNDER_WAY = (
    Appeal(OTHER, "历史遗留用地指标", "要素保障", on(5, 20), "示范区", (
        (on(5, 21), "route", ""), (on(6, 3), "answer", "现行规划下暂无指标"), (on(6, 17), "set_aside", "须待规划调整，已告知企业"))),
    Appeal(FIRM, "厂区周边供水压力不足", "要素保障", on(6, 17), "濮阳县", (
        (on(6, 18), "route", ""), (on(6, 27), "answer", "已调整泵站运行时段"), (on(7, 9), "send_back", "早高峰水压还是不够，第二条生产线开不了"))),
    Appeal(OTHER, "重复提交的招工需求", "融资用工", on(6, 19), "华龙区", ((on(6, 20), "route", ""), (on(6, 21), "take_back", "与前一件重复"))),
    Appeal(FIRM, "绿色工厂奖补资金", "政策兑现", on(6, 27), "市工业和信息化局", ((on(6, 28), "route", ""), (on(7, 8), "answer", "奖补 20 万元已列入本月拨付计划，预计 7 月 25 日前到账"))),
    Appeal(FIRM, "危化品仓库验收时间", "审批服务", on(7, 1), "濮阳县", ((on(7, 2), "route", ""),)),
    Appeal(CITIZEN, "路口信号灯配时过短", "其他", on(7, 2), "城管部门", ((on(7, 2), "route", ""), (on(7, 8), "answer", "早晚高峰已各延长 8 秒"))),
    Appeal(FIRM, "园区天然气管道接口", "要素保障", on(7, 3), "濮阳县", ((on(7, 4), "route", ""), (on(7, 9), "ask extend", "接口方案须管道公司会签"))),
    Appeal(OTHER, "省级批复前的临时用电", "要素保障", on(7, 3), "范县", ((on(7, 4), "route", ""), (on(7, 5), "ask pause", "等待省级批复"), (on(7, 8), "pause", "同意，批复到后恢复"))),
    Appeal(OTHER, "设备抵押登记", "融资用工", on(7, 8), DESK),
    Appeal(CITIZEN, "小区旁工地扬尘", "其他", on(7, 10), DESK),
    Appeal(FIRM, "新产线环评变更咨询", "审批服务", on(7, 10), DESK),
)  # fmt: skip


def write(diary: Diary, city: Invented) -> None:
    """Write the appeals into the diary, numbered in the order in which they are filed."""
    numbered = sorted((*APPLIED, *UNDER_WAY), key=lambda one: one.filed)
    others = city.enterprises()[1:]
    for number, appeal in enumerate(numbered, start=1):
        code = f"SQ-{YEAR}-{number:05d}"
        place = number % len(others)
        appellant = {FIRM: ENTERPRISE, OTHER: contact_of(place + 1)}.get(appeal.who, appeal.who)
        diary.note("appeals", moment(appeal.filed, 8, number), partial(_file, appeal, code, others[place]))
        for hour, happened in enumerate(appeal.happened, start=11):
            diary.note("appeals", moment(happened[0], hour, number), partial(_happen, appeal, (code, appellant), happened))


def _file(appeal: Appeal, code: str, firm: str, at: datetime) -> None:
    row: dict[str, object] = {"matter": f"{appeal.matter}（演示）", "kind": appeal.kind, "detail": "演示城市的诉求，单位与事项均为虚构。"}
    if appeal.who == OTHER:
        row |= {"code": code, "firm": firm, "channel": "窗口", "handler": DESK}
    who = {FIRM: ENTERPRISE, OTHER: officer_of(DESK)}.get(appeal.who, appeal.who)
    [made] = record_entries(person(who), APPEALS, [Incoming(row)], at)
    assert made.key == code, f"{made.key} was to be {code}"


def _happen(appeal: Appeal, whose: tuple[str, str], what: tuple[date, str, str], at: datetime) -> None:
    (code, appellant), (day, deed, said) = whose, what
    entry = Entry.objects.get(register=APPEALS, key=code)
    if deed in ("ask extend", "ask pause", "pause"):
        _clock(appeal, entry, deed, said, at)
        return
    values: Mapping[str, Mapping[str, object]] = {
        "route": {"handler": appeal.office, "routed_on": day}, "answer": {"result": f"{said}（演示）", "handled_on": day},
        "confirm": {"satisfaction": said},
    }  # fmt: skip
    who = {"route": officer_of(DESK), "answer": officer_of(appeal.office), "set_aside": SUPERVISOR}.get(deed, appellant)
    step = Step(deed, entry.version, values.get(deed, {}), {"办理佐证": PROVED} if deed == "answer" else {}, said if deed not in values else "")
    move(person(who), APPEALS, code, step, at)


def _clock(appeal: Appeal, entry: Entry, deed: str, said: str, at: datetime) -> None:
    duty = Duty.objects.get(entry=entry, name="handle_due", closed_on__isnull=True)
    if deed == "pause":
        pause(person(SUPERVISOR), duty.key, said, at)
    else:
        ask(person(officer_of(appeal.office)), duty.key, "extend" if deed == "ask extend" else "pause", said, at, "3 working_days" if deed == "ask extend" else "")
