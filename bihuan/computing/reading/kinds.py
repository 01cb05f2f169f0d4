"""What a number is: a target, an actual, a rule, or no statement of quantity at all.

First what can be told by form (dates, ordinals, names, idioms, classes). Then evidence is weighed: words beside the number, words of
its sentence, the headings above, the year it belongs to. The weights are in one place, below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bihuan.computing.reading.contexts import Sentence
from bihuan.computing.reading.numbers import Mention
from bihuan.computing.reading.wording import any_of, pattern, words

Kind = Literal["target", "actual", "rule", "other"]
Role = Literal["", "class-threshold", "rank", "slogan", "date", "ordinal", "name", "idiom", "enumeration", "duration", "article", "code"]

NEAR_PLAN, NEAR_DONE = 3.0, -3.5
FAR_PLAN, FAR_DONE = 1.5, -1.0
IMPERATIVE, HEADING, BOUND, MORE = 1.0, 1.5, 0.8, -1.2
PAST_YEAR, COMING_YEAR, RESULT, BY_YEAR = -2.0, 3.0, -0.6, 1.5
COMING_DOUBLE, PARAGRAPH = 1.5, 1.0

REACH = 200
"""Characters around a number in which its clause lies, however few marks the text has; its sentence lends twice as many."""

_CLAUSE_ENDS = ",。;:!?"
_LEXICAL = pattern("idioms", "lexical")
_COUNTED = any_of(words("words", "categories"))
_NOT_PLANS = pattern("words", "not_plans")
_NOUN = re.compile(r"(?:的)?[^,。;:!?、()\"“”\d等]{1,24}")
_LASTS = re.compile(r"(?:天数|时数|时长|寿命|周期|用时|时间)(?:平均)?(?:达到?|为|缩短至|压缩至|延长至|超过)?[^,。;\d]{0,2}$")
_BY_YEAR = re.compile(r"(?<![年从由])到20\d\d年")
_RULED = pattern("words", "rule", "strong")
_RANK = re.compile(r"(?:居|列|排|位列|名列|位居|排名|获|考核)[^,。;]{0,12}第$|第$")
_PLANNED_THINGS = re.compile(r"计划(?:新?开工|竣工|投产|完工)?(?:项目|工程)")
_DONE_FORMS = re.compile("|".join(words("words", "actual", "forms")))
_IMPERATIVE = re.compile(
    rf"[^\u4e00-\u9fff]*(?:大力|加快|持续|全面|重点|积极|全力|深入|扎实|稳步|再|突出)*{any_of(words('words', 'target', 'weak'))}(?![率数额量])"
)
_DELIVERABLE = any_of(words("words", "deliverables"))
_MEETING = re.compile(r"(?:中?全会|全体|会议|代表|党代会|常委会|集体)")
_SLOGAN_END = pattern("words", "doubling_names")


@dataclass(frozen=True)
class Judgement:
    """The kind, and for what is none of the first three, why."""

    kind: Kind
    role: Role = ""
    margin: float = 0.0
    """How far the words weighed tell one kind from the other; 0 where none were weighed."""


def judge(mention: Mention, sentence: Sentence, year: int, others: list[Mention]) -> Judgement:
    """What ``mention`` is in ``sentence``; ``year`` is the one its period begins in (0 if unknown), ``others`` the sentence's mentions."""
    text = sentence.passage.text
    early = _by_form(mention, text)
    if early is not None:
        return early
    if is_threshold(mention, text):
        return Judgement("rule", "class-threshold")
    clause = clause_of(text, mention, sentence)
    if mention.group == "time":
        return _duration(mention, sentence, clause)
    if _ruled(clause, text, mention):
        return Judgement("rule")
    weight = weigh(mention, sentence, year)
    return Judgement("target" if weight > 0 else "actual", margin=abs(weight))


def _by_form(mention: Mention, text: str) -> Judgement | None:
    """What the shape of a number and the letters around it already tell."""
    before, after = text[max(0, mention.start - 12) : mention.start], text[mention.end : mention.end + 12]
    if mention.form == "doubling":
        return _doubled(mention, text)
    if mention.ordinal:
        rank = mention.unit in ("位", "名") and _RANK.search(before)
        return Judgement("actual", "rank") if rank else Judgement("other", "ordinal")
    if quoted(text, mention):
        return Judgement("other", "name")
    if not mention.unit:
        return Judgement("other", "code")
    if _inside_word(mention, text):
        return Judgement("other", "idiom")
    if mention.group == "classes" or (mention.group == "counts" and mention.unit in ("期", "届", "点") and not mention.more):
        return Judgement("other", "enumeration" if mention.unit != "强" else "name")
    if mention.unit == "次" and _MEETING.match(after):
        return Judgement("other", "ordinal")
    if _dated(mention, after):
        return Judgement("other", "date")
    if mention.form == "characters":
        return _in_characters(mention, text)
    if mention.group in ("counts", "people") and _is_category(text, mention):
        return Judgement("other", "enumeration")
    return None


