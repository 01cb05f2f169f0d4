"""What is promised without a number, where it can be checked whether it came about: one task for each thing promised.

A clause that begins with a verb of doing, in a part of the document that speaks of what is to be done, promises what follows.
A list promises each of its items; what stands after 等 says what they all are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from bihuan.computing.reading.contexts import Sentence, sentences
from bihuan.computing.reading.passages import Passage
from bihuan.computing.reading.periods import period_at
from bihuan.computing.reading.subjects import owner_before
from bihuan.computing.reading.wording import any_of, keys_of, words

LONGEST = 40
SHORTEST = 2

_CLAUSE = re.compile(r"[^,。;:!?]+")
_ADVERBS = re.compile(rf"(?:(?:{any_of(words('actions', 'adverbs'))}|[\u4e00-\u9fff]{{2}}化)、?)*")
_ALIKE = re.compile(
    r"(?<![中高平均同初])等(?![待级于同])(?:(?:\d+|[一二两三四五六七八九十]+)(?:个|家|条|座|所|项|处|大)?)?(?P<head>[^等]{0,16})$"
)
_DESCRIBES = re.compile(r"(?:[型式性的高强优通连]|^.{0,3}[^与]化)$")
_COUNTED = re.compile(r"(?:\d+)(?:个|家|条|座|所|处)(?P<head>[^、]{0,10}?(?:项目|道路|企业|小区|街区|基地|平台|园区))$")
_COUNT = re.compile(r"(?<![道第A-Za-z\d.])\d+(?:\.\d+)?(?!国道|省道|县道|乡道|号线|线|高速)[万亿]?[\u4e00-\u9fff]{1,2}")
_COMES_ABOUT = re.compile(
    rf"(?:{any_of(words('actions', 'adverbs'))})*{any_of(words('actions', 'brings'))}(?P<thing>[^,。;]{{2,36}}?)"
    rf"(?:{any_of(words('actions', 'when'))})*(?P<event>{any_of(words('actions', 'events'))})$"
)
_DONE = re.compile(r"已|了(?!解)|累计|同比|荣获|截至|先后|共计")
_NUMBERED = re.compile(
    "(?:(?:20[0-9]{2}年|今年)?(?:[0-9]{1,2}月(?:底|份|[上中下]旬)?|年底|年末|[上下]半年|[一二三四]季度)前?内?"
    "|[(]?[0-9]{1,3}[.、)]|[(]?[一二三四五六七八九十]{1,3}[、)]|[一二三四五六七八九十][是要])+"
)
_OF_OTHERS = r"(?:支持|鼓励|引导|推动|帮助|指导|督促|组织)[\u4e00-\u9fff]{1,8}?(?:[市县区镇乡]|企业|公司|集团|高校|院所|医院|学校|单位|部门|地方)"
_PROGRAMMES = re.compile("(?:行动计划|计划|行动|工程|方案|制度|机制|体系|试点)$")
_NOBODYS = re.compile("的(?:重大|好|优质|大|领军|龙头|单项冠军|骨干)?(?:项目|企业|产品|人才)$|^(?:上?线?运行|建成|投产|开工|竣工)$")
"""A thing told only by what it should be like is nothing that could be pointed at: 增后劲的重大项目."""
_FILLER = re.compile(r"^(?:一批|更多|再|一大批|好|的|各类)+")


@dataclass(frozen=True)
class Task:
    """A promise that can be checked: where it stands, what is to be done, to what, by when and by whom.

    ``seen``: its verb alone says that the outcome can be seen, to whatever it is done.
    """

    line: int
    quote: str
    action: str
    object: str
    period: str
    org: str
    seen: bool = False

    def row(self) -> dict[str, Any]:
        """The task as one line of output, with exactly the keys that were agreed."""
        return {
            "line": self.line, "quote": self.quote, "action": self.action, "object": self.object,
            "period": self.period or None, "org": self.org or None,
        }  # fmt: skip


def tasks(document: Sequence[Passage]) -> list[Task]:
    """The checkable promises of a document, in order. Those with a number are named once for each thing they name."""
    found: list[Task] = []
    for sentence in sentences(document):
        if (sentence.heading_mode >= 0 and sentence.bent >= 0) or sentence.heading_mode > 0:
            found.extend(_of_sentence(sentence))
    return found


def _of_sentence(sentence: Sentence) -> Iterator[Task]:
    verb = ""
    for match in _CLAUSE.finditer(sentence.text):
        numbered = _NUMBERED.match(match[0])
        skipped = numbered.end() if numbered else 0
        clause, at = match[0][skipped:], sentence.start + match.start() + skipped
        if _DONE.search(clause) or len(clause) < 5 or clause.endswith("——"):
            continue
        found = _state(sentence, clause, at) or _event(sentence, clause, at)
        own = _verb(clause)
        if not found and own:
            verb = own[1]
            found = list(_deed(sentence, clause, at, *own))
        elif not found and verb and "、" in clause:
            found = list(_deed(sentence, clause, at, 0, "", verb))
        yield from found


def _state(sentence: Sentence, clause: str, at: int) -> list[Task]:
    """A promise of a state: 收入增速与经济增长同步."""
    if re.search(r"\d", clause):
        return []
    for action in keys_of("actions", "states"):
        if re.search(_states(action), clause):
            return [_task(sentence, action, _ADVERBS.sub("", clause, count=1), at, at + len(clause))]
    return []


def _event(sentence: Sentence, clause: str, at: int) -> list[Task]:
    """A promise that something comes about: 确保机场二期年内竣工, 推动某公司上市."""
    match = _COMES_ABOUT.match(clause)
    if not match:
        return []
    found = []
    for item, begins, ends, head in _items(match["thing"]):
        thing = item + (head if head and not item.endswith(head) else "")
        if _promised(thing, item, seen=True):
            start = at if begins == 0 else at + match.start("thing") + begins
            end = at + len(clause) if ends == len(match["thing"]) else at + match.start("thing") + ends
            found.append(replace(_task(sentence, match["event"], thing + match["event"], start, end), seen=True))
    return found


@cache
def _states(action: str) -> str:
    return "|".join(words("actions", "states", action))


@cache
def _verbs() -> tuple[dict[str, str], frozenset[str], re.Pattern[str]]:
    """Each verb with the action it is filed under, those whose outcome can be seen, and the expression of all."""
    pairs = [entry.split("/") for group in ("seen", "said") for entry in words("actions", group)]
    seen = frozenset(entry.split("/")[0] for entry in words("actions", "seen"))
    return {pair[0]: pair[1] for pair in pairs}, seen, re.compile(any_of(verb for verb, _ in pairs))


def _deed(sentence: Sentence, clause: str, at: int, start: int, verb: str, borrowed: str = "") -> Iterator[Task]:
    """A ``verb`` at ``start`` and what it is done to; or a list that goes on with the verb ``borrowed`` of the clause before it."""
    actions, seen, _ = _verbs()
    body, offset = clause[start + len(verb) :], at + start + len(verb)
    if body.endswith("战略"):
        return
    for item, begins, ends, head in _items(body):
        thing = _FILLER.sub("", item)
        if head and not thing.endswith(head):
            thing += head
        if not _promised(thing, item, seen=verb in seen):
            continue
        first = begins == 0
        quoted = (at if first else offset + begins, offset + ends)
        yield replace(_task(sentence, actions[verb or borrowed], thing, *quoted), seen=verb in seen)


def _verb(clause: str) -> tuple[int, str] | None:
    """Where the verb of a clause stands and which it is; adverbs that are verbs themselves count where no other verb follows."""
    _, _, verb_form = _verbs()
    of_others = re.match(f"{_OF_OTHERS}({verb_form.pattern})", clause)
    if of_others and len(clause) - of_others.end() >= SHORTEST:
        return of_others.start(1), of_others[1]
    lead = _ADVERBS.match(clause)
    start = lead.end() if lead else 0
    whole = lead[0] if lead else ""
    last = max(verb_form.finditer(whole), key=lambda match: match.end(), default=None)
    follows = verb_form.match(clause, start)
    if follows and len(clause) - follows.end() >= SHORTEST:
        return start, follows[0]
    if last and last.end() == start:
        return last.start(), last[0]
    ahead = re.match(rf"(?:(?:在|从|对|向|把|将|依托|会同|联合|围绕)[^、]{{1,14}}?|以[^、]{{1,12}}为[^、]{{1,6}}?)({verb_form.pattern})", clause)
    return (ahead.start(1), ahead[1]) if ahead else None


def _items(body: str) -> Iterator[tuple[str, int, int, str]]:
    """The things of a list with their places in ``body``, and what they all are where 等 says so."""
    alike = _ALIKE.search(body) or (_COUNTED.search(body) if "、" in body else None)
    head = ""
    listed = body
    if alike:
        listed = body[: alike.start()]
        head = re.sub(r"^(?:一?批|的)+|(?:建设|实施)?$", "", alike["head"].split("与")[0].split("由")[0])
    parts = _split(listed)
    if (alike and sum(end - begin <= 2 for begin, end in parts) * 2 >= len(parts)) or any(_DESCRIBES.search(listed[begin:end]) for begin, end in parts[:-1]):
        parts = [(0, len(listed))]
    if not alike:
        parts = [piece for part in parts for piece in _joined(listed, *part)]
    for begins, ends in parts:
        item = listed[begins:ends]
        if item:
            yield item, begins, ends, head if len(head) <= 12 else ""


def _split(text: str) -> list[tuple[int, int]]:
    """The parts of a list divided by 、 outside quotes and brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "“(《") - (letter in "”)》")
        if letter == "、" and depth <= 0:
            parts.append((start, at))
            start = at + 1
    parts.append((start, len(text)))
    return parts if all(end - begin >= 2 for begin, end in parts) else [(0, len(text))]


