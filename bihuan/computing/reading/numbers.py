"""Where numbers stand in a text: their value, measure and bound. Says nothing yet about what they mean.

A number is printed in digits, in characters (三千), as a level (千亿级), a fraction (五分之一), a doubling (翻一番) or left out
(亿元以上 is 1亿元以上). A multiplier belongs to the measure, as printed: 4.2万人 is 4.2 of 万人.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from bihuan.computing.reading.wording import any_of, keys_of, words

Comparator = Literal[">=", ">", "<=", "<", "=", "~"]
Form = Literal["digits", "characters", "implied", "fraction", "level", "doubling"]

UNITS = ("rates", "money", "size", "people", "counts", "time", "classes")

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_HAN = r"[零〇一二两三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?"
_NUM = rf"(?:{_DIGITS}|{_HAN})"
_MULT = r"(?:[百千]?万亿|[十百千]?[万亿])"
_UNIT = (
    any_of(unit for group in UNITS for unit in words("numbers", group))
    + rf"(?:/[百千万亿]{{0,2}}{any_of((*words('numbers', 'size'), *words('numbers', 'time'), '人'))})?"
)
_SIGNS: tuple[Comparator, ...] = (">=", ">", "<=", "<", "~")
_BEFORE = {sign: any_of(words("numbers", "before", sign)) for sign in _SIGNS}
_AFTER = {sign: any_of(words("numbers", "after", sign)) for sign in _SIGNS if sign in keys_of("numbers", "after")}
_EXACT = any_of(words("numbers", "exact"))
_SHIFT = r"(?:[-—–―~～]{1,2}|至|到)"

_AMOUNT = re.compile(
    rf"(?P<num>{_NUM})(?P<more>余|多)?(?P<mult>{_MULT})?(?P<more2>余|多)?(?:\([含]\))?(?P<unit>{_UNIT})?(?P<more3>余|多)?(?P<level>级)?"
)
_RANGE = re.compile(
    rf"(?P<low>{_NUM})(?P<lowmult>{_MULT})?(?P<lowunit>{_UNIT})?{_SHIFT}(?P<num>{_NUM})(?P<mult>{_MULT})?(?P<unit>{_UNIT})?(?P<level>级)?"
)
_BRACKETED = re.compile(
    rf"(?P<low>{_DIGITS})(?P<lowmult>{_MULT})?(?P<lowunit>{_UNIT})?以上[、,至]?(?P<num>{_DIGITS})(?P<mult>{_MULT})?(?P<unit>{_UNIT})以下(?P<level>)"
)
_SLASHED = re.compile(r"(?<![\d/.])(?P<of>[1-9])/(?P<parts>[2-9]|10)(?=以上|左右|的|[,。;、)])")
_FRACTION = re.compile(rf"(?P<parts>{_NUM})分之(?P<of>{_NUM})")
_DOUBLING = re.compile(r"倍增|翻(?P<times>[一两二三1-3])?番|翻了?(?P<times2>[一两二三1-3])番")
_BY_HALF = re.compile("(?:(?<=不到)一半(?=[,。;、)])|(?<=不足)一半(?=[,。;、)])|(?<=超过)一半(?=[,。;、)]))|(?:一半|半数|过半数|大半)(?=以上|左右|以下|的|[^年天夜径岛]{0,2}(?:企业|群众|项目|乡镇|农户|居民))")
_HALF = re.compile(r"(?:的|近|过|超过?|占)(?P<half>一?半)(?![年天夜径岛数])|过半")
_IMPLIED = re.compile(
    r"(?<![\d零一二两三四五六七八九十百千万亿几数余多])(?P<mult>[万亿])(?P<unit>元|亩|吨|人)(?=\(?含?\)?(?:以上|以下|级))"
)
_ONE_AND_MORE = re.compile(r"(?<![\d零一二两三四五六七八九十百千万亿几数])(?P<mult>[万亿])余(?P<unit>元|亩|吨|人|户|名|家)")
_PASSED_ONE = re.compile(r"(?<=突破)(?P<mult>[万亿])(?P<unit>元|人|户|吨|辆|件)(?=大关|[,。;、])")
_SIZED = re.compile("产业|企业|集群|园区|项目|俱乐部")
_TWO_DIGITS = re.compile(r"两位数")
_BOUND_BEFORE = re.compile(
    "(?:" + "|".join(f"(?P<b{at}>{_BEFORE[sign]})" for at, sign in enumerate(_BEFORE)) + rf")(?:{_EXACT})?(?:每[亩人户家个吨千万]{{1,2}}(?:每[年月日])?)?$"
)
_AT_LEAST = re.compile(r"(?:至少|最少)[^,。;、\d]{1,6}$")
_BOUND_AFTER = re.compile(
    "(?!上下[游联级齐同贯]|左右[岸两侧])(?:" + "|".join(f"(?P<a{at}>{_AFTER[sign]})" for at, sign in enumerate(_AFTER)) + ")"
)
_NEGATIVE = re.compile("(?<![0-9A-Za-z%‰])[-−]$")
_BETWEEN = re.compile("(?P<low>[一二两三四五六七八])(?P<high>[二三四五六七八九])(?P<power>[十百千])?")
_VAGUE = re.compile("[一二两三四五六七八九]{2}")
"""Two digits in a row that do not follow one another are a figure of speech: 三五年."""
_NUMERALS = tuple("0123456789零一二两三四五六七八九十百千几数余多个")
_SPAN = re.compile("月|小时|星期|季度")
_PASSED = re.compile("突破|超过|[超过近达逾上]$")
_OF_IT = re.compile(r"(?P<sign>不得低于|不得少于|不得超过|不得高于|不低于|不少于|不超过|不高于|不足|不到|不及|超过|超|(?<![签履预邀续合集节制条公契])约占?|(?<![临就走贴附最新邻靠亲])近|低于|高于)[^,。;、\d]{2,30}(?:的|总数|总额|总量|总人数)$")
_OF_IT_SIGNS: dict[str, Comparator] = {
    "不得低于": ">=", "不得少于": ">=", "不得超过": "<=", "不得高于": "<=", "不低于": ">=", "不少于": ">=", "不超过": "<=", "不高于": "<=", "不足": "<", "不到": "<", "不及": "<", "低于": "<",
    "超过": ">", "超": ">", "高于": ">", "约": "~", "约占": "~", "近": "~",
}  # fmt: skip
_AND_BETTER = re.compile(r"[,,]?(?:并|且)?(?:力争|争取)(?:更好|更高|更快)")


@dataclass(frozen=True)
class Mention:
    """One number or one range at ``start`` to ``end`` of a text; ``low`` is None unless it is a range, whose upper end is ``value``."""

    start: int
    end: int
    value: Decimal
    low: Decimal | None
    unit: str
    group: str
    comparator: Comparator
    form: Form
    ordinal: bool = False
    more: bool = False
    bounded: int = 0
    """Where the words that bound it begin: at ``start`` when none stand before it."""
    decimals: int = 0

    @property
    def measure(self) -> str:
        """The unit without its multiplier: 人 of 万人."""
        return re.sub(rf"^{_MULT}", "", self.unit)


def mentions(text: str) -> list[Mention]:
    """All numbers of a text, in order."""
    found: list[Mention] = []
    at = 0
    while at < len(text):
        mention = _here(text, at)
        if mention is None:
            at += 1
            continue
        bounded = _bounded(text, mention)
        if found:
            for place in range(len(found) - 1, -1, -1):
                one = _with_shared_measure(text, found[place], (*found, bounded)[place + 1])
                if one is found[place]:
                    break
                found[place] = one
            bounded = _sharing(text, found[-1], bounded)
        found.append(bounded)
        at = max(mention.end, at + 1)
    return found


def _with_shared_measure(text: str, one: Mention, other: Mention) -> Mention:
    """The first of two numbers, of which only the second names the measure: 高于全国、全省1.1个和0.7个百分点."""
    bare = not one.unit and bool(other.unit) and one.form == other.form == "digits" and "分别" in text[max(0, one.start - 14) : one.start]
    shared = (bare or (one.unit == "个" and other.unit == "个百分点")) and text[one.end : other.start] in ("、", "和", "与", "及")
    return replace(one, unit=other.unit, group=other.group) if shared else one


def _sharing(text: str, one: Mention, other: Mention) -> Mention:
    """A number of a list takes the bound before the first: 分别突破80亿元、60亿元."""
    alone = other.comparator == "=" and other.bounded == other.start and other.low is None
    alike = one.unit == other.unit or (one.group == other.group and "分别" in text[max(0, one.start - 6) : one.start])
    led = one.bounded < one.start and one.comparator in (">", ">=", "<", "<=") and alike
    shared = alone and led and text[one.end : other.start] in ("、", "和", "及", "以及")
    return replace(other, comparator=one.comparator, bounded=other.start) if shared else other


def _here(text: str, at: int) -> Mention | None:
    """The number that begins at ``at``, if one does."""
    letter = text[at]
    if letter in "翻倍":
        return _doubling(text, at)
    if letter in "亿万":
        return _implied(text, at)
    if letter in "的近过超占":
        return _half(text, at)
    if letter in "一半大" and (half := _BY_HALF.match(text, at)):
        sign: Comparator = ">" if half[0] in ("过半数", "大半") else "="
        return Mention(at, half.end(), Decimal("0.5"), None, "比例", "rates", sign, "fraction", bounded=at)
    if letter not in "0123456789零〇一二两三四五六七八九十百千":
        return None
    return _two_digits(text, at) or _fraction(text, at) or _range(text, at) or _amount(text, at)


def _two_digits(text: str, at: int) -> Mention | None:
    match = _TWO_DIGITS.match(text, at)
    return Mention(at, match.end(), Decimal(10), None, "%", "rates", ">=", "level", bounded=at) if match else None


def _doubling(text: str, at: int) -> Mention | None:
    match = _DOUBLING.match(text, at)
    if not match or (at and text[at - 1].isdigit()):
        return None
    times = match["times"] or match["times2"]
    value = 2 ** int(_plain(times)) if times else 2
    return Mention(at, match.end(), Decimal(value), None, "倍", "rates", "=", "doubling", bounded=at)


def _implied(text: str, at: int) -> Mention | None:
    """亿元以上 without a number is one 亿元."""
    more = _ONE_AND_MORE.match(text, at)
    if more:
        unit = more["mult"] + more["unit"]
        return Mention(at, more.end(), Decimal(1), None, unit, _group(more["unit"]), ">", "implied", more=True, bounded=at)
    if text.startswith("万亿级", at) and text[max(0, at - 1) : at] not in _NUMERALS:
        return Mention(at, at + 3, Decimal(1), None, "万亿元", "money", ">=", "level", bounded=at)
    match = _IMPLIED.match(text, at) or _PASSED_ONE.match(text, at)
    if not match:
        return None
    level = text[match.end() : match.end() + 1] == "级"
    unit = match["mult"] + match["unit"]
    return Mention(at, match.end(), Decimal(1), None, unit, _group(match["unit"]), ">=" if level else "=", "implied", bounded=at)


def _half(text: str, at: int) -> Mention | None:
    match = _HALF.match(text, at)
    if not match:
        return None
    start = match.start("half") if match["half"] else at
    less = re.search(r"(?:不足|不到)[^,。;]{0,24}$", text[:at])
    sign: Comparator = ">" if text[at] in "过超" else "~" if text[at] == "近" else "<" if less else "="
    return Mention(start, match.end(), Decimal("0.5"), None, "比例", "rates", sign, "fraction", bounded=at)


def _fraction(text: str, at: int) -> Mention | None:
    """五分之一 is 0.2 of the whole; 百分之三十 is 30%."""
    match = _FRACTION.match(text, at) or _SLASHED.match(text, at)
    if not match:
        return None
    parts, of = number(match["parts"]), number(match["of"])
    if parts == 0 or match["parts"] == "千":
        return None
    if match["parts"] == "百" or parts == 100:
        return Mention(at, match.end(), of, None, "%", "rates", "=", "fraction", bounded=at)
    return Mention(
        at, match.end(), (of / parts).quantize(Decimal("0.000001")).normalize(), None, "比例", "rates", "=", "fraction", bounded=at
    )


def _range(text: str, at: int) -> Mention | None:
    match = _BRACKETED.match(text, at) or _RANGE.match(text, at)
    if not match or _inside_code(text, at):
        return None
    lower, upper = number(match["low"]), number(match["num"])
    printed_unit = match["unit"] or ""
    if not printed_unit or (match["lowunit"] and match["lowunit"] != printed_unit) or (lower >= upper and not match["lowmult"]):
        return None
    unit = (match["mult"] or "") + printed_unit
    return Mention(
        at, match.end(), upper, lower, unit, _group(printed_unit), "=", _form(match["num"]), bounded=at, decimals=_decimals(match["num"])
    )


def _amount(text: str, at: int) -> Mention | None:
    match = _AMOUNT.match(text, at)
    if not match:
        return None
    printed, end = match["num"], match.end("num")
    about = _about(match, at)
    if about is not None:
        return about
    if _VAGUE.fullmatch(printed):
        return Mention(at, end, number(printed), None, "", "", "=", "characters", bounded=at)
    if text[max(0, at - 1) : at] in ("数", "几") and printed[0] in "十百千":
        return None
    value, mult = number(printed), match["mult"] or ""
    unit = match["unit"] or ""
    if printed in ("百", "千", "十") and not mult and not match["more"] and not (match["unit"] and _PASSED.search(text[max(0, at - 2) : at])):
        return None
    if unit or mult or match["more"]:
        end = max(match.end(name) for name in ("num", "mult", "unit", "more", "more2", "more3") if match[name])
    if mult.endswith("亿") and text.startswith("大关", match.end("mult")):
        unit, end = "元", match.end("mult")  # what is counted in 亿 and has a mark to pass is money
    named = mult == "亿" and not unit and _SIZED.match(text, end) is not None
    if unit == "个" and match["more3"] and (span := _SPAN.match(text, end)):
        unit, end = "个" + span[0], span.end()
    level = named or (bool(mult) and (unit == "级" or bool(match["level"] and _group(unit) in ("money", "size"))))
    more = bool(match["more"] or match["more2"] or (match["more3"] and unit))
    if level:
        unit, end = unit.rstrip("级") or "元", match.end("level") if match["level"] else end
    form: Form = "level" if level else _form(printed)
    led = text[max(0, at - 1) : at] if printed in ("百", "千") else ""
    sign: Comparator = ">=" if level or led == "上" else ">" if more or led == "过" else "="
    if unit in ("%", "‰") and _NEGATIVE.search(text[max(0, at - 2) : at]):
        value = -value
    if unit == "里" and printed[0] not in "0123456789" and len(printed) == 1:
        return None  # 三里庵 is a place; who counts in 里 writes digits or more of them
    group = _group(unit) if unit else ""
    ordinal = at > 0 and text[at - 1] == "第"
    return Mention(at, end, value, None, mult + unit, group, sign, form, ordinal, more, at, _decimals(printed))


def _about(match: re.Match[str], at: int) -> Mention | None:
    """Two digits in a row count roughly: 三四百斤 is 300 to 400 of 斤."""
    rough, unit = _BETWEEN.fullmatch(match["num"]), match["unit"]
    if not rough or not unit or int(_plain(rough["high"])) != int(_plain(rough["low"])) + 1:
        return None
    low, high = (number(rough[name] + (rough["power"] or "")) for name in ("low", "high"))
    return Mention(at, match.end("unit"), high, low, (match["mult"] or "") + unit, _group(unit), "=", "characters", bounded=at)


def _bounded(text: str, mention: Mention) -> Mention:
    """The mention with the bound that the words before and after it set; what stands after decides over what stands before."""
    before = text[max(0, mention.start - 8) : mention.start]
    start, sign = mention.start, mention.comparator
    bound = _BOUND_BEFORE.search(before)
    if bound and not before.endswith(words("numbers", "no_bounds")):
        start = mention.start - len(bound[0])
        sign = next(sign for at, sign in enumerate(_BEFORE) if bound[f"b{at}"])
    elif _AT_LEAST.search(before):
        sign = ">="
    elif sign == "=" and mention.group == "rates" and (whole := _OF_IT.search(text[max(0, mention.start - 36) : mention.start])):
        sign = _OF_IT_SIGNS[whole["sign"]]
    end = mention.end
    follows = _BOUND_AFTER.match(text, end)
    if follows:
        sign = next(sign for at, sign in enumerate(_AFTER) if follows[f"a{at}"])
        end = follows.end()
    elif mention.group == "time" and text[end : end + 1] == "内":
        sign, end = "<=", end + 1
    better = _AND_BETTER.match(text, end)
    if better:
        sign, end = ">=", better.end()
    return replace(mention, bounded=start, comparator=sign, end=end)


def number(printed: str) -> Decimal:
    """The value of digits or characters: 1,200.5, 三千二百, 十二, 二〇二三."""
    if printed[0].isdigit():
        return Decimal(printed.replace(",", ""))
    whole, _, fraction = printed.partition("点")
    value = Decimal(_whole(whole))
    if fraction:
        value += Decimal("0." + "".join(_plain(letter) for letter in fraction))
    return value


def _whole(printed: str) -> int:
    if not re.search("[十百千]", printed):
        return int("".join(_plain(letter) for letter in printed))
    total, digit = 0, 0
    for letter in printed:
        if letter in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[letter]
            digit = 0
        else:
            digit = int(_plain(letter))
    return total + digit


def _plain(letter: str) -> str:
    return _CHARACTERS.get(letter, letter)


_CHARACTERS = {entry[0]: entry[1] for entry in words("numbers", "digits")}


def _form(printed: str) -> Form:
    return "digits" if printed[0].isdigit() else "characters"


def _decimals(printed: str) -> int:
    return len(printed.partition(".")[2])


def _inside_code(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1].isascii() and text[at - 1].isalnum())


_GROUPS = {unit: group for group in reversed(UNITS) for unit in words("numbers", group)}


def _group(unit: str) -> str:
    """Which list of the lexicon a measure is in; empty where it is in none."""
    return _GROUPS.get(unit.partition("/")[0], "")