def _doubled(mention: Mention, text: str) -> Judgement | None:
    """Doubling counts where something measurable is doubled; otherwise it is the name of a campaign."""
    before, after = text[max(0, mention.start - 8) : mention.start], text[mention.end : mention.end + 3]
    if _SLOGAN_END.match(after) or not re.search(any_of(words("words", "measurable")) + r"(?:实现|再|均|全部|双)?$", before):
        return Judgement("other", "name")
    return None


def quoted(text: str, mention: Mention) -> bool:
    """Whether the number is part of a short quoted name: “三化”, “1+3”."""
    opening = max(text.rfind(mark, 0, mention.start + 1) for mark in '“"《')
    if opening < 0:
        return False
    closing = re.compile('[”"》]').search(text, opening + 1)
    if closing is None or closing.start() < mention.start:
        return False
    inside = text[opening + 1 : closing.start()]
    return (len(inside) <= 16 and not re.search("[,。;]", inside)) or text[opening] == "《"


def _inside_word(mention: Mention, text: str) -> bool:
    """Whether the characters of the number belong to a longer word of the lexicon."""
    if mention.form not in ("characters", "fraction"):
        return False
    if mention.form == "fraction":
        return text[mention.end : mention.end + 3] == "工作法"
    return any(
        match.start() <= mention.start < match.end() for match in _LEXICAL.finditer(text, max(0, mention.start - 5), mention.start + 8)
    )


def _dated(mention: Mention, after: str) -> bool:
    if mention.unit in ("年", "月", "天", "日") and not mention.more:
        if mention.unit == "年" and mention.value >= 1900:
            return True
        return mention.unit in ("月", "日") and mention.value <= 31
    return bool(mention.unit == "年" and re.match("[初底末度]", after))


def _in_characters(mention: Mention, text: str) -> Judgement | None:
    """A number in characters counts only with a measure and something that can be counted: 三所高校, 两千亿元; never 一个, 三项调度."""
    if (mention.unit and mention.unit[0] in "万亿百千") or mention.group in ("money", "size", "rates", "time"):
        return None
    after = text[mention.end : mention.end + 10]
    if after[:1] in tuple("一二三四五六七八九十百千"):
        return Judgement("other", "name")
    if mention.low is not None:
        return None
    if mention.value <= 1:
        return Judgement("other", "article")
    if mention.unit in ("项", "点", "条", "次", "场", "批", "个") and (mention.unit == "项" or _is_category(text, mention)):
        return Judgement("other", "enumeration")
    if mention.unit not in words("words", "spelled") or not re.match(r"[\u4e00-\u9fff“(]", after) or after[0] in "之的":
        listed = after[:1] in (",", "。", ";", "、", ")") and mention.unit in words("words", "spelled")
        return None if listed else Judgement("other", "enumeration")
    return Judgement("other", "enumeration") if _is_category(text, mention) else None


def _is_category(text: str, mention: Mention) -> bool:
    """Whether what is counted is a heading or a set, not a deliverable: 3项指标, 2个产业链, 九个方面."""
    after = _NOUN.match(text, mention.end)
    category = re.match(rf"(?:的)?[\u4e00-\u9fff]{{0,6}}?{_COUNTED}", after[0]) if after else None
    return category is not None and after is not None and re.search(_DELIVERABLE, after[0][:14]) is None


def is_threshold(mention: Mention, text: str) -> bool:
    """Whether an amount says what class of thing follows: 50亿元以上项目, 超10亿元企业, 55人以上大班额."""
    if mention.group not in ("money", "size", "people", "time", "rates") or mention.form in ("doubling", "fraction"):
        return False
    if mention.group == "time" and mention.comparator not in (">", ">="):
        return False
    reached = text[max(0, mention.bounded - 2) : mention.start].endswith(("达", "达到")) and text[mention.end : mention.end + 1] == "的"
    if (mention.comparator in ("=", "~") and mention.low is None and not reached) or mention.unit in ("户", "名", "位", "倍"):
        return False
    after = text[mention.end : mention.end + 14]
    if not re.match(r"的?[\u4e00-\u9fff“]", after) or re.match(any_of(words("words", "amounts")), after.removeprefix("的")):
        return False
    if mention.form == "level":
        return False
    noun = _NOUN.match(text, mention.end)
    if mention.group == "rates":
        return bool(re.match("的(?:企业|产品|项目|村|地区)", after))
    return noun is not None and bool(_CLASSES.match(noun[0]))