def _joined(text: str, begins: int, ends: int) -> list[tuple[int, int]]:
    """The two halves of an item joined by 和 or 及, where each is long enough to be a thing of its own."""
    match = re.search("[和及]", text[begins + 4 : max(begins + 4, ends - 4)])
    if not match or "“" in text[begins:ends]:
        return [(begins, ends)]
    middle = begins + 4 + match.start()
    whole = _PROGRAMMES.search(text[middle:ends])
    if whole and not _PROGRAMMES.search(text[begins:middle]):
        return [(begins, ends)]
    return [(begins, middle), (middle + 1, ends)]


def _promised(thing: str, item: str, *, seen: bool) -> bool:
    """Whether the thing can be pointed at; a number in it makes it a statement, which is found elsewhere."""
    if len(thing) < SHORTEST or len(thing) > LONGEST or (_COUNT.search(item) and not re.search(r"\dG|\d\.0版", item)):
        return False
    if _NOBODYS.search(thing) or thing.startswith(("对", "为", "上实现")):
        return False
    if re.search(any_of(words("actions", "wishes")) + "$", thing) and not thing.endswith(("制管理", "改造提升")):
        return False
    return seen or re.search(any_of(words("actions", "things")) + "$", thing) is not None


def _task(sentence: Sentence, action: str, thing: str, start: int, end: int) -> Task:
    passage = sentence.passage
    period = period_at(sentence, end, plan=True)
    end = min(end, start + LONGEST)
    return Task(passage.lines[start], passage.quote(start, end), action, thing[:LONGEST], period.text, owner_before(sentence, start))
