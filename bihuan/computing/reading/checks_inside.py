"""Relations among the numbers of one paragraph: rates, shares, growth, parts of a whole, differences, and lists that name their length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from bihuan.computing.reading.contexts import clause_span
from bihuan.computing.reading.measures import Measure
from bihuan.computing.reading.numbers import mentions, number
from bihuan.computing.reading.passages import Passage
from bihuan.computing.reading.relations import (
    CLOSE,
    DECLINE,
    DIFFERENCE,
    GROWTH,
    SUM,
    Formula,
    Place,
    Relation,
    before_number,
    by_passage,
    computed,
    near,
    share,
)
from bihuan.computing.reading.rounding import Verdict
from bihuan.computing.reading.statements import Statement

_OF_PLAN = re.compile(r"(?:占|完成|为)(?:了)?(?:年度|全年|年|总)?(?:投资)?计划(?:总量|任务|目标)?(?:的)?$")
_RATE = re.compile(r"(?P<deed>开工|竣工|投产)率(?:达到?|为|是)?$")
_OF_TASK = re.compile(r"(?:占|完成|为)(?:了)?(?:年度|全年)?(?:目标|任务)(?:任务)?的?$|(?:完成率|进度)(?:达到?|为)?$")
_SHARE = re.compile(r"(?:占比|占)[^,。;、]{0,12}$")
_FROM_TO = re.compile(r"[由从](?:20\d\d年|上年|去年|年初)?的?$")
_RISE, _FALL = (
    re.compile(r"(?:增长|增加|提高|上升|增幅|升高)(?:了|达|为)?$"),
    re.compile(r"(?:下降|减少|降低|压缩|压减|减幅|降幅)(?:了)?(?:达|为)?$"),
)
_OTHERWISE = re.compile("年均|年平均|可比|不变价|同口径|剔除|名义|实际增长")
"""Growth that is not that of the two numbers as printed: by year, at other prices, on another basis."""
_OF_THE_SAME = re.compile("(?:同比|[比较](?:上年|去年|上期|同期|年初))?(?:增|提|上|升|下|减|降|压)")
"""How a clause begins that says by how much the numbers before it changed; one with a subject of its own speaks of another thing."""
_NAMED_LIST = re.compile(
    r"(?P<items>(?:[^、,。;:!?“”()]{2,24}、)+[^、,。;:!?“”()0-9]{2,24}?)(?P<quote>”?“?)(?P<count>\d+|[两二三四五六七八九十])(?P<measure>个|项|大|库|类|家|条|种|所)(?P<noun>[\u4e00-\u9fff\d]{0,8})"
)
_AND_OTHERS = re.compile("(?<![高中平均同初])等(?![待级于同])|[一二三四五六七八九十]$")
"""What says that a list holds more than is named: 甲、乙等招商项目33个."""
_LED = re.compile(
    r"^(?:.*?(?:聚焦|围绕|培育|壮大|仅|为|有|实施|推进|建设|建立|抓实|包括|开展|打造|抓好|形成|落实|深化|以|按照|坚持|完善|与))?"
)
_SPAN = re.compile(r"(?P<first>20\d\d)年?[-—–~至到]{1,2}(?P<last>20\d\d)年(?:这|的)?(?P<count>\d|[两二三四五六七八九十])年(?!级|[初底末])")
_POINTS = re.compile(r"“?(?P<count>[三四五六七八九十])[大项][\u4e00-\u9fff]{2,6}”?$")
_CHAPTERS = re.compile(r"(?P<count>[两三四五六七八九十]|\d)个方面(?:的)?(?:工作|任务)?[::]")


NEAR = 24
"""Characters between a whole and 其中 beyond which a part that is greater speaks of another whole."""


def inside(doc: str, found: Sequence[Statement], named: dict[int, Measure]) -> Iterator[Relation]:
    """The relations among the statements of each passage of one document."""
    for numbers in by_passage(found):
        yield from _rates(doc, numbers, {id(found[place]): measure for place, measure in named.items()})
        yield from _shares(doc, numbers)
        yield from _listed(doc, numbers)
        yield from _changes(doc, numbers)
        yield from _parts(doc, numbers)


def _clause(one: Statement) -> str:
    start, end = clause_span(one.sentence.passage.text, one.mention, one.sentence)
    return one.sentence.passage.text[start:end]


def _last(numbers: Sequence[Statement], at: int, **said: str) -> Statement | None:
    """The last number before place ``at`` whose clause has the words asked for and none of those refused."""
    for one in reversed(numbers[:at]):
        clause = _clause(one)
        if re.search(said["has"], clause) and not (said.get("without") and re.search(said["without"], clause)):
            return one
    return None


def _rates(doc: str, numbers: Sequence[Statement], named: dict[int, Measure]) -> Iterator[Relation]:
    """占计划的110.4%: what was invested by what was planned. 开工率95%: what was begun by what was to be begun."""
    for at, one in enumerate(numbers):
        if one.mention.unit != "%":
            continue
        before = before_number(one)
        if _OF_PLAN.search(before):
            done, plan = _last(numbers, at, has="完成(?:投资)?", without="计划"), _last(numbers, at, has="计划(?:总)?投资|投资计划", without="%|占")
            pair = (done, plan)
        elif rate := _RATE.search(before):
            pair = _begun(numbers, at, named, rate["deed"])
        elif _OF_TASK.search(before):
            pair = _beside(numbers[:at])
        else:
            continue
        yield from _close(doc, one, pair)


def _beside(numbers: Sequence[Statement]) -> tuple[Statement | None, Statement | None]:
    """The result and the plan that stand one after the other just before a rate, in one sentence."""
    if len(numbers) < 2 or numbers[-1].sentence is not numbers[-2].sentence:
        return None, None
    plan, done = numbers[-2:]
    return (done, plan) if (plan.kind, done.kind) == ("target", "actual") else (None, None)


def _begun(numbers: Sequence[Statement], at: int, named: dict[int, Measure], deed: str) -> tuple[Statement | None, Statement | None]:
    """The last number of things done and the last number planned before place ``at``."""
    found: dict[str, Statement] = {}
    for one in numbers[:at]:
        measure = named.get(id(one))
        if measure and measure.name in (deed, f"计划{deed}"):
            found[measure.name] = one
    return found.get(deed), found.get(f"计划{deed}")


def _close(doc: str, result: Statement, pair: tuple[Statement | None, Statement | None]) -> Iterator[Relation]:
    """The ratio of a pair in one unit, where it comes near what is printed: else the pair is not the one that was meant."""
    part, whole = pair
    if part is None or whole is None or part.mention.measure != whole.mention.measure:
        return
    relation = share(doc, result, part, whole)
    if relation and near(relation):
        yield relation


def _shares(doc: str, numbers: Sequence[Statement]) -> Iterator[Relation]:
    """A, 全省 B, 占比 p%: the part and the whole are the two amounts just before, in one unit, in one sentence."""
    for at, one in enumerate(numbers):
        before = before_number(one)
        if one.mention.unit != "%" or not _SHARE.search(before) or _OF_PLAN.search(before) or at < 2:
            continue
        first, second = numbers[at - 2], numbers[at - 1]
        if second.sentence is not one.sentence or first.sentence is not one.sentence or "%" in (first.mention.unit, second.mention.unit):
            continue
        if "其中" in _clause(second):
            yield from _close(doc, one, (second, first))
        elif re.search("全省|全国|全市|总", _clause(second)):
            yield from _close(doc, one, (first, second))


def _listed(doc: str, numbers: Sequence[Statement]) -> Iterator[Relation]:
    """甲(11.9%)、乙(10.0%)、丙(9.1%), 合计占 31%: the shares of a list and the share of all of it."""
    for at, one in enumerate(numbers):
        if one.mention.unit != "%" or not re.search("(?:占比|合计占?|共占|总计)[^,。;、]{0,6}$", before_number(one)):
            continue
        parts: list[Statement] = []
        for other in reversed(numbers[:at]):
            if other.sentence is not one.sentence or other.mention.unit != "%" or (parts and _clause(other) != _clause(parts[-1])):
                break
            parts.append(other)
        if len(parts) >= 3 and "、" in _clause(parts[0]) and one.mention.value > max(part.mention.value for part in parts):
            relation = computed(doc, "sum", one, parts[::-1], SUM)
            if relation:
                yield replace(relation, verdict="question") if relation.verdict == "disagrees" else relation


def _changes(doc: str, numbers: Sequence[Statement]) -> Iterator[Relation]:
    """由 a 增加到 b, 增长 p%; and 达到 b, 比上年增加 c, 增长 p%."""
    for at, one in enumerate(numbers):
        if one.mention.unit != "%" or at < 2:
            continue
        first, second = numbers[at - 2], numbers[at - 1]
        if (
            not (first.sentence is second.sentence is one.sentence)
            or first.mention.unit != second.mention.unit
            or first.mention.unit == "%"
        ):
            continue
        before = before_number(one)
        if _OTHERWISE.search(before) or not _OF_THE_SAME.match(before) or one.mention.low is not None:
            continue
        rises, falls = _RISE.search(before), _FALL.search(before)
        if (rises or falls) and _FROM_TO.search(before_number(first)):
            relation = computed(doc, "growth", one, (first, second), GROWTH if rises else DECLINE)
        elif rises and re.search("(?:比|较)(?:上年|去年|上期|同期)[^,]{0,4}(?:增加|增长|多)$", before_number(second)):
            relation = computed(
                doc, "growth", one, (first, second),
                Formula(lambda now, more: more * 100 / (now - more), lambda now, more: f"{more}÷({now}−{more})×100"),
            )  # fmt: skip
        else:
            continue
        if relation:
            yield relation


def _parts(doc: str, numbers: Sequence[Statement]) -> Iterator[Relation]:
    """其中: a part is not more than its whole. 新开工 and 续建 make up all projects. 仍有10个未开工: what was planned less what was begun."""
    for at, one in enumerate(numbers):
        clause = _clause(one)
        same = [other for other in numbers[:at] if other.mention.unit == one.mention.unit and other.mention.group == "counts"]
        led = one.sentence.passage.text.rfind("其中", one.sentence.start, one.mention.start)
        wholes = [other for other in same if other.sentence is one.sentence and other.mention.end <= led]
        distant = wholes and one.mention.value > wholes[-1].mention.value and led - wholes[-1].mention.end > NEAR
        if wholes and one.mention.group == "counts" and not distant:
            yield _subset(doc, one, wholes[-1])
        if re.search("续建(?:项目)?$", before_number(one)) and len(same) >= 2 and re.search("新开工(?:项目)?$", before_number(same[-1])):
            yield from _whole(doc, same[-1], one, same[:-1])
        if re.search(r"(?:仍有|尚有|还有)$", before_number(one)) and "未开工" in clause:
            plan, done = _last(numbers, at, has="计划(?:新)?开工"), _last(numbers, at, has="(?:实际|已)开工")
            if plan and done:
                yield from filter(None, [computed(doc, "difference", one, (plan, done), DIFFERENCE)])


def _subset(doc: str, part: Statement, whole: Statement) -> Relation:
    fits = part.mention.value <= whole.mention.value
    verdict: Verdict = "agrees" if fits else "question"
    sign = "≤" if fits else ">"
    text = f"{part.mention.value:f}{sign}{whole.mention.value:f}"
    said = (f"其中 {text}", f"of these {text}")
    place = Place(doc, part.line, part.quote)
    operands = (part.mention.value, whole.mention.value)
    return Relation(
        place, "subset", operands, part.mention.value, part.mention.value, verdict, said, (Place(doc, whole.line, whole.quote),)
    )


def _whole(doc: str, new: Statement, going_on: Statement, before: Sequence[Statement]) -> Iterator[Relation]:
    """New and continued projects together are all projects of the same paragraph, of which the number was given before."""
    value = new.mention.value + going_on.mention.value
    wholes = [one for one in before if one.mention.value == value] or [
        one for one in before[:1] if abs(one.mention.value - value) <= CLOSE * value
    ]
    if wholes:
        relation = computed(doc, "sum", wholes[-1], (new, going_on), SUM)
        if relation:
            passage = new.sentence.passage
            start, end = clause_span(passage.text, new.mention, new.sentence)[0], going_on.mention.end
            yield replace(relation, place=Place(doc, passage.lines[start], passage.quote(start, end)), others=(relation.place,))


def lists(doc: str, document: Sequence[Passage]) -> Iterator[Relation]:
    """Lists that say how long they are: A、B、C 3个…. What stands before 等 is only a part and is not counted."""
    for passage in document:
        for match in _NAMED_LIST.finditer(passage.text):
            relation = _named_list(doc, passage, match)
            if relation:
                yield relation
        yield from _years(doc, passage)
        chapters = _CHAPTERS.search(passage.text)
        if chapters:
            yield from _chapters(doc, document, passage, chapters)
        points = _POINTS.search(passage.text) if len(passage.text) <= 60 else None
        if points:
            yield from _points(doc, document, passage, points)


def _named_list(doc: str, passage: Passage, match: re.Match[str]) -> Relation | None:
    items = match["items"].rstrip("共").split("、")
    items[0] = _LED.sub("", items[0]) or items[0]
    if any(mentions(item) and re.search(r"\d", item) for item in items) or _AND_OTHERS.search(items[-1]):
        return None
    printed = number(match["count"])
    text = "、".join(items)
    same = printed == len(items)
    if not same and (len(items) < 3 or match["quote"] or re.search("[和与及]", text)):
        return None
    said = (
        f"列出 {len(items)} 项：{text}；文中说 {printed} {match['measure']}",
        f"{len(items)} are listed: {text}; {printed} are announced",
    )
    start, end = match.start("items"), match.end()
    place = Place(doc, passage.lines[start], passage.quote(max(start, end - 40), end))
    return Relation(place, "list-count", tuple(items), printed, Decimal(len(items)), "agrees" if same else "question", said)


def _years(doc: str, passage: Passage) -> Iterator[Relation]:
    """2020—2022年这3年: as many years as are spanned."""
    for match in _SPAN.finditer(passage.text):
        years = list(range(int(match["first"]), int(match["last"]) + 1))
        announced = number(match["count"])
        said = (
            f"{years[0]}—{years[-1]} 是 {len(years)} 年；文中说 {announced} 年",
            f"{years[0]}—{years[-1]} are {len(years)} years; {announced} are named",
        )
        place = Place(doc, passage.lines[match.start()], passage.quote(match.start(), match.end()))
        verdict: Verdict = "agrees" if announced == len(years) else "disagrees"
        yield Relation(place, "list-count", tuple(map(str, years)), announced, Decimal(len(years)), verdict, said)


def _points(doc: str, document: Sequence[Passage], passage: Passage, match: re.Match[str]) -> Iterator[Relation]:
    """A heading that names ten of something, and paragraphs that begin with 第一 to 第十 under it."""
    after = document[list(document).index(passage) + 1 :]
    run: list[str] = []
    for one in after:
        mark = re.match(r"第([一二三四五六七八九十]{1,2}),", one.text)
        if mark and number(mark[1]) == len(run) + 1:
            run.append(f"第{mark[1]}")
        elif re.match(r"[一二三四五六七八九十]{1,3}、", one.text):
            break
    announced = number(match["count"])
    if len(run) >= 3:
        said = (f"其下有 {len(run)} 条；文中说 {announced}", f"{len(run)} points follow; {announced} are announced")
        start = max(passage.text.rfind(mark, 0, match.start()) for mark in ",、") + 1
        place = Place(doc, passage.lines[start], passage.quote(start, len(passage.text)))
        yield Relation(
            place, "list-count", tuple(run), announced, Decimal(len(run)), "agrees" if announced == len(run) else "question", said
        )


def _chapters(doc: str, document: Sequence[Passage], passage: Passage, match: re.Match[str]) -> Iterator[Relation]:
    """重点做好七个方面的工作: chapters (一) to (七) follow."""
    after = document[list(document).index(passage) + 1 :]
    marks = [mark[0] for one in after if (mark := re.match(r"\([一二三四五六七八九十]{1,2}\)", one.text))]
    run: list[str] = []
    for chapter in marks:
        if number(chapter[1:-1]) != len(run) + 1:
            break
        run.append(chapter)
    if not run:
        return
    announced = number(match["count"])
    said = (f"其后有 {len(run)} 个部分；文中说 {announced} 个", f"{len(run)} chapters follow; {announced} are announced")
    start = max(passage.text.rfind(mark, 0, match.start()) for mark in ",。;") + 1
    place = Place(doc, passage.lines[start], passage.quote(start, match.end()))
    yield Relation(place, "list-count", tuple(run), announced, Decimal(len(run)), "agrees" if announced == len(run) else "question", said)
