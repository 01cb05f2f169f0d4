"""What stands above and before a sentence: its headings, the years spoken of, the lead that sets what a list of numbers is.

A document is walked once, in order; each sentence gets the context in which it stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bihuan.computing.reading.numbers import Mention
from bihuan.computing.reading.passages import Passage
from bihuan.computing.reading.wording import any_of, forms, pattern, words

_LEVEL_ONE = re.compile(r"[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}(?:章|编|篇|部分)")
_LEVEL_TWO = re.compile(r"\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}节")
_PROGRAMME = re.compile("方案|规划|行动计划|纲要")
_COUNTS = re.compile(r"(?<!\d)(?!20\d\d(?:年|[-—–]))\d+[万亿]?[\u4e00-\u9fff]")
"""A number of things: a line that states one is an item of a list, no heading."""
_KIND_OF_TEXT = re.compile("报告|意见|方案|办法|规划|纲要|计划|讲话|通知|措施|公报|决定$")
_LOOKS_BACK = re.compile("(?:回顾|总结|(?:完成|进展|执行|落实|推进|运行)情况|成效|成绩|成就|现状|存在问题|不足)(?:的?(?:专项)?(?:督查|检查|考核|调研)?(?:报告|通报|汇报))?$")
_STATE = re.compile(
    "[\u4e00-\u9fff]{2,}(?:持续|不断|更加|显著|明显|稳步|稳中|日益|日趋|逐步|加速|加快|全面|有力|有序|大幅|蓬勃|提质)"
    "(?:壮大|增进|改善|提升|增强|提高|优化|完善|向好|有进|夯实|深化|凸显|显现|发展|推进|转型|释放|迸发|彰显|巩固|拓展|健全|提速|增效|升级|改观|进步)$"
    "|[\u4e00-\u9fff]{2,}(?:明确|突出|鲜明)$"
)
"""A heading that says how something has become: 特色产业持续壮大. One that begins with a verb bids: 推动产业加快转型."""
_REACHED = re.compile(
    "^[^\u4e00-\u9fff]*(?:[一二三四五六七八九十]{1,3}[、)])?(?![在以于围着为争力奋全努]|[^,]{0,8}(?:要|再|力争|确保|奋力|努力))[\u4e00-\u9fff]{2,10}"
    "(?:实现|取得|迈出|迈上|开创|展现|再上|再创|跃上|呈现|焕发|登上|跨上|结出|得到|获得|成为)了?(?:全面|明显|显著|较大|进一步)?(?:新|历史性|重大|显著|积极|扎实|坚实|可喜|质的)[\u4e00-\u9fff]{1,5}$"
)
"""A heading that says what has been reached: 经济实力实现新跃升; not one that begins with a verb: 推动改革取得新突破."""
_ORDERS = re.compile(
    r"^[^\u4e00-\u9fff]*(?:[一二三四五六七八九十]{1,3}[、)是要])?"
    f"{any_of(words('words', 'headings', 'orders', 'how'))}*{any_of(words('words', 'headings', 'orders', 'verbs'))}"
)
"""A heading that begins with a verb tells what is to be done, whatever comes of it: 进一步提高开放型经济质量."""
_BIDS = re.compile(r"[^\u4e00-\u9fff]*(?:[一二三四五六七八九十]{1,3}[、)])?" + any_of(words("words", "headings", "target", "weak")))
_POLICY = re.compile("(?:政策|措施|办法|规定|细则|奖励标准|实施意见|(?:奖补|补贴|补助|奖励|扶持)(?:实施|工作)?方案|条例|指引|指南)(?:\\([^()]{1,12}\\))?(?:的通知)?$")
"""How the title of a text ends that sets standing norms."""
_PROGRESS = re.compile("(?:进展|推进|完成|运行|落实|建设|进度)情况的?(?:通报|汇报|简报)?$")
_TO_COME = re.compile(
    "(?:20[0-9][0-9]年|今年|明年|下一?年|今后[一两三四五]年|未来[一两三四五]年)的?(?:政府|重点|主要)?工作(?!回顾|总结|完成|情况|成绩|成效|报告)"
)
_LEADS_ON = forms("words", "headings", "leads_on")
_SENTENCE = re.compile(r"[^。!?;]*[。!?;]?[”’』」)]*")
_WRITTEN = re.compile(r"(?<![至到自])(?:本文系|根据|于|[((])?(?<![至到自])(20\d\d)年(\d{1,2})月(\d{1,2})日(?!起)")
_OPENS = re.compile(r"(?:据[^,]{1,10},)?(?:20\d\d年(?:以来)?,|去年(?:以来)?,|上年,|过去一年,|一年来,|20\d\d年,?是|[“\"]?十[一二三四五六七]五[”\"]?(?:时期|期间|以来),)")
_THIS_YEAR = re.compile(r"(?<![到至])(20\d\d)年(?![)》])(?:(?!20\d\d)[^。]){2,160}今年")
MIDDLE = 7
"""The month of a document of which only the year is known."""
_DATED = re.compile(r"\(?(20\d\d)年(\d{1,2})月\)?")
_STAMPED = re.compile(r"(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.]\d{1,2}(?!\d)")
_SOURCE = re.compile(r"\((?:本文系|本文为|作者系|作者单位|摘自|来源)")
_YEAR = re.compile(r"(?<![到至末比较])(20\d\d)(?:年|[-—–―~～至到])")


_CLAUSE_ENDS = ",。;:!?"

REACH = 200
"""Characters around a number in which its clause lies, however few marks the text has; its sentence lends twice as many."""

LEAD = 600
"""Characters of the longest lead."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of a passage, ``start`` to ``end``, with what stands above it."""

    passage: Passage
    start: int
    end: int
    headings: tuple[str, ...]
    heading_mode: int
    """How strongly the headings say that what follows is to be done (above 0) or was done (below 0)."""
    written: tuple[int, int]
    """The year and month in which the document was written; zeros where it does not say."""
    plan_year: int
    """The year whose work a heading or lead sentence above announces; 0 where none does."""
    usual_year: int = 0
    """The year the document names most often."""
    aim_year: int = 0
    """The year to which a programme reaches, where its title says that it is one; 0 otherwise."""
    bent: int = 0
    """What the document as a whole leans to: 1 to what is to be done, -1 to what was done."""
    title: str = ""
    """The bare lines with which its article begins."""
    lead: str = ""
    """What its article says before its first chapter; empty where it has none."""
    policy: bool = False
    """Whether its article calls itself a policy, a measure or a rule: what it says an amount is, it says for good."""
    opened: str = ""
    """How the paragraph of its chapter began that last began with a time."""

    @property
    def text(self) -> str:
        """What is read of it."""
        return self.passage.text[self.start : self.end]

    @property
    def before(self) -> str:
        """The passage up to this sentence."""
        return self.passage.text[: self.start]


