"""What a number is: a target, an actual, a rule, or no statement of quantity at all.

First what can be told by form (dates, ordinals, names, idioms, classes). Then evidence is weighed: words beside the number, words of
its sentence, the headings above, the year it belongs to. The weights are in one place, below.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bihuan.computing.reading.contexts import REACH, Sentence, clause_of, clause_span
from bihuan.computing.reading.forms import Judgement, by_form
from bihuan.computing.reading.norms import RULED, is_norm, is_term, is_threshold
from bihuan.computing.reading.numbers import Mention
from bihuan.computing.reading.periods import Period, stamps
from bihuan.computing.reading.wording import any_of, forms, pattern, words

NEAR_PLAN, NEAR_DONE = 3.0, -3.5
FAR_PLAN, FAR_DONE = 1.5, -1.0
IMPERATIVE, HEADING, BOUND, MORE = 1.0, 1.5, 0.8, -1.2
PAST_YEAR, COMING_YEAR, RESULT, BY_YEAR = -2.0, 3.0, -0.6, 1.5
COMING_DOUBLE, PARAGRAPH, TURN, COUNTED = 1.5, 1.0, 2.0, -3.0

EARLY = 3
"""The last month in which a number for the year of the document itself is rather a plan for it."""

_NOT_PLANS = re.compile(forms("words", "shares").pattern + "|" + pattern("words", "not_plans").pattern)
_LASTS = re.compile(r"(?:天数(?:稳定在|保持在)?|时数|时长|寿命|周期|用时|时间|教育年限|天数\d+天、(?:同比|比上年|较上年)(?:增加|减少))(?:平均)?(?:达到?|为|缩短至|压缩至|延长至|超过)?[^,。;\d]{0,2}$")
_LIMITED = re.compile("期限|年限|有效期|期不|累计不")
_COMPARED = re.compile("[比较][^,。;\\d]{2,10}(?:多|少|长|短|快|慢|早|晚|缩短|延长|压缩|提前|增加|减少)了?$")
_BY_YEAR = re.compile(r"(?<![年从由])到20\d\d年")
_NUMBERED = re.compile(r"[(]?\d{1,3}[.、)]")
_RESULT_BEGINS = re.compile("[。;](?:20[0-9]{2}年)?(?:截至|目前|[上下]半年|一季度|前[二三]季度|1[-—至]\\d{1,2}月|完成情况[:]|进展情况[:]|实际)")
"""Where an item of a report on tasks goes on from what was asked to what became of it."""
_PLANNED_DEED = re.compile("计划(?:新?开工|竣工|投产|完工)(?:项目|工程)(?:已|实际|实现|如期|全部|均)*(?:新?开工|竣工|投产|完工|建成)$")
_GROWN_PLAN = re.compile(r"(?P<clause>[^,。;\d]{0,16}计划[^,。;\d]{0,8})\d[\d.]*[万亿]*[元吨亩],(?:同比|[比较]上年)?(?:增长|增加|下降)$")
"""A plan, and by how much it is more than the year before."""
_PLANNED_THINGS = re.compile(r"计划(?:新?开工|竣工|投产|完工|实施)?(?:项目|工程)")
_DONE_FORMS = forms("words", "actual", "forms")
_MUST = forms("words", "target", "forms")
_IMPERATIVE = re.compile(
    rf"[^\u4e00-\u9fff]*(?:大力|加快|持续|全面|重点|积极|全力|深入|扎实|稳步|再|突出|着力|统筹|有序|加速|切实|聚力|抓紧)*{any_of(words('words', 'target', 'weak'))}(?![率数额量])"
)
_TO_BE = re.compile("必须|务必|确保|力争|要|应")
_MEASURED_TIME = {"天": "天数", "年": "教育年限|使用年限|寿命", "小时": "时长|时数|学时"}
"""What is measured in a length of time, though it is no term."""
_SHORTENED = re.compile("压缩|压减|缩短")
_NAMES_YEAR = re.compile("20[0-9][0-9]年")
_COUNTED_PLAN = re.compile("(?:战略|重大|专项)(?:任务|目标|计划)$")
"""What is counted is no word for what is to come: 上报重大任务3个."""
_COUNT = re.compile(r"(?<!\d)(?!20\d\d年)\d")
"""The first number of a sentence that is no year."""
_FORECAST = re.compile("预计(?:今年|明年|20[0-9][0-9]年|全年[可将]|年底)[^,。;]*$")
_FROM = re.compile("[由从](?:20[0-9][0-9]年底?的?|[^,。;0-9、由从]{0,8})$")
_BASE_PHRASE = re.compile("[由从](?:20[0-9][0-9]年|上年|去年|年初|目前|现在|现有|原来)的?(?=[0-9])")
_CHANGES = re.compile("[^,。;:0-9]{0,4}?(?:提高|提升|增加|增长|增|上升|升|下降|降低|降|压缩|压减|减少|减|缩短|缩减|扩大|延长|发展)(?:到|至|为)")
_COUNTED_UP = forms("words", "actual", "of_any_time")
_OUTTURN = forms("words", "outturn")
_HANDLED = re.compile("办理|审批|报批|办结|受理|办件|开办|拿地|响应|领证")
_HAS_BEEN = re.compile("[^,。;]{2,30}[现得成到过出升展立进]了")
"""What a text that does not say when it was written tells of a year that has been: 2021年，东海县实现了良好开局。"""
_AHEAD, _BACK = forms("words", "turns", "ahead"), forms("words", "turns", "back")


def judge(mention: Mention, sentence: Sentence, period: Period) -> Judgement:
    """What ``mention`` is in ``sentence``; ``period`` is the one it has if it is a result."""
    text = sentence.passage.text
    early = by_form(mention, text)
    if early is not None:
        return early
    if is_threshold(mention, text):
        return Judgement("rule", "class-threshold")
    clause = clause_of(text, mention, sentence)
    if mention.group == "time":
        return _duration(mention, sentence, clause, period.year)
    if _is_base(text, mention, sentence):
        return Judgement("actual", margin=abs(NEAR_DONE))
    if is_norm(clause, mention, sentence, done=_is_done(clause)):
        return Judgement("rule")
    weight = weigh(mention, sentence, period.year)
    return Judgement("target" if weight > 0 else "actual", margin=abs(weight))


def _duration(mention: Mention, sentence: Sentence, clause: str, year: int) -> Judgement:
    """A length of time is a statement where it bounds something: a term that must be kept, a time cut short."""
    text = sentence.passage.text
    norm = is_norm(clause, mention, sentence, done=_is_done(clause))
    if sentence.heading_mode <= 0 and is_term(clause, mention, sentence):
        return Judgement("rule")
    if _measures_time(mention, text, clause) or (_HANDLED.search(clause) and not norm and _bounds(mention, clause)):
        return Judgement("target" if weigh(mention, sentence, year) > 0 else "actual")
    if re.search("(?:期限|任期|周期)(?:为|是)$", text[: mention.start]):
        return Judgement("rule")
    if mention.comparator in ("<=", "<", ">=", ">") and (norm or ((sentence.policy and mention.unit != "年") or _LIMITED.search(clause)) or RULED.search(sentence.text)):
        return Judgement("rule")
    return Judgement("other", "duration")


def _measures_time(mention: Mention, text: str, clause: str) -> bool:
    """Whether a length of time is itself what is measured: fine days, a life, a procedure cut short."""
    measured = _MEASURED_TIME.get(mention.unit)
    return bool(
        _LASTS.search(text[max(0, mention.bounded - 10) : mention.start])
        or (measured and re.search(measured, clause))
        or (mention.unit in ("天", "个工作日", "小时", "分钟") and _COMPARED.search(text[max(0, mention.bounded - 14) : mention.start]))
        or (mention.unit != "年" and re.search("时限|时间|周期|报批|审批", clause) and (_SHORTENED.search(clause) or "由" in clause))
    )


def _bounds(mention: Mention, clause: str) -> bool:
    return mention.comparator in ("<=", "<") or bool(_SHORTENED.search(clause))


def _is_done(clause: str) -> bool:
    """Whether a clause says that something was done, whatever it counts up or compares with."""
    return bool(_dones(_COUNTED_UP.sub("", clause)))


def _is_base(text: str, mention: Mention, sentence: Sentence) -> bool:
    """Whether a number is what a change starts from, which is a fact even where the change is promised: 由3.2%提高到7%."""
    return bool(_FROM.search(text[max(sentence.start, mention.start - 12) : mention.start]) and _CHANGES.match(text, mention.end))


def weigh(mention: Mention, sentence: Sentence, year: int) -> float:
    """Evidence that a number is still to be reached (above 0) or has been reached (below 0)."""
    text = sentence.passage.text
    start, end = clause_span(text, mention, sentence)
    clause = _without_shares(text[start:end])
    before, after = _without_shares(text[start : mention.start]), text[mention.end : end]
    score = HEADING * sentence.heading_mode + 0.5 * sentence.bent
    turned = 0
    if not sentence.heading_mode:
        turned = _turned(text, mention.start, sentence)
        score += TURN * turned if turned else PARAGRAPH * _leaning(text)
    carried_out = pattern("words", "carried_out").search(after.split("、")[0]) and not _TO_BE.search(after) and not _TO_BE.search(before)
    if carried_out or (pattern("words", "existing").search(before) and "作用" in after):
        return NEAR_DONE
    if sentence.heading_mode < 0 and _is_asked(text, mention):
        return NEAR_PLAN
    if _PLANNED_DEED.search(before):
        return NEAR_DONE
    if (grown := _GROWN_PLAN.search(text[max(sentence.start, start - 2 * REACH) : mention.start])) and not _dones(grown["clause"]) and "完成" not in grown["clause"]:
        return NEAR_PLAN
    forecast = _FORECAST.search(before) and (sentence.heading_mode >= 0 or not _NAMES_YEAR.search(before))
    if forecast or _planned(before, after) or pattern("words", "target", "after").match(after):
        return NEAR_PLAN
    lead = _without_shares(text[max(sentence.start, start - 2 * REACH) : start])
    before = _BASE_PHRASE.sub("", before)
    if sentence.heading_mode < 0 or (not sentence.heading_mode and turned < 0):
        before, lead = _OUTTURN.sub("", before), _OUTTURN.sub("", lead)
    if sentence.heading_mode > 0 or _BY_YEAR.search(lead + before):
        before, lead = _COUNTED_UP.sub("", before), _COUNTED_UP.sub("", lead)
    score += _beside(_COUNTED_PLAN.sub("", before) if mention.group in ("counts", "people") else before, after) + _in_lead(lead)
    if sentence.heading_mode >= 0 and _counted_to_date(sentence, mention) and not _plans(before, "strong") and not _plans(before, "local"):
        score += COUNTED
    if text.startswith("其中", sentence.start):
        score += _of_which(text[: sentence.start])
    if _IMPERATIVE.match(clause):
        score += IMPERATIVE
    if _BY_YEAR.search(text[max(sentence.start, mention.start - 2 * REACH) : mention.start]) and sentence.heading_mode >= 0:
        score += BY_YEAR
    if mention.comparator in (">=", "<="):
        score += BOUND
    if mention.form == "doubling":
        score += COMING_DOUBLE
    if mention.more:
        score += MORE
    written_year, written_month = sentence.written
    if year and written_year:
        score += (
            PAST_YEAR
            if year < written_year
            else COMING_YEAR
            if year > written_year or (year == written_year and written_month <= EARLY and not sentence.heading_mode and f"{year}年" in sentence.text)
            else PAST_YEAR / 2
            if written_month >= 11 and sentence.heading_mode <= 0
            else 0
        )
    elif year and f"{year}年" in sentence.text and (titled := re.findall("20[0-9]{2}", sentence.title)) and year < int(min(titled)):
        score += PAST_YEAR
    return score + (0 if score else 0.01 if sentence.policy and not _dones(lead + before) else -0.01)


@lru_cache(maxsize=256)
def _leaning(text: str) -> int:
    """Whether a paragraph speaks more of what is to come (1) or of what was done (-1), where no heading says so."""
    plan, done = len(_plans(text, "strong")), len(_dones(text))
    return (plan > done) - (plan < done)


def _of_which(before: str) -> float:
    """What the sentence before one that begins with 其中 said the whole was: a plan, or what was done."""
    whole = _without_shares(before[max(before.rfind(mark, 0, -1) for mark in "。;") + 1 :])
    first = _COUNT.search(whole)
    plan, done = _plans(whole, "strong") + _plans(whole[: first.start()] if first else whole, "local"), _dones(whole)
    return 0.0 if bool(plan) == bool(done) else NEAR_PLAN if plan else FAR_DONE


def _is_asked(text: str, mention: Mention) -> bool:
    """Whether a number stands where an item says what was asked, before it says what became of it."""
    if not _NUMBERED.match(text) or not _RESULT_BEGINS.search(text, mention.end):
        return False
    return not _RESULT_BEGINS.search(text, 0, mention.start) and not _dones(text[: mention.start])


def _counted_to_date(sentence: Sentence, mention: Mention) -> bool:
    """Whether the period last named in its paragraph before a number runs to a month or quarter: 1—10月, 截至6月底, 前三季度."""
    text = sentence.passage.text
    named = [one for one in stamps(text) if one.end <= mention.start][-1:]
    return any(one.what in ("months", "cutoff", "quarters") and text[one.end : one.end + 1] not in ("前", "后") and "目标" not in text[one.at : mention.start] for one in named)


def _turned(text: str, at: int, sentence: Sentence) -> int:
    """Whether a paragraph without a heading that speaks last turned to what is to come (1) or to what was done (-1) before ``at``.

    One that turned to neither states facts where it stands in a dated or titled text that announces no year's plan.
    """
    for end, way, said in reversed(_turns(text)):
        coming = way < 0 and _coming(said, sentence.written) and (sentence.written[0] or not _HAS_BEEN.match(text, end))
        if end <= at and not coming and not (way < 0 and sentence.policy and said[:2] == "20"):
            return way
    tells = sentence.written[0] or sentence.bent < 0 or (sentence.title and not sentence.bent)
    return -1 if tells and not sentence.plan_year and not sentence.policy else 0


@lru_cache(maxsize=16)
def _turns(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where a paragraph turns, which way, and with which words, in order."""
    found = [(match.end(), way, match[0]) for way, form in ((1, _AHEAD), (-1, _BACK)) for match in form.finditer(text)]
    return tuple(sorted(found))


