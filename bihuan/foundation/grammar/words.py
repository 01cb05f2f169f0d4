"""The words of the field: one Chinese and one English word for each concept, and what it means here.

Code, interface and documents use these words and no synonyms. ``docs/words.md`` is printed from this table and the interface shows
the meanings as tooltips, so a concept is explained in one place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One concept: its key in code, its word and meaning in both languages, and the part of the system it belongs to."""

    key: str
    chinese: str
    english: str
    meaning: str
    meaning_en: str
    part: str

    def word(self, language: str = "zh") -> str:
        """The word in that language."""
        return self.chinese if language.startswith("zh") else self.english

    def tooltip(self, language: str = "zh") -> str:
        """The meaning in that language."""
        return self.meaning if language.startswith("zh") else self.meaning_en


PARTS = {
    "rules": ("规则", "Rules"),
    "records": ("台账与数值", "Records and figures"),
    "people": ("单位与人员", "Offices and people"),
    "time": ("时间", "Time"),
    "judging": ("评判", "Judging"),
    "working": ("办理", "Working"),
    "memory": ("留痕", "Memory"),
    "practice": ("政务机制", "Practices"),
}

_RULES = """
mechanism|机制|mechanism|一项治理制度，写成一个可审阅的文件|one rule of governance, written as one file that can be reviewed
pack|应用包|pack|一个应用系统的全部机制、示例和说明|the mechanisms of one application with their examples and a page of prose
pack_version|应用包版本|pack version|某日起施行的一版规则；旧月份永远按旧规则评判|the rules in force from a day on; an old month is judged by the old rule for ever
basis|依据|basis|一条规则或门槛出自哪个文件哪一条|the document and clause a rule or a threshold rests on
parameter|参数|parameter|来源未写死、由本市约定并注明依据的数值|a value the source leaves open, settled by the city with its basis
formula|公式|formula|用台账自己的名称写成的算式或条件|a calculation or condition written in the register's own names
example|示例|worked example|用业务语言写的输入和应得结果，也是规则的测试|an input and its due result in the office's own words; the rule's test
lint|体检|lint|发布前检查规则有无空档、矛盾和缺项|the check for holes, contradictions and omissions before a rule is issued
plan|试算|plan|新规则施行前，列出它会改变哪些结果|what a changed rule would move, shown before it counts
adopt|施行|adopt|让一版规则自某日起生效|to put a version of the rules in force from a day on
"""

_RECORDS = """
register|台账|register|同一类事项的清单，每行一件|the list of all things of one kind, a row for each
entry|台账条目|entry|台账中的一行：一个项目、一件事、一家企业|one row of a register: a project, a matter, an enterprise
key|编号|key|在台账中唯一认定一行的字段|the field that identifies a row of its register
field|字段|field|一行要填写的一项内容|one thing a row says
figure|数值|figure|一行在某一期的一个数，如六月完成投资|a number of a row for a period, such as investment completed in June
unit|单位（计量）|unit|数值的计量单位，换算必须精确|what a number is measured in; conversions are exact
rollup|汇总项|rollup|从引用本行的其他台账行或责任事项汇集的数|a number gathered from the rows or duties that refer to this row
criteria|条件|criteria|一组须全部、任一或若干项成立的要求|requirements of which all, any or so many must hold
gate|门槛|gate|入库或出库前必须通过的条件|criteria a row must pass to be admitted or to leave
exemption|豁免|exemption|经批准不适用某一条件，须写明理由|an approved exception from one requirement, with its reason
upload|上传表|upload|一张交来的表，逐格校验后才入账|a sheet handed in; every cell is checked before it is recorded
exchange|交换表|exchange|表的固定样式，导出的可以原样导入|the fixed form of a sheet; what is exported can be imported again
refusal|退回|refusal|不予接收，并说明在哪一格、为什么、怎样改|what is not accepted, with the cell, the reason and the way to put it right
missing_list|缺报清单|missing list|到期未报的单位和条目|who has not handed in what was due
view|视图|view|存下来的一份列表：筛选、排序、列、行高和查看方式，可与本单位或所有人共享|a list that is kept: filters, sort, columns, row height and the way of viewing; it may be shared with an office or with everybody
in_bulk|成批办理|in bulk|对选中的或查询到的许多行做同一件事：先预览变化和不能办的原因，确认后一次写入|one thing done to many rows: every change and refusal is shown first, then written at once on confirmation
timeline|时间轴|timeline|一行的哪些日期是计划、哪些是实际|which dates of a row are planned and which are what happened
correction|更正|correction|对已入账数值的改动，原值和理由都保留|a change to a recorded figure; the old value and the reason stay
duplicate|重复|duplicate|同一个企业、项目在台账里占了两行|one enterprise or project that has two rows in a register
merge|合并|merging|经人认定是同一个，一行并入另一行；可以撤销|making one row part of another after a person found they are one; it can be taken back
"""