def sentences(document: Sequence[Passage]) -> Iterator[Sentence]:
    """Every sentence of a document in order, headings too; each article of a magazine stands for itself."""
    whole = written_in(document)
    for article in articles(document):
        written = written_in(article)
        yield from _of_article(article, written if written[0] else whole)


def articles(document: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    """The articles of a document: one ends with the note that says where it comes from, or where a title is followed by 一、 once more."""
    begun, numbered = 0, False
    for place, passage in enumerate(document):
        if place > begun and (_SOURCE.match(document[place - 1].text) or (numbered and _begins_anew(document, place))):
            yield document[begun:place]
            begun, numbered = place, False
        numbered = numbered or bool(_LEVEL_ONE.match(passage.text))
    if begun < len(document):
        yield document[begun:]


def _begins_anew(document: Sequence[Passage], place: int) -> bool:
    """Whether a passage is the title of a new article: a bare line, after which chapters are counted from 一、 again."""
    if not _bare(document[place].text) or len(document[place].text) < 6:
        return False
    following = next((one.text for one in document[place + 1 : place + 16] if _LEVEL_ONE.match(one.text)), "")
    return following.startswith("一、")


def _bare(text: str) -> bool:
    """Whether a passage is a line without marks, as titles are."""
    return len(text) <= 45 and not re.search(r"[,。;!?:、]|^[(■]", text)


def _of_article(article: Sequence[Passage], written: tuple[int, int]) -> Iterator[Sentence]:
    usual, aim = _usual_year(article), _aim_year(article)
    title = "".join(passage.text for passage in article[:3] if _bare(passage.text))[:80]
    lead = _lead(article)
    policy = any(_bare(passage.text) and _POLICY.search(passage.text) for passage in article[:8])
    bent = 0 if policy else _bent(article)
    headings: dict[int, str] = {}
    plan_year, opened = 0, ""
    for place, passage in enumerate(article):
        level = heading_level(passage, place)
        if level == 0 and (1 in headings or (0 in headings and abs(_says(headings[0])) > 1)):
            level = 2
        if level is not None:
            headings = {deep: text for deep, text in headings.items() if deep < level} | {level: passage.text}
            plan_year = _announced(passage.text) or plan_year
            opened = opened if level > 1 else ""
        if _OPENS.match(passage.text):
            opened = passage.text[:12] if "今年" not in passage.text else ""
        if level is None and _LEADS_ON.search(passage.text) and _mode(tuple(headings[deep] for deep in sorted(headings))) <= 0:
            headings = {deep: text for deep, text in headings.items() if deep < 1} | {1: passage.text}
        run_in = _run_in(passage)
        if run_in:
            headings = {deep: text for deep, text in headings.items() if deep < 2} | {2: run_in}
        for start, end in _spans(passage.text):
            plan_year = _announced(passage.text[start:end]) or plan_year
            stack = tuple(headings[deep] for deep in sorted(headings))
            yield Sentence(passage, start, end, stack, _mode(stack), written, plan_year, usual, aim, bent, title, lead, policy, opened)


def heading_level(passage: Passage, place: int) -> int | None:
    """How deep a passage is as a heading: 0 a title, 1 一、 or a bare line that speaks strongly, 2 (一); None where it is no heading."""
    text = passage.text if place else passage.text.replace(":", "")
    if len(text) > 60 or re.search(r"[。;!?:]", text):
        return None
    if _LEVEL_ONE.match(text):
        return 1
    if _LEVEL_TWO.match(text):
        return 2
    speaks = _bare(text) and len(text) <= 24 and not _COUNTS.search(text) and abs(_says(text)) > 1
    if place < 3 and not (place and speaks and not _KIND_OF_TEXT.search(text)):
        return 0 if len(text) <= 50 and not re.search(r"\d|,", re.sub(r"20\d\d(?:年度?|[-—~至])|\d+(?=[件项][^,]*实事)", "", text)) else None
    return 1 if speaks else None


def _lead(article: Sequence[Passage]) -> str:
    """What an article says before its first chapter, at most some lines of it; for a report of progress also how the chapter begins."""
    first = next((place for place, one in enumerate(article) if _LEVEL_ONE.match(one.text)), 4)
    if any(_bare(one.text) and _PROGRESS.search(one.text) for one in article[:3]):
        first += 2
    return "".join(one.text for one in article[:first])[:LEAD]


def _run_in(passage: Passage) -> str:
    """The heading with which a paragraph begins: (二)产业结构不优。"""
    match = re.match(r"(?:\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十],|[一二三四五六七八九十]要)[^。;:]{2,40}[。:]", passage.text)
    return match[0] if match else ""


def _spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(text):
        match = _SENTENCE.match(text, at)
        end = max(match.end() if match else 0, at + 1)
        yield at, end
        at = end


def _mode(headings: Sequence[str]) -> int:
    """What the headings say together: a section weighs more than the heading inside it, unless that one speaks strongly itself."""
    said = [_says(text) for text in headings]
    if said and not _numbered(headings[0]):
        said[0] = 0 if any(said[1:]) or abs(said[0]) < 2 else said[0]
    total = sum(strength * (2 if abs(strength) > 1 or deep else 1) for deep, strength in enumerate(reversed(said)))
    return (total > 0) - (total < 0)


def _numbered(heading: str) -> bool:
    return bool(_LEVEL_ONE.match(heading) or _LEVEL_TWO.match(heading))


def _says(heading: str) -> int:
    """2 or 1 for a heading of what is to be done, -2 or -1 for one of what was done or is wrong, 0 for one that says neither."""
    if _LOOKS_BACK.search(heading.rstrip("。:")):
        return -2
    if (_STATE.search(heading.rstrip("。:")) or _REACHED.match(heading.rstrip("。:"))) and not _BIDS.match(heading):
        return -1
    for strength, group in ((2, "strong"), (1, "weak")):
        plan = len(pattern("words", "headings", "target", group).findall(heading)) + (strength == 2 and (_TO_COME.search(heading) or _LEADS_ON.search(heading)) is not None)
        done = len(pattern("words", "headings", "actual", group).findall(_ORDERS.sub("", heading)))
        if plan != done:
            return strength if plan > done else -strength
    return 0


def written_in(document: Sequence[Passage]) -> tuple[int, int]:
    """The year and month a document names as its own: the last full date near its end, else near its beginning.

    Where it names none but goes from 2022年 to 今年 in one breath, it is of the year after, and its month is not known.
    """
    for passage in [*reversed(document[-4:]), *document[:4]]:
        if len(passage.text) < 200 and (match := _WRITTEN.search(passage.text) or _DATED.fullmatch(passage.text) or _STAMPED.search(passage.text)):
            return int(match[1]), int(match[2])
    for passage in document:
        if match := _THIS_YEAR.search(passage.text):
            return int(match[1]) + 1, MIDDLE
    return 0, 0


def _usual_year(document: Sequence[Passage]) -> int:
    """The year named most often, the later of two; 0 where none is named."""
    named = Counter(int(year) for passage in document for year in _YEAR.findall(passage.text))
    titled = [int(year) for passage in document[:3] if _bare(passage.text.replace(":", "")) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", passage.text)]
    return max(named, key=lambda year: (named[year], year), default=titled[0] if titled else 0)


def _aim_year(article: Sequence[Passage]) -> int:
    """The year most often named as the end of a programme: 到2025年."""
    if not any(_PROGRAMME.search(one.text) for one in article[:2] if len(one.text) <= 50):
        return 0
    named = Counter(int(year) for one in article for year in re.findall(r"到(20\d\d)年", one.text))
    return max(named, key=lambda year: (named[year], -year), default=0)


def _announced(text: str) -> int:
    """The year whose work a heading or lead announces: 2024年经济发展主要预期目标是."""
    match = re.search(r"(?<![到至])(20\d\d)年[^,。;]{0,24}(?:目标|民生实事|要求|安排|任务|工作要点|计划|打算)", text)
    return int(match[1]) if match and not re.search("完成情况|回顾|执行情况|总结", text) else 0


def _bent(document: Sequence[Passage]) -> int:
    """What most of the document speaks of."""
    text = "".join(passage.text for passage in document)
    plan = len(pattern("words", "target", "strong").findall(text))
    done = len(pattern("words", "actual", "strong").findall(text))
    return 1 if plan > 1.5 * done else -1 if done > 1.5 * plan else 0


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
