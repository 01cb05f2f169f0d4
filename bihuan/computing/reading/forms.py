"""What the form of a number and the letters around it already tell: a date, an ordinal, a name, an idiom, a counted heading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bihuan.computing.reading.numbers import Mention
from bihuan.computing.reading.wording import any_of, pattern, words

Kind = Literal["target", "actual", "rule", "other"]
Role = Literal["", "class-threshold", "rank", "slogan", "date", "ordinal", "name", "idiom", "enumeration", "duration", "article", "code"]

MOST_PHASES = 20
"""More 期 than these are issues or classes held, not the phase of something."""

NOUN = re.compile(r"(?:的)?[^,。;:!?、()\"“”\d等]{1,24}")
_LEXICAL = pattern("idioms", "lexical")
_COUNTED = any_of(words("words", "categories"))
_DELIVERABLE = any_of(words("words", "deliverables"))
_RANK = re.compile(r"(?:居|列|排|位列|名列|位居|排名|获|考核)[^,。;]{0,12}第$|第$")
_MEETING = re.compile(r"(?:中?全会|全体|会议|代表|党代会|常委会|集体)")
_MADE = re.compile(r"(?:新增|形成|建成|打造|培育|壮大|发展|新培育|再造|创建)(?:\d+个[^,。;、\d]{2,14}、)*$")
_COUNTED_TWICE = re.compile("[0-9]+(?:件|项|个)")
_AIMED_AT = re.compile("[^,。;]{0,4}[”]?(?:[^,。;“]{0,4}“[^”]*”)?[^,。;]{0,2}的?目标")
_KINDS_OF = re.compile("[\u4e00-\u9fff]{1,5}类(?:[、和及][\u4e00-\u9fff]{1,5}类)+[\u4e00-\u9fff]{2,8}")
_FOR_EACH = re.compile("每(?:新增|增加|引进|培育|新建|建成|认定|获得|成功[\u4e00-\u9fff]{2}|满|达)?$")
_PROPORTION = re.compile("[0-9][:∶]$")
_PROPORTION_GOES_ON = re.compile("[:∶][0-9]")
_SLOGAN_END = pattern("words", "doubling_names")


@dataclass(frozen=True)
class Judgement:
    """The kind, and for what is none of the first three, why."""

    kind: Kind
    role: Role = ""
    margin: float = 0.0
    """How far the words weighed tell one kind from the other; 0 where none were weighed."""


def by_form(mention: Mention, text: str) -> Judgement | None:
    """What the shape of a number and the letters around it already tell; None where only its words can."""
    before, after = text[max(0, mention.start - 12) : mention.start], text[mention.end : mention.end + 12]
    if mention.form == "doubling":
        return _doubled(mention, text)
    if mention.ordinal:
        rank = mention.unit in ("位", "名") and _RANK.search(before)
        return Judgement("actual", "rank") if rank else Judgement("other", "ordinal")
    if quoted(text, mention):
        return Judgement("other", "name")
    if after.startswith(("台阶", "关口", "大关")) and before.endswith("个"):
        return Judgement("other", "idiom")
    if not mention.unit or _PROPORTION.search(before) or _PROPORTION_GOES_ON.match(after):
        return Judgement("other", "code")
    if _inside_word(mention, text):
        return Judgement("other", "idiom")
    if mention.group == "classes" or (mention.group == "counts" and mention.unit in ("期", "届", "点") and not mention.more and mention.value <= MOST_PHASES):
        return Judgement("other", "enumeration" if mention.unit != "强" else "name")
    if mention.unit == "岁" and not re.search("寿命|年龄(?!由)", before) and (mention.low is not None or mention.comparator == "="):
        return Judgement("other", "name")
    if mention.value == 1 and mention.group in ("counts", "people") and _FOR_EACH.search(before):
        return Judgement("other", "article")
    if mention.unit == "次" and before.endswith("连续"):
        return Judgement("other", "duration")
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
    if mention.group in ("money", "rates") and _AIMED_AT.match(text, closing.end()):
        return False
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
    twice = _COUNTED_TWICE.match(text, mention.end)
    after = NOUN.match(text, twice.end() if twice else mention.end)
    category = re.match(rf"(?:的)?[\u4e00-\u9fff]{{0,6}}?{_COUNTED}", after[0]) if after else None
    if after and after[0].startswith(("国家和地区", "国家", "省区市", "省份")):
        return False
    if category and category[0].endswith(("产业链", "集群")) and _MADE.search(text, max(0, mention.start - 40), mention.start):
        return False
    if category and category[0].endswith("类") and (rest := _KINDS_OF.match(text, mention.end)) and re.search(_DELIVERABLE, rest[0]):
        return False
    return category is not None and after is not None and re.search(_DELIVERABLE, after[0][:14]) is None
