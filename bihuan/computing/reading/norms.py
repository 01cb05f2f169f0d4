"""Standing norms: a term or amount that a policy sets, and the threshold of a class of things."""

from __future__ import annotations

import re

from bihuan.computing.reading.awards import is_award
from bihuan.computing.reading.contexts import Sentence
from bihuan.computing.reading.forms import NOUN
from bihuan.computing.reading.numbers import Mention
from bihuan.computing.reading.wording import any_of, forms, pattern, words

RULED = pattern("words", "rule", "strong")
_WITHIN = ("个工作日", "工作日", "小时", "个小时", "分钟")
_CUT = re.compile("压缩|压减|缩短|缩减|平均|实现|提速|降至|减至|[由从]|力争|确保|已|目标|仅")
_GRANTED = forms("words", "rule", "granted")
_AT_MOST = re.compile("(?:同一|单个|每个|每[家户人])?(?:企业|项目|单位)?(?:每年|年度|累计|总额)*(?:最高|最多|上限|不超过)")
_RAISED = re.compile("标准[^,。;0-9]{0,8}(?:提高|提升|增长|上调|提至|不低于)")
_COUNTED_CLASS = re.compile(r"(?:级)?[\u4e00-\u9fff]{0,4}(?:企业|园区|项目|产业|集群)[\u4e00-\u9fff]{0,8}?\d+(?:个|家|项)")
_AMOUNT_NOUN = re.compile("(?:资金|基金|贷款|债券|投资|补助|补贴|产值|收入)$")
_LISTED_ON = re.compile(r"(?:(?:[、和及]|以及)[\d.]+[万亿]?(?:元|亩|吨|人)(?:以上|以下|以内)?)*")
_ELIDED = re.compile(r"的?(?:有|达|达到)?\d+(?:个|家|项)")
_CLASSES = re.compile(
    r"的?[^,。;]{0,14}?(?:项目|企业|工程|开发区|园区|园|村|县|乡镇|平台|基金|大班额|产业|集群|工业|老人|老年人|妇女|残疾人|对象|人员|家庭|机组|锅炉|人口|龙头|商户|单位|道路|公园|住宅|客户|群体|儿童|婴幼儿|学生|青年|职工|居民)"
)


def is_threshold(mention: Mention, text: str) -> bool:
    """Whether an amount says what class of thing follows: 50亿元以上项目, 超10亿元企业, 55人以上大班额."""
    if mention.group not in ("money", "size", "people", "time", "rates") or mention.form in ("doubling", "fraction"):
        return False
    if mention.group == "time" and mention.comparator not in (">", ">="):
        return False
    reached = text[max(0, mention.bounded - 2) : mention.start].endswith(("达", "达到")) and text[mention.end : mention.end + 1] == "的"
    if (mention.comparator in ("=", "~") and mention.low is None and not reached) or mention.unit in ("户", "名", "位", "倍"):
        return False
    listed = _LISTED_ON.match(text, mention.end)
    end = listed.end() if listed else mention.end
    after = text[end : end + 14]
    if mention.group == "money" and _ELIDED.match(after):
        return True
    if not re.match(r"的?[\u4e00-\u9fff“]", after) or re.match(any_of(words("words", "amounts")), after.removeprefix("的")):
        return False
    if mention.form == "level":
        if text[: mention.start].endswith("多个"):
            return True
        return text[mention.end - 1] != "级" and _COUNTED_CLASS.match(text, mention.end) is not None
    noun = NOUN.match(text, end)
    if noun and _AMOUNT_NOUN.search(noun[0]):
        return False
    if mention.group == "rates":
        return bool(re.match("的(?:企业|产品|项目|村|地区)", after))
    return noun is not None and bool(_CLASSES.match(noun[0]))


def is_term(clause: str, mention: Mention, sentence: Sentence) -> bool:
    """Whether a procedure has to be done within a time, which nobody says is shorter than before: 7个工作日内完成审批."""
    within = mention.unit in _WITHIN and mention.comparator == "<="
    return within and not _CUT.search(sentence.text[: mention.end - sentence.start]) and not RULED.search(clause)


def is_norm(clause: str, mention: Mention, sentence: Sentence, *, done: bool) -> bool:
    """Whether a standing norm speaks: 原则上不低于1亿元, 给予20万元奖励; not where its clause says that it was ``done``."""
    text = sentence.passage.text
    if mention.form == "fraction" and text[mention.end : mention.end + 2] == "时间":
        return True
    if clause.startswith("对") and clause.endswith("的") and mention.comparator != "=":
        return True
    if _GRANTED.search(clause) and not done:
        return True
    if (sentence.policy or not done) and is_award(clause, mention, sentence):
        return True
    if _AT_MOST.match(clause) and _GRANTED.search(sentence.text):
        return True
    if _RAISED.search(clause):
        return False
    return bool(RULED.search(clause)) and (mention.comparator != "=" or bool(re.search("标准|补|奖|给予", clause)))