_PEOPLE = """
office|单位|office|组织树上的一个部门、县区或乡镇|a department, county or township on the tree of offices
member|人员|member|有账号的人|a person with an account
officer|经办人|officer|办理和填报的人|who does the work and enters the figures
leader|领导|leader|包联、批示和拍板的人|who takes charge of a matter and decides
supervisor|督查人员|supervisor|督促、核查和批准例外的人|who presses, verifies and approves exceptions
role|角色|role|一组权限的名称|the name of a set of permissions
assignment|包联（分包）|assignment|一段时间内由谁对一行负责，有且只有一人|who answers for a row during a time: exactly one person
deputy|代理人|deputy|责任人不在时代行其责的人|who acts when the person in charge is away
owner|责任主体|owner|一件责任事项落在谁身上|the office or person a duty falls on
access|权限|access|谁可以看什么、做什么|who may see and do what
"""

_TIME = """
period|期别|period|年、半年、季、月、旬或周|a year, half, quarter, month, ten days or week
ten_days|旬|ten days|一个月的上旬、中旬或下旬|the first, second or last third of a month
year_to_date|年初至今|year to date|从一月到本期的累计|the sum from January to the period
working_day|工作日|working day|按国务院放假通知计算的上班日，含调休上班日|a day worked under the State Council's notices, make-up days included
make_up_day|调休上班日|make-up day|因放假而改为上班的周末|a weekend day worked in place of a day off
limit|期限|limit|一个时限允许的工作日、天数或月数|the working days, days or months a clock allows
clock|时限|clock|从某一状态开始计算、到某一动作停止的期限|a limit that runs from one state until a move stops it
pause|暂停|pause|经批准停止计时|an approved stop of the clock
extension|延期|extension|经批准延长期限|an approved longer limit
cadence|节律|cadence|每期都要做的事：周调度、旬报、月报|what comes due every period: weekly dispatch, ten-day report, monthly sheet
grace|宽限|grace|到期后仍算按时的天数|the days after the due day that still count as in time
due|到期日|due day|期限届满的那一天，当日结束前完成即为按时|the day a limit ends; done by its end is in time
overdue|超期|overdue|到期日已过而未完成|not done and the due day is past
"""

