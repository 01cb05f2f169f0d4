"""A mechanism, top to bottom, and the pack it belongs to: the whole language in one place."""

from __future__ import annotations

from bihuan.foundation.grammar.assignments import Assignment
from bihuan.foundation.grammar.cadences import Cadences, Exchanges
from bihuan.foundation.grammar.criteria import Criteria
from bihuan.foundation.grammar.documents import Document, Handoff
from bihuan.foundation.grammar.indicators import Indicator, Target
from bihuan.foundation.grammar.lifecycles import Clock, Lifecycle
from bihuan.foundation.grammar.lights import Light
from bihuan.foundation.grammar.meetings import Meeting
from bihuan.foundation.grammar.quotas import Quota
from bihuan.foundation.grammar.registers import Parameter, Register
from bihuan.foundation.grammar.scores import Score
from bihuan.foundation.grammar.shape import Dated, Key, Shape, Words, said


class Mechanism(Shape):
    """One governance mechanism, in the order a number travels."""

    mechanism: Key = said("机制代号", "its key, unique in the pack", "plates")
    code: str = said("在全市机制清单中的编号", "its number in the city's list", "A02-10", "")
    title: str = said("机制名称", "its name", "红黄绿挂牌")
    title_en: str = said("英文名称", "its English name", "red-yellow-green plates", "")
    basis: str = said("依据：文件与条款，或来源文献:行", "the rule it rests on", "《重大项目调度办法》第七条")
    owner: str = said("牵头单位", "the office that keeps it", "市发展和改革委员会", "")
    on: str = said("作用于哪个机制的台账（默认本机制）", "the mechanism whose register it works on", "key_projects", "")
    parameters: dict[Key, Parameter] = said("参数", "dated values with a basis", "grace: {…}", {})
    register_: Register | None = said("台账", "its register", "{title: …, key: code, fields: …}", None)
    assignments: dict[Key, Assignment] = said("分包", "who is accountable", "leader: {…}", {})
    lifecycle: Lifecycle | None = said("流程", "its states and moves", "{states: …, start: …, moves: …}", None)
    clocks: dict[Key, Clock] = said("时限", "its time limits", "feedback: {…}", {})
    cadences: Cadences = said("节律", "who owes what when", "monthly: {…}", {})
    exchanges: Exchanges = said("交换", "its sheets", "monthly_sheet: {…}", {})
    indicators: dict[Key, Indicator] = said("指标", "what it measures", "progress: {…}", {})
    targets: dict[Key, Target] = said("目标", "what is promised", "share: {…}", {})
    lights: dict[Key, Light] = said("灯", "its lights", "plate: {…}", {})
    criteria: dict[Key, Criteria] = said("条件", "its rules of admission", "screening: {…}", {})
    quotas: dict[Key, Quota] = said("额度", "what it shares out", "land: {…}", {})
    scores: dict[Key, Score] = said("计分", "its scores and ranks", "county_rank: {…}", {})
    documents: dict[Key, Document] = said("文书", "its papers", "bulletin: {…}", {})
    handoffs: dict[Key, Handoff] = said("衔接", "what it starts elsewhere", "red_to_meeting: {…}", {})
    meetings: dict[Key, Meeting] = said("会议", "its meetings", "weekly: {…}", {})


class Role(Shape):
    """A role that the pack's rules name."""

    title: str = said("角色名称", "its name", "督查人员")
    title_en: str = said("英文名称", "its English name", "supervisor", "")


class PackHead(Shape):
    """``pack.yaml``: who owns the pack and what it rests on."""

    pack: Key = said("包代号，与目录同名", "its key, the folder's name", "major_projects")
    title: str = said("应用系统名称", "its name", "重大项目智慧管理系统")
    title_en: str = said("英文名称", "its English name", "major-project management", "")
    version: str = said("版本", "its version", "1.0")
    owner: str = said("主管单位", "the office that owns it", "市发展和改革委员会")
    basis: str = said("依据", "the rule it rests on", "《…》")
    in_force: Dated = said("自何时起适用", "in force from", "2020-01")
    roles: dict[Key, Role] = said("角色", "its roles", "officer: {title: 经办人}")
    reads: Words = said("读取的其他包", "the packs it reads", "[dispatch]", [])
