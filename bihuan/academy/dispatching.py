"""Instructions under 13710 at every stage, ledgers under the five-account method, one declared emergency, one light set by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bihuan.academy.diary import PROJECTS, Diary, Values, moment, person
from bihuan.academy.invented import Invented
from bihuan.academy.lives import TODAY
from bihuan.academy.people import COLLEAGUE, COMMISSION, OFFICER, SUPERVISOR, code_of, officer_of
from bihuan.academy.running import PROVED
from bihuan.foundation.actions import HandSet, Step, override
from bihuan.foundation.models import Verdict

YEAR = TODAY.year
INSTRUCTIONS = "dispatch.instructions"
ACCOUNTS, ROWS = "dispatch.five_accounts", "dispatch.account_rows"


@dataclass(frozen=True)
class Matter:
    """An instruction: who handles it, when it was issued, and after how many days each stage was done (fewer stages: still open)."""

    office: str
    text: str
    source: str
    issued: date
    stages: tuple[int, ...] = ()
    kind: str = "一般"


SHOP = code_of("商务/环保/乡村振兴部门")
MATTERS = (
    Matter("濮阳县", "园区供水管线迁改", "领导批示", date(YEAR, 3, 4), (0, 2, 7, 9)),
    Matter("华龙区", "老旧小区改造资金拨付", "会议议定", date(YEAR, 3, 18), (0, 3, 8, 10)),
    Matter("清丰县", "家居产业园消防验收", "企业诉求", date(YEAR, 4, 9), (0, 2, 6, 8)),
    Matter("范县", "化工园区应急通道整改", "专项督查", date(YEAR, 4, 22), (1, 3, 14, 16)),
    Matter("市工业和信息化局", "技改补助兑现", "企业诉求", date(YEAR, 5, 13), (0, 1, 7, 8)),
    Matter("南乐县", "生物基园区蒸汽价格协调", "企业诉求", date(YEAR, 5, 27), (0, 3, 9, 11)),
    Matter("市财政部门", "专项债支出进度", "会议议定", date(YEAR, 6, 3), (0, 3, 25), "重大"),
    Matter("城管部门", "占道堆放整治", "领导批示", date(YEAR, 6, 17), (0, 2, 8)),
    Matter("濮阳经济技术开发区", "标准地出让", "会议议定", date(YEAR, 6, 11), (0, 3), "重大"),
    Matter("台前县", "羽绒园区污水管网", "专项督查", date(YEAR, 6, 20), (0, 4)),
    Matter("示范区", "水系连通工程征迁", "红牌督办", date(YEAR, 6, 24), (2,)),
    Matter("范县", "天然气门站选址", "领导批示", date(YEAR, 7, 1), (0, 2)),
    Matter("濮阳县", "产业集群配套道路", "会议议定", date(YEAR, 7, 3), (0, 3)),
    Matter("市政务服务和大数据管理局", "项目审批事项并联办理", "领导批示", date(YEAR, 7, 4), (0,)),
    Matter("清丰县", "食用菌冷链用电增容", "企业诉求", date(YEAR, 7, 5), (3,)),
    Matter(SHOP, "环评审批绿色通道", "企业诉求", date(YEAR, 7, 8), (0,)),
    Matter("新型化工基地", "公用管廊检修计划", "专项督查", date(YEAR, 7, 8), ()),
    Matter("华龙区", "商业综合体交通组织", "领导批示", date(YEAR, 7, 9), ()),
    # What the officer of the sign-in page has done, is late with, and has to do today and this week.
    Matter(COMMISSION, "重点项目月度调度清单", "会议议定", date(YEAR, 5, 20), (0, 2, 6, 7)),
    Matter(COMMISSION, "省重点项目观摩点遴选", "领导批示", date(YEAR, 6, 4), (0, 3, 6, 8)),
    Matter(COMMISSION, "中央预算内投资项目自查", "专项督查", date(YEAR, 6, 13), (0, 2, 8)),
    Matter(COMMISSION, "化工园区项目前期手续会商", "企业诉求", date(YEAR, 6, 25), (0, 2)),
    Matter(COMMISSION, "下半年开工项目要素缺口汇总", "会议议定", date(YEAR, 7, 1), (0, 3)),
    Matter(COMMISSION, "百城建设提质工程项目核实", "领导批示", date(YEAR, 7, 3), (0, 2)),
    Matter(COMMISSION, "专项债项目实物工作量核查", "专项督查", date(YEAR, 7, 5), (0,)),
    Matter(COMMISSION, "重大项目专班月例会材料", "会议议定", date(YEAR, 7, 8), (0,)),
    Matter(COMMISSION, "企业反映用工缺口协调", "企业诉求", date(YEAR, 7, 9), ()),
)


def write(diary: Diary, city: Invented) -> None:
    """Write it all into the diary."""
    for number, matter in enumerate(MATTERS, start=1):
        _instruction(diary, matter, f"DB-{YEAR}-{number:04d}")
    for number, (subject, rows, stages) in enumerate(LEDGERS, start=1):
        _ledger(diary, f"WZ-{YEAR}-{number:04d}", subject, rows, stages)
    _emergency(diary)


def _instruction(diary: Diary, matter: Matter, code: str) -> None:
    row: Values = {
        "code": code, "matter": f"{matter.text}（演示）", "source": matter.source, "office": matter.office,
        "person": officer_of(matter.office), "kind": matter.kind, "issued_on": matter.issued,
    }  # fmt: skip
    diary.record("instructions", moment(matter.issued, 9), COLLEAGUE, INSTRUCTIONS, [row])
    moves = (("deploy", "deployed_on"), ("report", "reported_on"), ("settle", "settled_on"), ("close", "closed_on"))
    for place, ((name, field), after) in enumerate(zip(moves, matter.stages, strict=False)):
        on = matter.issued + timedelta(days=after)
        values = {field: on, **({"report": "已会同有关单位办理（演示）"} if name == "report" else {})}
        step = Step(name, 0, values, {"办结材料": PROVED} if name == "settle" else {})
        who = SUPERVISOR if name == "close" else officer_of(matter.office)
        diary.move("instructions", moment(on, 11 + place), who, (INSTRUCTIONS, code), step)


Row = tuple[str, float | None, float | None, float | None]
"""What it is called, our number, theirs, the outcome (the promise is our number)."""

LEDGERS: tuple[tuple[str, tuple[Row, ...], tuple[str, ...]], ...] = (
    ("2023 年省重点项目完成投资台账（演示）", (("濮阳县", 212.4, 212.4, 215.0), ("清丰县", 148.6, 148.6, 150.1), ("南乐县", 131.2, 131.2, 130.4)),
     ("sort", "reconcile", "hand_in", "settle")),
    ("要素保障问题台账（演示）", (("用地", 12, 12, None), ("用能", 7, 7, None), ("环境容量", 4, 4, None)), ("sort", "reconcile")),
    ("专项债项目资金台账（演示）", (("水利", 3.6, 3.6, None), ("教育", 2.2, 1.9, None), ("管网", 4.1, None, None)), ("sort",)),
)


def _ledger(diary: Diary, code: str, subject: str, rows: tuple[Row, ...], stages: tuple[str, ...]) -> None:
    built, number = date(YEAR, 4, 1), int(code[-1])
    head: Values = {"code": code, "subject": subject, "scope": ("项目", "问题", "资金")[number - 1], "office": COMMISSION, "other": "市财政部门", "built_on": built}
    diary.record("accounts", moment(built, 9, number), OFFICER, ACCOUNTS, [head])
    lines: list[Values] = [
        {
            "code": f"ZM-{YEAR}-{number}{place:04d}", "ledger": code, "office": COMMISSION, "item": item,
            "ours": _written(ours), "theirs": _written(theirs), "promised": _written(ours), "result": _written(result),
        }
        for place, (item, ours, theirs, result) in enumerate(rows, start=1)
    ]  # fmt: skip
    diary.record("accounts", moment(built, 10, number), OFFICER, ROWS, lines)
    fields = {"sort": "sorted_on", "reconcile": "reconciled_on", "hand_in": "handed_on", "settle": "settled_on"}
    for place, stage in enumerate(stages, start=1):
        on = built + timedelta(days=7 * place)
        values: dict[str, object] = {fields[stage]: on, **({"signed_by": OFFICER, "handed_edition": 1} if stage == "hand_in" else {})}
        step = Step(stage, 0, values, {"签字版": PROVED} if stage == "hand_in" else {})
        diary.move("accounts", moment(on, 15, number), SUPERVISOR if stage == "settle" else OFFICER, (ACCOUNTS, code), step)


def _written(number: float | None) -> str | None:
    return None if number is None else f"{number:g}"


def _emergency(diary: Diary) -> None:
    """A week of heavy rain in May, declared and ended; two listed projects were helped at once."""
    code, began, ended = f"YJ-{YEAR}-01", date(YEAR, 5, 14), date(YEAR, 5, 21)
    row: Values = {"code": code, "office": COMMISSION, "grounds": "强降雨应急（演示）", "from_day": began}
    diary.record("emergency", moment(began, 8), OFFICER, "major_projects.emergency", [row])
    helped: list[Mapping[str, object]] = [
        {
            "code": f"DX-{YEAR}-{place:04d}", "listing": f"BM-{YEAR}-{place:04d}", "emergency": code, "county": COMMISSION, "policy": policy,
            "amount": amount, "delivered_on": began + timedelta(days=place),
        }
        for place, (policy, amount) in enumerate((("金融信贷", 300), ("用电用水用气", 42)), start=1)
    ]  # fmt: skip
    diary.record("emergency", moment(began + timedelta(days=3), 16), OFFICER, "major_projects.fast_delivery", helped)
    diary.move("emergency", moment(ended, 18), SUPERVISOR, ("major_projects.emergency", code), Step("end", 0, {"to_day": ended}, reason="险情解除（演示）"))


def set_by_hand(diary: Diary) -> None:
    """The supervisor sets one yellow plate green for two weeks: the rule's own colour stays beside it."""
    def set_one(at: datetime) -> None:
        standing = Verdict.objects.filter(mechanism="major_projects.plates", light="plate", colour="yellow", to_day__isnull=True)
        yellow = standing.order_by("pk").first()
        if yellow and yellow.entry:
            hand = HandSet("plate", "green", TODAY + timedelta(days=14), "现场已整改到位，待佐证上传（演示）")
            override(person(SUPERVISOR), PROJECTS, yellow.entry.key, hand, at)

    diary.note("override", moment(TODAY - timedelta(days=1), 16), set_one)