_JUDGING = """
indicator|指标|indicator|按公式从数值算出的量|a quantity calculated from figures by a formula
target|目标|target|对指标作出的承诺：达到多少、何时兑现|what was promised of an indicator, and by when
threshold|阈值|threshold|两种颜色之间的分界，有施行日期和依据|the border between two colours, with its date and basis
light|灯|light|以红、黄、绿、灰表示的评判规则|a rule that judges in red, yellow, green or grey
verdict|评判结果|verdict|某行或某单位自某日起的颜色，连同理由和依据|the colour of a row or office from a day on, with its reason and basis
because|理由|because|评判所依据的数和比较，一句话说清|the numbers and the comparison behind a verdict, in one sentence
grey|灰灯|grey|缺数据，不作评判，并说明缺什么|not judged for want of data, saying what is missing
plate|挂牌|plate|把项目的颜色公布并按颜色督办|a project's colour made public and acted on
override|人工定色|override|在规则旁边由人定的颜色，有理由和期限|a colour set by hand beside the rule, with a reason and an end
score|计分|score|由若干分项加权得到的分数|points added up from weighted parts
part|分项|part|计分中的一项，说明权重和得分办法|one item of a score, with its weight and how points are earned
rank|排名|rank|按得分先后排列的名次|the place in the order of scores
tie|并列|tie|得分相同时的处理|what is done when scores are equal
multiplier|系数|multiplier|乘在总分上的数，有上限和下限|a factor on the total, between a floor and a cap
consequence|结果运用|consequence|亮灯或排名之后依规采取的措施|what the rule attaches to a colour or a rank
policy|政策|policy|会付款的条件：满足者得多少、多久一次、从哪笔钱里出|criteria that pay: what those who meet them get, how often, and from which money
near_miss|差一条|near miss|只差一个条件就符合的一户|a row that one condition keeps from a yes
pay_list|兑付表|list of payments|某日按政策算出该付给谁多少，复核后由第二位同志确认|who is paid what on a day, reviewed and then confirmed by a second person
without_data|无数据时|without data|数据不全时怎样处理，规则必须写明|what is done when data are missing; every rule must say
"""

_WORKING = """
lifecycle|流程|lifecycle|一行从开始到办结的各个状态和动作|the states of a row from start to end and the moves between them
state|状态|state|一行现在处于流程的哪一步|where a row stands in its lifecycle
move|动作|move|使一行从一个状态到另一个状态的办理|what takes a row from one state to another
guard|前置条件|guard|动作之前必须成立的条件|a condition that must hold before a move
evidence|佐证材料|evidence|证明动作已经完成的文件|the papers that prove a move was made
duty|责任事项|duty|某单位或某人在某日前必须完成的一件事|one thing an office or person must do by a day
escalation|升级|escalation|超期后逐级报给上一级|passing an overdue matter up the ladder, rung by rung
dispatch|调度|dispatch|定期听取进展、研究问题、交办任务|the regular meeting on progress, problems and tasks
session|会次|session|某个系列的一次会议，有议程、签到、议定事项和纪要|one meeting of a series, with its agenda, attendance, decisions and minutes
agenda|议程|agenda|一次会议要议的事，由灯和逾期责任自动汇集|what a session is to discuss, drawn from lights and overdue duties
decision|议定事项|decision|会上定下谁办、办什么、几时办结，当场开始计时|who does what by when, settled in a session; its clock starts at once
assign_task|交办|assigning|把一件事交给责任单位并起算时限|giving a matter to an office, which starts its clock
press|督办|pressing|对滞后的事项催促和核查|urging and checking a matter that lags
close|销号|closing|核实办结后注销，办理人与销号人不得相同|striking a matter off once verified; the closer is not the doer
reopen|重开|reopening|已销号的事项发现未办结，重新办理|taking up again a matter found unfinished
handoff|衔接|handoff|这里发生某事，那里就开始另一件事|when this happens here, that starts there
document|文书|document|按模板、文号和触发条件起草的正式材料|an official paper with its template, number and trigger
bulletin|通报|bulletin|公布排名和灯色的文书|the document that makes ranks and colours public
quota|额度|quota|可分配的总量，下达、调剂、配给、收回和到期都记账|an amount to be shared out; issues, transfers, grants, returns and expiry are booked
account_of_quota|户头|account (of a quota)|额度所在之处：来源、池子，或得到配给的一行|where some of a quota lies: a source, a pool, or a row that was granted some
posting|记账|posting|一笔额度从一个户头到另一个户头|an amount of a quota that goes from one account to another
allocation|分配方案|allocation|某日按规则算出谁得多少额度及理由，复核后由第二位同志确认|who gets how much of a quota on a day and why, reviewed and then confirmed by a second person
match|对接|match|按规则把需求和供给配到一起|pairing needs with offers by a rule
"""

