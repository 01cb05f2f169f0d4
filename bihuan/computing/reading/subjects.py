"""What a number is about, and whose it is, from the words around it.

A name is what an office would write over the column: 省市重点项目开工率, not 开工率; 一般公共预算收入增长率, not 增长. So the numbers of a
passage are named in order, and one that says nothing alone (增长14.9%, 完成投资160亿元, the second of 分别…和…) takes what was named before it.
"""

from __future__ import annotations

import re

from bihuan.computing.reading.contexts import Sentence
from bihuan.computing.reading.numbers import Mention
from bihuan.computing.reading.passages import Passage
from bihuan.computing.reading.wording import any_of, words

LONGEST = 60
"""Characters before a number in which its name lies."""

_BOUNDS = [*words("numbers", "exact"), *(word for sign in (">=", ">", "<=", "<", "~") for word in words("numbers", "before", sign))]
_TIME = (
    r"年[末底初]|(?:截[至止])?(?:到)?(?:(?:20\d\d年?[-—–~至到]{1,2})?20\d\d年(?:度|\d{1,2}月(?:份)?)?(?:底|末|初|来|内)?|\d{1,2}(?:[-—–~至]\d{1,2})?月(?:份|底|末)?(?:单月)?|[一二三四前]{1,2}季度|上半年|下半年)"
)
_NUMBERED = r"第[一二三四五六七八九十]{1,3}[条款项]|\([一二三四五六七八九十]{1,3}\)"
_LEADS = re.compile(
    rf"(?!{'|'.join(words('subjects', 'leads_kept'))})(?:[—,、)和与]|{_NUMBERED}|[一二三四五六七八九十]{{1,2}}(?:是|要)|{_TIME}[,以来]*|{any_of(words('subjects', 'leads'))})"
)
_WHEN = re.compile(_TIME + "|[—,、)]|[一二三四五六七八九十]|全|年|其|同|预|我|将|已|再|并|且|但|仅|仍|还|也|共|约")
_MONTHS = re.compile(r"\d{1,2}[-—–~至]\d{1,2}月份?")
_TAILS = re.compile(rf"(?:{any_of([*words('subjects', 'tails'), *_BOUNDS])}|{_TIME})$")
_BOUNDS_LAST = re.compile(rf"(?:{any_of(_BOUNDS)}|力争|再)+$")
_VERBS = re.compile(rf"(?:{any_of([*words('subjects', 'kept'), *words('subjects', 'dropped'), *words('subjects', 'leads')])})+")
_KEPT = re.compile(rf"(?:{any_of(words('subjects', 'kept'))})")
_FACET = re.compile(any_of(words("subjects", "facets")))
_TOPICS = words("subjects", "topics")
_TOPIC = any_of(_TOPICS)
_FACET_LAST = re.compile(f"(?:{_FACET.pattern})$")
_NOUN = re.compile("(?:投资|产值|收入|进度|资金|项目|任务|增速|水平)$")
_SIZED = r"(?:(?:[概计]?[算划]?总?投资|营收|营业收入|产值|规模)?(?:在|超过?|达到?|大于|不低于)?\d+(?:\.\d+)?[万亿]+元(?:以?[上下])?的?)?"
_COUNTED_TOPIC = re.compile(rf"{_SIZED}[^\d]{{0,12}}?{_TOPIC}(?!库|建设|清单|部)")
_AND_THEN = re.compile("(?<=..)(?:在(?!建)|全部|实现|参加|享受|通过|完成|纳入|获|入选|被|已|均|进入|受益|脱|就业(?!服务|创业|岗|人)|达|开展|进行|提供|办理)")
"""Words after the name of things that were counted which say what became of them."""
_COUNTED = re.compile(rf"(?:的)?({_SIZED}[^,。;:、!?\d“()]{{0,24}}(?:“[^”]{{1,16}}”[^,。;:、!?\d“()]{{0,10}})?)")
_GROWTH = re.compile(r"(?P<yearly>年均|(?:[两三四五]年)?平均)?(?P<verb>增收|减收|增支|减支|增长|增幅|提高|下降|增加|减少|降低|提升|上升|上涨|压缩|压减|回落|净增)(?:了|幅度)?$")
_RANKED = re.compile("(?:分别|均|并|跃)?(?:位?[居列]|排名?|升|跃)?(?:至|到|在|为)?(?:[全各][省市国县区])?第$")
_COMPARED = re.compile(r"^(?:虽然?|尽管)?(?:同比|环比|按可比价计算|按不变价计算|较?比?(?:上年|去年)(?:同期|末|底)?|较同期|扣除价格因素后?|名义|实际|再|又|增速)*(?:年均|(?:[两三四五]年)?平均)?$")
_COMPARING = re.compile("(?:,|同比|环比|较?比?(?:上年|去年)(?:同期|末|底)?)+$|[比较]$")
_LISTED = re.compile(r"(?:、|,|和|与|及|以及|或)?(?:分别)?")
_BECAME = re.compile(
    rf"(?:逐?年均?|进一步)?(?:增加|提高|提升|增长|上升|下降|降低|减少|调整|扩大|压缩|缩短|发展|攀升|跃升|增|升|降|减)(?:了)?(?:到|至|为)(?:{_TIME}的?)?(?:目前的?|现在的?)?"
)
_RESPECTIVELY = re.compile(r"分别(?P<verb>[^分]{0,8})$")
_OWN_OF_LAST = re.compile(
    "(?:年均|[两三四五]年平均)?(?:增长率|(?:增加|提高|下降|减少|降低|提升|上升|上涨|压缩|压减|回落)幅度|(?:净增|增长|增加|减少|增收|减收|增支|减支)额)$"
    "|(?<=.{3})数$|(?:投资)?(?:年度|全年|年初|调整)?(?:预算|计划|目标|任务)完成率$|占[^占]+比重$"
)
_OF_INVESTMENT = re.compile("(?:累计|实际|已|共)*完成投资$")
_SHARE_OF_PLAN = re.compile(r"^(?:占|完成|为)(?:本)?(?P<plan>(?:全年|年度|当年|年)?(?:目标)?(?:投资)?(?:计划|任务|目标|(?:年初|调整)?预算数?)+(?:新?开工|竣工)?)(?:总?投资)?(?:总[额数])?$")
_STATED = re.compile(rf"(?:计划|拟|实际|已|[新续在未待])*{any_of(words('subjects', 'states'))}|续建|在建|新建|谋划|前期")
_STATE = re.compile(rf"[^,。;、]{{0,10}}?项目(?:已|均已|全部|实现|如期|顺利)*({any_of(words('subjects', 'states'))})(?![率总\d])")
_NAMES = re.compile("、|以及|(?<![共饱])和(?![谐平美])|(?<!参)与|(?<![普涉危触波惠提兼顾以])及(?![时格率])")
_ORG = re.compile(
    rf"(?:^|[,。;:、])(?:{any_of(words('subjects', 'led_by'))})?"
    r"((?:[\u4e00-\u9fff]{1,4}(?:县(?![城域级乡])|区)|市直|各县\(区\)|各县区|经开区|开发区|示范区|[\u4e00-\u9fff]{2,8}(?:局|委|公司|集团)))(?=[^、]{0,12})"
)
_PAID = re.compile(r"(?:\d*%?)?(?:的)?(?:比例|标准)?(?:(?:对|按照?)?(?:其)?(?P<whose>[^,。;]{2,40}?)(?:的|每[年家个户])?)??(?:分别|择优|一次性|再|最高)*(?:给予|予以|奖励|补助|补贴|资助|奖补|兑现)(?:最高|不超过|总额)*$")
_PAYMENT = re.compile("(?:奖励|奖补|补助|补贴|支持|资助|贴息|资金)+$")
_ONE_BY_ONE = re.compile("(?P<what>[^,。;:]{2,30}?)(?:仅|只)有?(?:[^,。;:、]{2,20}、)+[^,。;:、]{2,20}?(?:等|共|等共)?$")
"""Things that are named one by one before they are counted: 上市企业仅甲、乙共2家."""
_SHARED = re.compile(rf"{any_of(words('subjects', 'shared'))}$")
_NO_OWNER = re.compile(rf"(?:{any_of(words('subjects', 'no_owner'))})$")
_BOTH = [(one.partition("=")[0], one.partition("=")[2].split("/")) for one in words("subjects", "both")]


