"""What two printed numbers must share to be numbers for the same thing: the measure, named without verbs, and what it is measured on.

投资50亿元以上的制造业项目共8个 and 共实施50亿元以上制造业项目7个 measure one thing. 完成投资 says nothing alone: it needs the projects
that were counted just before it. A number whose measure cannot be told with certainty has none, and is compared with nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bihuan.computing.reading.contexts import clause_span
from bihuan.computing.reading.statements import Statement
from bihuan.computing.reading.wording import any_of, keys_of, words

_LEADS = re.compile(
    rf"^(?:{any_of(words('measures', 'leads'))}|{'|'.join(words('measures', 'lead_forms'))}|(?:20\d\d年?[-—–~至到]{{0,2}})+(?:年度?)?"
    r"|(?:截至)?\d{1,2}(?:[-—–~至到]\d{1,2})?月(?:份|底|末)?|,)+"
)
_TAILS = re.compile(rf"(?:{any_of(words('measures', 'tails'))})+$")
_LINKS = re.compile(any_of(words("measures", "links")))
_SAME = {word: name for name in keys_of("measures", "same") for word in words("measures", "same", name)}
_SAME_FORM = re.compile(any_of(_SAME))
_EVENT = re.compile(r"(?P<plan>计划|拟)?(?:新)?(?P<deed>开工|竣工|投产|完工)(?!率)")
_SCOPE = re.compile(r"(?:^|[,。;:、])(市直|市本级|[\u4e00-\u9fff]{1,3}县|[\u4e00-\u9fff]{1,4}(?<!地)区|各县\(?区?\)?)(?=[^,。;]{0,30}$)")
_WIDER = re.compile("全省|全国|我省|全县|全区")
_BODY = re.compile(r"([\u4e00-\u9fff]{1,4}(?:县|[镇乡]|街道|集团|公司|学校|学院|医院))")
SPECIFIC = 6
"""Letters from which a name alone says what is measured."""


@dataclass(frozen=True)
class Measure:
    """What is measured: ``name``, on ``topic`` (empty where the name says it all), in ``unit``, for ``scope`` (an owner)."""

    name: str
    topic: str
    unit: str
    scope: str


def measures(found: list[Statement]) -> dict[int, Measure]:
    """The measure of each statement of one document that has one, by its place in ``found``."""
    named: dict[int, Measure] = {}
    topic, passage = "", None
    for place, one in enumerate(found):
        if one.sentence.passage is not passage:
            topic, passage = "", one.sentence.passage
        if one.kind not in ("target", "actual") or one.judgement.role or one.mention.low is not None:
            continue
        name, counted = _named(one)
        if counted and _is_topic(name):
            topic = name
        measure = _measure(one, name, topic)
        if measure is not None:
            named[place] = measure
    return named


def _named(one: Statement) -> tuple[str, bool]:
    """The name of what is measured, and whether it is a count of things."""
    text, mention = one.sentence.passage.text, one.mention
    start, end = clause_span(text, mention, one.sentence)
    start = max(start, text.rfind("、", start, mention.bounded) + 1)
    before, after = text[start : mention.bounded], text[mention.end : end]
    event = _event(before, after) if mention.group == "counts" else ""
    if event:
        return event, False
    name = tidy(before)
    if mention.group in ("counts", "people") and len(name) < 2:
        name = tidy(re.split("[、与和]", after)[0])
    return name, mention.group in ("counts", "people")


def _event(before: str, after: str) -> str:
    """计划开工 or 开工 of projects, however it is said: 139个计划开工项目, 计划新开工项目196个, 实际开工132个, 186个项目已开工."""
    if re.search("全部(?:开工|竣工|投产)", after):
        return ""
    match = (
        _EVENT.match(after)
        or re.match(rf"(?:个)?项目(?:已|均已){_EVENT.pattern}", after)
        or re.search(rf"{_EVENT.pattern}(?:项目)?$", before)
    )
    return ("计划" if match["plan"] else "") + match["deed"] if match else ""


def tidy(text: str) -> str:
    """A name without leads (全市共实施), tails (达到), links (的) and with one word for what has several."""
    name = text
    while (shorter := _TAILS.sub("", _LEADS.sub("", name))) != name:
        name = shorter
    return _SAME_FORM.sub(lambda match: _SAME[match[0]], _LINKS.sub("", name))


def _is_topic(name: str) -> bool:
    return name.endswith(words("measures", "topics")) and len(name) >= 4 and not name.startswith(words("measures", "phases"))


def _measure(one: Statement, name: str, topic: str) -> Measure | None:
    if not name or name[0] == "占" or re.search(r"[()“”]", name):
        return None
    unit, scope = one.mention.unit, _scope(one)
    if name in words("measures", "dependent") or _EVENT.fullmatch(name):
        alone = _EVENT.fullmatch(name) or _EVENT.fullmatch(name.removesuffix("率"))
        projects = one.mention.group == "rates" or "项目" in one.sentence.text
        return Measure(name, topic, unit, scope) if topic or (alone and projects) else None
    if len(name) < SPECIFIC and not name.endswith("率") and not _is_topic(name):
        return None
    return Measure(name, "", unit, scope)


def _scope(one: Statement) -> str:
    """The county, zone or body whose number it is: named before it in its sentence, else in the title of its article."""
    text = one.sentence.passage.text[one.sentence.start : one.mention.start]
    wider = _WIDER.search(text[max(text.rfind(mark) for mark in ",。;:") + 1 :])
    if wider:
        return wider[0]
    named = _SCOPE.search(text) or _BODY.search(one.sentence.title)
    return named[1] if named else ""