_MEMORY = """
ledger|账本|ledger|只增不改、首尾相连的全部事件|all events, only ever added to, each chained to the one before
event|事件|event|账本中的一笔：何时、何人、对什么、做了什么|one line of the ledger: when, who, on what, did what
seal|封签|seal|对账本到某一笔为止的指纹，可离线核验|a fingerprint of the ledger up to a line, verifiable elsewhere
trace|溯源|trace|从页面上的一个数追到最初的单元格|the way from a number on a page back to the first cell
replay|重放|replay|用账本重新算出全部台账，结果必须相同|rebuilding all tables from the ledger; they must come out equal
projection|投影|projection|由账本得出、可以随时重建的表|a table derived from the ledger that can be rebuilt at any time
columns|列|columns|从账本读出、供计算用的台账内容，随时可以丢掉重读|what the registers hold, read from the ledger for computing; may be thrown away at any time
engine|引擎|engine|运行算式的地方：本机的，或集群的；结果一样|where formulas run: on this machine or on a cluster, with the same results
cluster|集群|cluster|另一台或多台机器上的引擎，读列的副本来算|an engine on other machines, which computes from a copy of the columns
freeze|冻结|freeze|到期后该期数值只能更正，不能改写|after the due day a period's figures can be corrected, not overwritten
baseline|基数|baseline|比较所用的起点，重定须有理由，原值保留|the starting point of a comparison; a new one needs a reason and the first stays visible
"""

_PRACTICE = """
one_three_seven|13710|13710|当日部署、三日反馈、七日办结、重大事项一月办结，跟踪到销号|deploy the same day, report in three, settle in seven, a major matter within a month, follow to the close
three_batches|三个一批|three batches|每期集中签约一批、开工一批、投产一批项目，按批次兑现|at set times one batch of projects is signed, one started and one put into production, and each batch is held to it
plate_colours|红黄绿挂牌|red, yellow and green plates|按进度给项目挂牌，红牌约谈、黄牌督办、绿牌正常|projects are given plates by their progress: red is summoned, yellow is pressed, green is in order
unasked|免申即享|benefit without application|符合条件的企业不用申请，政策直接兑现|a firm that qualifies is paid without having to apply
five_accounts|五账法|five accounts|建账、理账、对账、交账、算账，一步不能跳|build, sort, reconcile, hand in and settle the account, with no step skipped
appeal_handled|有诉即办|appeals handled at once|企业提出诉求就有人接、有时限，由企业自己确认办结|what a firm asks for is taken up with a limit, and the firm itself confirms that it is settled
enrolment|纳统|enrolment in statistics|项目进入投资统计，此后的数才算数|a project enters the investment statistics; only then its figures count
time_share|序时进度|share of the time gone|到今天为止按时间应当完成的比例|what should be done by today if the year were shared out evenly
"""


def _term(line: str, part: str) -> Term:
    key, chinese, english, meaning, meaning_en = line.split("|")
    return Term(key, chinese, english, meaning, meaning_en, part)


_TABLES = zip(PARTS, (_RULES, _RECORDS, _PEOPLE, _TIME, _JUDGING, _WORKING, _MEMORY, _PRACTICE), strict=True)
TERMS = tuple(_term(line, part) for part, table in _TABLES for line in table.strip().splitlines())
_BY_KEY = {term.key: term for term in TERMS}


def term(key: str) -> Term:
    """The term of that key; KeyError when the glossary has none."""
    return _BY_KEY[key]


def glossary(language: str = "zh") -> str:
    """The whole table as Markdown, a section for each part: what ``docs/words.md`` holds."""
    chinese = language.startswith("zh")
    head = "| 中文 | English | 含义 | 代码 |" if chinese else "| English | 中文 | Meaning | Code |"
    lines = [f"# {'用语' if chinese else 'Words'}"]
    for part, titles in PARTS.items():
        lines += ["", f"## {titles[0] if chinese else titles[1]}", "", head, "|---|---|---|---|"]
        for one in (one for one in TERMS if one.part == part):
            words = (one.chinese, one.english) if chinese else (one.english, one.chinese)
            lines.append(f"| {words[0]} | {words[1]} | {one.tooltip(language)} | `{one.key}` |")
    return "\n".join(lines) + "\n"