class Naming:
    """Names the numbers of a document, handed to it in the order of the text."""

    def __init__(self) -> None:
        self._passage: Passage | None = None
        self._sentence: Sentence | None = None
        self._topic = ""
        self._last: Mention | None = None
        self._named: list[str] = []
        self._series: list[str] = []
        self._together: list[str] = []
        self._things = ""

    def name(self, sentence: Sentence, mention: Mention) -> str:
        """The noun a number that states something measures, as the head of a column would say it; empty where nothing names it."""
        if sentence.passage is not self._passage:
            self._passage, self._topic = sentence.passage, ""
        if sentence is not self._sentence:
            self._sentence, self._last, self._named, self._series, self._together, self._things = sentence, None, [], [], [], ""
        named = _tidy(self._of(sentence, mention))
        self._last = mention
        if named:
            self._named.append(named)
        counted = named.removesuffix("数")
        if mention.group == "counts" and counted.endswith(_TOPICS):
            self._things = counted
            if not _STATED.match(counted) and counted not in _TOPICS:
                self._topic = _KEPT.sub("", counted, count=1) if _KEPT.match(counted) else counted
        return named

    def _of(self, sentence: Sentence, mention: Mention) -> str:
        text = sentence.passage.text
        start = max(text.rfind(mark, sentence.start, mention.bounded) for mark in ",。;:") + 1
        start = max(start, sentence.start, mention.bounded - LONGEST)
        before = text[start : mention.bounded]
        last = self._last if self._last is not None and self._last.end > start else None
        gap = text[last.end : mention.bounded] if last is not None else ""
        if last is not None and gap and _LISTED.fullmatch(gap):
            return self._next(mention)
        if last is not None and _BECAME.fullmatch(gap) and self._named:
            return self._named[-1]
        if last is not None and gap in ("的", "之") and mention.group == "rates" and last.group != "rates":
            return self._of_the_last(before)
        if last is not None and not _belongs(text, last, mention, gap):
            before = "" if gap.endswith(("和", "与", "及")) and len(gap) > 1 and mention.group == "counts" else gap
        split = _RESPECTIVELY.search(_without_bounds(before))
        if split:
            return self._first_of_several(text, before[: before.rfind("分别")], split["verb"], mention)
        self._series = []
        return self._single(text, before, mention, listed=last is not None and gap[:1] in ("、", "和", "与", "及"))

    def _of_the_last(self, before: str) -> str:
        """完成年初预算数60999万元的 40.4%: what was done of the plan that is named between."""
        plan = re.search("(?P<plan>(?:年初|调整|年度|全年)?(?:预算|计划|目标|任务))", before)
        whose = self._named[-2] if len(self._named) > 1 else self._base()
        return _OWN_OF_LAST.sub("", whose) + (plan["plan"] + "完成率" if plan else "占比")

    def _next(self, mention: Mention) -> str:
        """The further number of a list: of the next thing named before it, or of the same."""
        if self._series:
            return self._series.pop(0)
        same = self._named[-1] if self._named else ""
        return same if mention.group != "counts" or same.endswith("数") else ""

    def _first_of_several(self, text: str, named: str, verb: str, mention: Mention) -> str:
        """A、B和C分别达到 x、y、z: the first of the names, the others kept for the numbers that follow."""
        count = _amounts(text[mention.start :])
        several = _several(_stripped(named), count) if _stripped(named) else self._named[-count:]
        several = several or _several(self._earlier(text, mention), count)
        if not several:
            return ""
        if len(several) == 1 and len(self._together) == count:
            several = [_FACET_LAST.sub("", one) + several[0] for one in self._together]
        several = [_measured(one, verb, mention) for one in several]
        if whose := re.match(rf"(.*{_TOPIC})({_FACET.pattern})$", several[0]):
            several = [several[0], *(whose[1] + one if _FACET.fullmatch(one) else one for one in several[1:])]
        several = [self._whole(one) for one in several]
        self._series, self._together = several[1:] or [several[0]] * 3, several
        return several[0]

    def _earlier(self, text: str, mention: Mention) -> str:
        """What the clause before the one of a number speaks of, where no number has been named yet."""
        assert self._sentence is not None
        clauses = re.split("[,;:。]", text[max(self._sentence.start, mention.start - 2 * LONGEST) : mention.start])
        said = re.split("(?<=..)(?:来?看$|方面$|[在较比]|实现|保持|稳[定步]|持续|突破)", re.sub("^[从就]", "", _stripped(clauses[-2])))[0] if len(clauses) > 1 else ""
        return _stripped(said) if 1 < len(said) <= LONGEST // 2 else ""

    def _single(self, text: str, before: str, mention: Mention, *, listed: bool) -> str:
        before = _MONTHS.sub("", before).rstrip("-−")
        raw = before.rpartition("(")[2] if before.count("(") > before.count(")") else before
        if mention.group == "counts" and (each := _ONE_BY_ONE.search(raw)):
            return self._whole(_stripped(each["what"])) + "数"
        if listed or "、" in raw:
            raw = _NAMES.split(raw)[-1] if listed else raw.rpartition("、")[2]
        name = _stripped(raw.removeprefix("个"))
        if name.endswith("第"):
            return (_RANKED.sub("", name) or (self._named[-1] if self._named else "")) + "位次"
        if mention.group == "counts" and self._named and (more := _GROWTH.search(raw)) and _COMPARED.match(_stripped(raw[: more.start()])):
            return f"{self._base().removesuffix('数')}{more['verb']}数"
        if mention.group in ("counts", "people") or mention.form == "level":
            return self._count(text, name, mention, listed=listed)
        if plan := _SHARE_OF_PLAN.match(_without_bounds(raw).removesuffix("的")):
            whose = _OF_INVESTMENT.sub("" if "投资" in plan["plan"] else "投资", self._base())
            return whose + plan["plan"] + ("完成率" if mention.group == "rates" else "")
        grown = None if raw.endswith(("到", "至", "为")) else _GROWTH.search(_without_bounds(raw))
        if grown and (mention.group == "rates" or _COMPARED.match(raw[: grown.start()])):
            head = _stripped(_COMPARING.sub("", raw[: grown.start()]))
            if not head and len(self._together) == _amounts(text[mention.start :]):
                return self._first_of_several(text, "", grown[0], mention)
            whose = self._base() if _COMPARED.match(head) else head
            return _grown(whose, grown, mention)
        if name.startswith("占") and self._named:
            return self._base() + name + ("" if re.search("比[重例]?$", name) else "比重")
        if name.endswith("占") and mention.group == "rates":
            return name + "比重"
        if paid := _PAID.match(re.sub(_NUMBERED, "", raw)):
            return _stripped(paid["whose"] or _PAYMENT.sub("", self._base())) + (_after(text, mention) or "奖补")
        if not name:
            return self._base() or _after(text, mention) or self._earlier(text, mention)
        return self._whole(name + ("比重" if mention.group == "rates" and re.search("占[^率比]+$", name) else ""))

    def _whole(self, name: str) -> str:
        """A name with the things it was counted on, where it says nothing without them: 开工率 of the projects named before."""
        things = self._topic or self._things
        if name.startswith("项目") and things.endswith("项目"):
            return things + name.removeprefix("项目")
        return things + name if _FACET.fullmatch(name) and things not in name else name.replace("项目项目", "项目")

    def _count(self, text: str, name: str, mention: Mention, *, listed: bool) -> str:
        """The name of a number of things: what is counted after it, or before it."""
        counted = _after(text, mention)
        if counted == "项目" and not name and self._topic.endswith("项目"):
            counted = self._topic
        if mention.form == "level":
            return counted + ("规模" if mention.group == "money" else "数") if counted else name
        whole = _VERBS.fullmatch(name)
        kept = name if whole and _KEPT.fullmatch(name) else ""
        if counted and (not name or whole or name.endswith("等")):
            return kept + counted + _state(text, mention) + "数"
        if name.endswith("等") and not counted:
            name = name[:-1]
        elif "等" in name[2:-2] and (rest := name.partition("等")[2]) and len(rest) > 1:
            name = rest
        if not name and not counted:
            return self._base() + "总数" if self._named else ""
        if listed and self._named and (verb := re.match(r"新增|净增|新建|修订|改造", self._named[-1])) and not _VERBS.match(name):
            name = verb[0] + name
        if _FACET.fullmatch(name) and self._topic:
            return self._topic + name + "数"
        if mention.group == "people":
            return name or counted
        longer = counted if name and len(counted) < 8 and not _FACET.search(name) else ""
        return (name + longer or counted).removesuffix("数") + "数"

    def _base(self) -> str:
        """What the last number was about, without what only that number said of it; empty where none was named."""
        return _OWN_OF_LAST.sub("", self._named[-1]) if self._named else ""