def _coming(said: str, written: tuple[int, int]) -> bool:
    """Whether a year named as a time had only begun, or not even begun, when the document was written, as far as it says when."""
    year = re.match(r"20\d\d", said)
    if not year or not written[0]:
        return bool(year) and "以来" not in said
    return int(year[0]) > written[0] or (int(year[0]) == written[0] and written[1] <= EARLY)


def _planned(before: str, after: str) -> bool:
    """Whether the number is itself what was planned, in whatever year: 年度计划投资928.7亿元, 139个计划开工项目."""
    plan = max((match.end() for match in re.finditer("计划", before)), default=-1)
    done = max(_dones(before), default=-1)
    return plan > done or bool(_PLANNED_THINGS.match(after))


def _beside(before: str, after: str) -> float:
    """Words of the clause itself; the one nearer to the number speaks louder."""
    plan, done = _plans(before, "strong") + _plans(before, "local"), _dones(before)
    if not plan and pattern("words", "actual", "after").search(after[:14]):
        done.append(len(before))
    if not done and re.search("必须|务必", after[:14]):
        plan.append(len(before))
    score = RESULT if pattern("words", "actual", "weak").search(before) else 0.0
    if plan:
        score += NEAR_PLAN if not done or max(plan) >= max(done) else FAR_PLAN
    if done:
        score += NEAR_DONE if not plan or max(done) > max(plan) else FAR_DONE
    return score


def _in_lead(lead: str) -> float:
    """Words earlier in the sentence: the last of them speaks for what follows."""
    plan, done = _plans(lead, "strong"), _dones(lead)
    if not plan and not done:
        return 0.0
    return FAR_PLAN if plan and (not done or max(plan) > max(done)) else FAR_DONE


def _plans(text: str, group: str) -> list[int]:
    found = [match.end() for match in pattern("words", "target", group).finditer(text)]
    return found + ([match.end() for match in _MUST.finditer(text)] if group == "local" else [])


def _dones(text: str) -> list[int]:
    return [match.end() for form in (pattern("words", "actual", "strong"), _DONE_FORMS) for match in form.finditer(text)]


def _without_shares(text: str) -> str:
    """A plan of which a share is given is no plan word."""
    return _NOT_PLANS.sub(lambda match: "占" * len(match[0]), text)