_CLASSES = re.compile(
    r"的?[^,。;]{0,14}?(?:项目|企业|工程|开发区|园区|园|村|县|乡镇|平台|基金|大班额|产业|集群|工业|老人|人员|家庭|机组|锅炉|人口|龙头|商户|单位|道路|公园|住宅|客户|群体|儿童|婴幼儿|学生|青年|职工|居民)"
)


def clause_of(text: str, mention: Mention, sentence: Sentence) -> str:
    """The clause of a mention with the mention in it."""
    start, end = clause_span(text, mention, sentence)
    return text[start:end]


def clause_span(text: str, mention: Mention, sentence: Sentence) -> tuple[int, int]:
    """From the mark that divides clauses before a mention to the one after it, within its sentence and a reasonable reach."""
    first, last = max(sentence.start, mention.start - REACH), min(sentence.end, mention.end + REACH)
    start = max([first, *(text.rfind(mark, first, mention.start) + 1 for mark in _CLAUSE_ENDS)])
    ends = [at for mark in _CLAUSE_ENDS if (at := text.find(mark, mention.end, last)) >= 0]
    return start, min([last, *ends])


def _duration(mention: Mention, sentence: Sentence, clause: str) -> Judgement:
    """A length of time is a statement where it bounds something: a term that must be kept, a time cut short."""
    text = sentence.passage.text
    if _LASTS.search(text[max(0, mention.bounded - 10) : mention.start]):
        return Judgement("target" if weigh(mention, sentence, 0) > 0 else "actual")
    if "时限" in clause and re.search("压缩|压减|缩短|由", clause):
        return Judgement("target" if weigh(mention, sentence, 0) > 0 else "actual")
    if re.search("(?:期限|任期|周期)(?:为|是)$", text[: mention.start]):
        return Judgement("rule")
    if mention.comparator in ("<=", "<", ">=", ">") and (_ruled(clause, text, mention) or _RULED.search(sentence.text)):
        return Judgement("rule")
    return Judgement("other", "duration")


def _ruled(clause: str, text: str, mention: Mention) -> bool:
    """Whether a standing norm speaks: 原则上不低于1亿元, 二分之一时间在外驻地招商."""
    if mention.form == "fraction" and text[mention.end : mention.end + 2] == "时间":
        return True
    return bool(_RULED.search(clause)) and (mention.comparator != "=" or bool(re.search("标准|补|奖|给予", clause)))


def weigh(mention: Mention, sentence: Sentence, year: int) -> float:
    """Evidence that a number is still to be reached (above 0) or has been reached (below 0)."""
    text = sentence.passage.text
    start, end = clause_span(text, mention, sentence)
    clause = _without_shares(text[start:end])
    before, after = _without_shares(text[start : mention.start]), text[mention.end : end]
    score = HEADING * sentence.heading_mode + 0.5 * sentence.bent
    if not sentence.heading_mode:
        score += PARAGRAPH * _leaning(text)
    if pattern("words", "carried_out").search(after) or (pattern("words", "existing").search(before) and "作用" in after):
        return NEAR_DONE
    if _planned(before, after):
        return NEAR_PLAN
    score += _beside(before, after) + _in_lead(_without_shares(text[max(sentence.start, start - 2 * REACH) : start]))
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
            if year > written_year
            else PAST_YEAR / 2
            if written_month >= 11 and sentence.heading_mode <= 0
            else 0
        )
    return score + (0 if score else -0.01)


@lru_cache(maxsize=256)
def _leaning(text: str) -> int:
    """Whether a paragraph speaks more of what is to come (1) or of what was done (-1), where no heading says so."""
    plan, done = len(_plans(text, "strong")), len(_dones(text))
    return (plan > done) - (plan < done)


def _planned(before: str, after: str) -> bool:
    """Whether the number is itself what was planned, in whatever year: 年度计划投资928.7亿元, 139个计划开工项目."""
    plan = max((match.end() for match in re.finditer("计划", before)), default=-1)
    done = max(_dones(before), default=-1)
    return plan > done or bool(_PLANNED_THINGS.match(after))


def _beside(before: str, after: str) -> float:
    """Words of the clause itself; the one nearer to the number speaks louder."""
    plan, done = _plans(before, "strong") + _plans(before, "local"), _dones(before)
    if pattern("words", "actual", "after").search(after[:14]):
        done.append(len(before))
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
    return [match.end() for match in pattern("words", "target", group).finditer(text)]


def _dones(text: str) -> list[int]:
    return [match.end() for form in (pattern("words", "actual", "strong"), _DONE_FORMS) for match in form.finditer(text)]


def _without_shares(text: str) -> str:
    """A plan of which a share is given is no plan word."""
    return _NOT_PLANS.sub(lambda match: "占" * len(match[0]), text)