def _stripped(text: str) -> str:
    """A piece of text without leads and tails that are no part of a name."""
    name = text
    while True:
        lead = _LEADS.match(name)
        needed = lead is not None and len(name) - lead.end() in (1, 2) and not _WHEN.match(lead[0])
        shorter = _TAILS.sub("", name[lead.end() :] if lead and not needed else name)
        if shorter == name:
            return name
        name = shorter


def _tidy(name: str) -> str:
    """A name without quotation marks, notes and abbreviations in brackets; 占总人口比重(城镇化率) is called 城镇化率."""
    name = re.sub(r"[“”‘’]|\[\d{1,2}\]|\([A-Za-z&]+\)", "", name)
    called = re.search(r"比[重例]\(([^()]+率)\)(?:比重)?(.*)$", name)
    return called[1] + called[2] if called else name


def _without_bounds(text: str) -> str:
    """A piece of text without the words that bound the number after it."""
    return _BOUNDS_LAST.sub("", text)


def _after(text: str, mention: Mention) -> str:
    """What is counted after a number."""
    match = _COUNTED.match(re.sub(r"\([^()]*\)", "", text[mention.end : mention.end + LONGEST]).removeprefix("以上"))
    counted = re.sub("[“”]|(?:以上|左右|的)$", "", match[1] if match else "")
    if topic := _COUNTED_TOPIC.match(counted):
        return topic[0]
    _of, which, what = counted.rpartition("的")
    return what if which and len(what) > 1 else _AND_THEN.split(_NAMES.split(counted)[0])[0].rstrip("等")


