"""What a number is about, and whose it is, from the words around it."""

from __future__ import annotations

import re

from bihuan.computing.reading.contexts import Sentence
from bihuan.computing.reading.numbers import Mention
from bihuan.computing.reading.wording import any_of, words

_LEAD_IN = re.compile(
    r"^(?:(?:20\d\d)年[度来内,]*|年内|全年|今年|力争|确保|争取|其中|并|再|将|已|共计?|全市|持续|加快|大力|突出|抓好|重点|推进|推动|实施|计划|拟|预计|,)*"
)
_TAIL = re.compile(
    r"(?:"
    + any_of([*words("numbers", "exact"), *(w for s in (">=", ">", "<=", "<", "~") for w in words("numbers", "before", s))])
    + r"|在|的|总数|数量)+$"
)
_GROWTH = re.compile(r"(增长|提高|下降|增加|减少|降低|提升|上升|压缩|压减)$")
_ORG = re.compile(
    r"(?:^|[,。;:、])((?:[\u4e00-\u9fff]{1,4}[县区]|市直|各县\(区\)|各县区|经开区|开发区|示范区|[\u4e00-\u9fff]{2,8}(?:局|委|公司|集团)))(?=[^、]{0,12})"
)


def subject(sentence: Sentence, mention: Mention) -> str:
    """The noun a number measures: what stands before it in its clause, or what is counted after it."""
    text = sentence.passage.text
    start = max(text.rfind(mark, sentence.start, mention.bounded) for mark in ",。;:") + 1
    start = max(start, sentence.start, mention.bounded - 60)
    before = _TAIL.sub("", _LEAD_IN.sub("", text[start : mention.bounded]))
    before = before.rpartition("、")[2] if "、" in before and not before.endswith("等") else before
    after = re.match(r"(?:的)?([^,。;:、!?\d“]{1,16})", text[mention.end :])
    counted = after[1] if after and mention.group in ("counts", "people") else ""
    if mention.group == "rates" and mention.unit in ("%", "个百分点") and (grown := _GROWTH.search(before)):
        return before + ("率" if grown[1] == "增长" else "幅度")
    if counted and (not before or before.endswith("等") or len(before) < 2):
        return counted + "数"
    if not before and counted:
        return counted + "数"
    if mention.group == "counts" and before:
        return before + (counted if len(counted) < 8 else "") + "数"
    return before or counted


def owner(sentence: Sentence, mention: Mention) -> str:
    """The county, zone, bureau or company named as owner before the number in its sentence; empty for the whole city."""
    return owner_before(sentence, mention.start)


def owner_before(sentence: Sentence, at: int) -> str:
    """The owner named in a sentence before ``at``."""
    found = _ORG.findall(sentence.passage.text[sentence.start : at])
    return found[-1] if found else ""