def _state(text: str, mention: Mention) -> str:
    """In what state the things are that were counted: 186个项目已开工."""
    match = _STATE.match(text[mention.end : mention.end + 24])
    return match[1] if match else ""


def _belongs(text: str, last: Mention, mention: Mention, gap: str) -> bool:
    """Whether the number before is part of the name of this one: 投资50亿元以上的项目8个."""
    if not gap or gap[0] in "、,(" or _NAMES.match(gap) or gap.endswith(("和", "与", "及", "、")):
        return False
    sized = last.form == "level" or bool(re.match("的|以上|以下|级", gap)) or text[last.start : last.end].endswith(("以上", "以下", "级"))
    return sized or (last.group in ("money", "size") and mention.group == "counts")


def _several(named: str, count: int) -> list[str]:
    """The things that stand before 分别, each by its whole name: 城镇和农村居民收入 are 城镇居民收入 and 农村居民收入.

    ``count`` numbers follow: where a name has 和 in itself (生活用品和服务), that tells which marks divide them.
    """
    for both, each in _BOTH:
        if both in named and not _NAMES.search(named):
            return [named.replace(both, one) for one in each]
    pieces = [piece for piece in named.split("、") if piece]
    if len(pieces) != count:
        pieces = [piece for piece in _NAMES.split(named) if piece]
    if len(pieces) < 2:
        return pieces
    last = pieces[-1]
    if len(pieces) == 2 and pieces[0][-1] + last[0] in words("subjects", "halves"):
        return [pieces[0] + last[1:], pieces[0][:-1] + last]
    return [*(_completed(piece, last) for piece in pieces[:-1]), last]


def _completed(piece: str, last: str) -> str:
    """A name of a list with what only the last one says: 城镇 of 农村居民收入 is 城镇居民收入."""
    siblings = words("subjects", "siblings")
    if (sibling := next((one for one in siblings if last.startswith(one)), "")) and piece.endswith(siblings):
        return piece + ("级" if sibling.endswith("级") and not piece.endswith("级") else "") + last[len(sibling) :]
    shared = _SHARED.search(last)
    if shared:
        return piece if _SHARED.search(piece) else piece + shared[0]
    return piece if piece[-1] == last[-1] or len(piece) >= len(last) or len(piece) > 3 else piece + last[len(piece) :]


def _amounts(text: str) -> int:
    """How many numbers follow one another in a list, at least two."""
    listed = re.match(r"[^,。;、和]*(?:[、和][\d.]+[^,。;、和]*)*", text)
    return max(2, len(re.findall("[、和]", listed[0])) + 1 if listed else 2)


def _measured(name: str, verb: str, mention: Mention) -> str:
    """The name of what a number says of it when it follows a verb: 收入 分别增长 7% is its rate of growth."""
    grown = _GROWTH.search(_without_bounds(verb))
    plain = re.sub(r"(?<=.{3})数$", "", name) if grown else name
    if grown and mention.group == "rates":
        return _grown(plain, grown, mention)
    done = _stripped(verb)
    if done and not grown and _NOUN.search(done):
        return name + done
    return name + "数" if mention.group == "counts" and not name.endswith("数") else name


def _grown(name: str, grown: re.Match[str], mention: Mention) -> str:
    """The name of a growth: a rate, or by how much."""
    yearly, verb = grown["yearly"] or "", grown["verb"]
    if mention.group != "rates":
        return f"{name}{yearly}{verb}额"
    return f"{name}{yearly}{'增长率' if verb in ('增长', '增幅', '净增') else verb + '幅度'}"


def owner(sentence: Sentence, mention: Mention) -> str:
    """The county, zone, bureau or company named as owner before the number in its sentence; empty for the whole city."""
    return owner_before(sentence, mention.start)


def owner_before(sentence: Sentence, at: int) -> str:
    """The owner named in a sentence before ``at``."""
    found = [one for one in _ORG.findall(sentence.passage.text[sentence.start : at]) if not _NO_OWNER.search(one)]
    return found[-1] if found else ""
