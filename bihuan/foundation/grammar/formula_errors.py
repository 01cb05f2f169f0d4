"""What can be wrong with a formula: each fault has a code and says what, why and how to write it right, in both languages."""

from __future__ import annotations

from typing import NamedTuple

from bihuan.foundation.grammar.refusals import Refused


class Message(NamedTuple):
    """The words of one fault; ``{…}`` is filled in where it happens."""

    what: str
    what_en: str
    why: str
    why_en: str
    example: str


class FormulaError(Refused):
    """A formula that is not accepted. ``position`` counts characters of the source from 0; ``code`` is the stable name of the fault."""

    def __init__(self, code: str, position: int, message: Message) -> None:
        self.code = code
        self.position = position
        self.why = message.why
        self.why_en = message.why_en
        super().__init__(message.what, message.what_en, message.example)

    def text(self, language: str = "zh") -> str:
        """Place, what, why and a correct example, as lines for the person who wrote the formula."""
        if language.startswith("zh"):
            return f"公式第 {self.position + 1} 个字：{self.what}\n  {self.why}\n  例：{self.example}"
        return f"Formula, character {self.position + 1}: {self.what_en}\n  {self.why_en}\n  Example: {self.example}"

    @property
    def english(self) -> str:
        """The English twin of ``str(error)``."""
        return self.text("en")


def fault(code: str, position: int, **words: object) -> FormulaError:
    """The error ``code`` at ``position``, its message filled with ``words``."""
    return FormulaError(code, position, Message(*(part.format(**words) for part in MESSAGES[code])))


MESSAGES: dict[str, Message] = {
    # -- reading ---------------------------------------------------------------------------------------------
    "empty": Message(
        "公式是空的", "the formula is empty", "没有内容就没有结果。", "Nothing written gives nothing.", "合计(实际完成投资) / 合计(计划完成投资)"
    ),
    "too_long": Message(
        "公式有 {size} 个字，最多 {limit} 个", "the formula has {size} characters; {limit} at most",
        "过长的公式没有人看得懂，也无法逐条说明理由。", "Nobody can follow a formula of that length, nor explain it.", "拆成几个指标，再用指标名称组成公式",
    ),
    "too_complex": Message(
        "公式太复杂：{measure} {size}，上限 {limit}", "the formula is too complex: {measure_en} {size}, at most {limit}",
        "为保证随时能算完，嵌套层数和项数都有上限。", "Depth and size are bounded so that it can always be computed.", "拆成几个指标，再用指标名称组成公式",
    ),
    "bad_character": Message(
        "不认识的符号“{word}”", "the character “{word}” is not known",
        "公式只用 + - * / = <> > >= < <= 、括号、逗号、单引号文字和名称。",
        "A formula uses only + - * / = <> > >= < <=, brackets, commas, text in single quotes, and names.", "概算投资 >= 1亿元 且 状态 = '在建'",
    ),
    "wrong_operator": Message(
        "这里不能写“{word}”，请写“{instead}”", "“{word}” is not used here; write “{instead}”",
        "一种意思只有一种写法。", "One meaning has one spelling.", "{example}",
    ),
    "comment": Message(
        "公式里不能写注释“{word}”", "a formula has no comments (“{word}”)",
        "说明写在 basis 或 because 里，公式只写怎么算。", "Words belong in `basis` or `because`; the formula only says how to compute.", "协调未果次数 >= 1",
    ),
    "unclosed_text": Message(
        "文字没有写完：缺少收尾的引号", "the text has no closing quote",
        "文字要用一对引号括起来，文字里的单引号写两遍。", "Text stands between a pair of quotes; a quote inside is written twice.", "状态 = '在建'",
    ),
    "double_quotes": Message(
        "文字不用英文双引号", "text is not written in straight double quotes",
        "在数据库里，双引号表示列名，容易弄错。", "In databases double quotes mean a column, which invites mistakes.", "状态 = '在建'",
    ),
    "bad_number": Message(
        "数“{word}”写法不对或位数太多", "the number “{word}” is malformed or has too many digits",
        "整数部分最多 15 位，小数最多 9 位，不用逗号分节，不用科学记数法。",
        "At most 15 digits before the point and 9 after it, no separators, no exponents.", "5000万元",
    ),
    "bad_date": Message(
        "没有“{word}”这一天", "there is no day “{word}”", "日期写成年-月-日，并且必须真实存在。", "A date is written year-month-day and must exist.", "2025-07-08"
    ),
    "unknown_unit": Message(
        "不认识的单位“{word}”", "the unit “{word}” is not known",
        "数后面只能跟登记过的单位。", "Only a known unit may follow a number.", "5000万元、90%、3天",
    ),
    "unknown_name": Message(
        "没有“{word}”这个名称{near}", "there is no “{word}” here{near_en}",
        "公式只能用本台账的字段、汇总、指标、参数和内置名称，要一字不差。",
        "A formula uses the fields, rollups, indicators and parameters of its register, spelled exactly.", "{example}",
    ),
    "not_a_function": Message(
        "“{word}”不是可用的函数", "“{word}” is not a function of formulas",
        "可用的函数只有：{functions}。", "The functions are: {functions_en}.", "合计(实际完成投资)",
    ),
    "unquoted_choice": Message(
        "文字“{word}”要加引号",
        "the text “{word}” needs quotes",
        "不加引号的是名称，加引号的是文字。",
        "Without quotes it is a name, with quotes it is text.",
        "{name} = '{word}'",
    ),
    "brackets": Message(
        "括号不成对：“{word}”没有配上",
        "brackets do not match at “{word}”",
        "每个左括号都要有一个右括号。",
        "Every opening bracket needs a closing one.",
        "(甲 + 乙) / 丙",
    ),
    "missing_operator": Message(
        "“{left}”和“{right}”之间少了运算符", "an operator is missing between “{left}” and “{right}”",
        "两个值不能直接相连。", "Two values cannot stand side by side.", "甲 > 1 且 乙 > 2",
    ),
    "syntax": Message(
        "“{word}”附近读不懂",
        "cannot be read near “{word}”",
        "可能多写或少写了运算符、逗号或数值。",
        "An operator, a comma or a value is probably missing or too many.",
        "甲 / 乙 >= 90%",
    ),
    "not_allowed": Message(
        "不允许的写法：{what}", "not allowed: {what}", "公式只有四则运算、比较、且或非、在、为空和函数表里的函数。",
        "A formula has arithmetic, comparisons, AND, OR, NOT, IN, IS NULL and the functions of the table.", "甲 / 乙 >= 90%",
    ),
    # -- kinds and units --------------------------------------------------------------------------------------
    "wrong_kind": Message(
        "“{word}”是{kind}，这里要{wanted}", "“{word}” is {kind_en}; {wanted_en} is needed here",
        "不同类型的值不能混用。", "Values of different kinds do not mix.", "{example}",
    ),
    "compare_kinds": Message(
        "“{left}”是{kind}，“{right}”是{other}，不能比较", "“{left}” is {kind_en} and “{right}” is {other_en}; they cannot be compared",
        "只能比较同一类型的值。", "Only values of one kind can be compared.", "{example}",
    ),
    "order_of_words": Message(
        "{kind}不能比大小",
        "{kind_en} has no greater or smaller",
        "文字和是否只能用 = 、<> 和 在。",
        "Text and yes/no are compared only by =, <> and IN.",
        "状态 在 ('在建', '竣工')",
    ),
    "chain": Message(
        "比较不能连写",
        "comparisons cannot be chained",
        "连写在数据库里另有含义，会得到错的结果。",
        "In a database a chain means something else and gives wrong answers.",
        "1 < 甲 且 甲 < 5",
    ),
    "units_differ": Message(
        "“{left}”按{unit}计，“{right}”按{other}计，不能{deed}", "“{left}” is {unit_en} and “{right}” is {other_en}: they cannot be {deed_en}",
        "量纲不同的数相加或比较没有意义。", "Adding or comparing quantities of different dimensions means nothing.", "{example}",
    ),
    "units_multiply": Message(
        "“{left}”乘“{right}”得到的{unit}没有意义", "“{left}” times “{right}” would be {unit_en}, which means nothing",
        "两个带量纲的数不能相乘；先除以一个单位得到纯数。", "Two dimensioned quantities do not multiply; divide one by a unit first.", "罚款基数 * (逾期天数 / 1天)",
    ),
    "units_divide": Message(
        "“{left}”除以“{right}”得到的{unit}太复杂", "“{left}” by “{right}” would be {unit_en}, which is too complex",
        "结果最多是“某量每某量”。", "A result is at most one quantity per another.", "税收 / 面积",
    ),
    "which_unit": Message(
        "“{word}”要写单位",
        "“{word}” needs its unit",
        "旁边的数单位不一，只写数字分不清是哪个单位。",
        "Its neighbours have different units, so a bare number is ambiguous.",
        "{word}万元",
    ),
    "result_kind": Message(
        "结果是{kind}，这里要{wanted}", "the result is {kind_en}; {wanted_en} is needed here",
        "公式的结果必须是它所在的地方要的类型。", "A formula must give the kind its place needs.", "{example}",
    ),
    "result_unit": Message(
        "结果按{unit}计，这里要按{wanted}计", "the result is {unit_en}; {wanted_en} is needed here", "结果的量纲必须与声明的单位一致。",
        "The dimension of the result must agree with the declared unit.", "合计(实际完成投资) / 合计(计划完成投资)",
    ),
    "not_a_choice": Message(
        "“{name}”没有“{word}”这个选项", "“{name}” has no choice “{word}”", "可选：{choices}。", "Choices: {choices}.", "{name} = '{first}'"
    ),
    "constants_only": Message(
        "“在”的括号里只能列出固定的值", "IN takes a list of fixed values", "要和别的字段比较，请用 =。", "To compare with another field use =.", "状态 在 ('在建', '竣工')"
    ),
    "by_zero": Message("除数是零", "division by zero", "除以零没有值。", "Dividing by zero has no value.", "完成 / 计划"),
    "date_arithmetic": Message(
        "日期不能直接加减",
        "dates are not added or subtracted directly",
        "说清楚要天数还是要日期。",
        "Say whether a number of days or a date is meant.",
        "天数(开工日期, 今天) > 30、加天(今天, 30)",
    ),
    # -- functions --------------------------------------------------------------------------------------------
    "arguments": Message(
        "{function}要{wanted}个参数，写了{given}个",
        "{function} takes {wanted} argument(s), {given} given",
        "{meaning}",
        "{meaning_en}",
        "{example}",
    ),
    "needs_constant": Message(
        "{function}的第{which}个参数要写成固定的{wanted}",
        "argument {which} of {function} must be a fixed {wanted_en}",
        "{meaning}",
        "{meaning_en}",
        "{example}",
    ),
    "nested_aggregate": Message(
        "汇总函数里不能再汇总",
        "an aggregate cannot stand inside another",
        "先汇总出一个指标，再汇总指标。",
        "Gather an indicator first, then gather the indicator.",
        "合计(实际完成投资) / 计数()",
    ),
    "needs_aggregate": Message(
        "“{word}”有多个值，要先汇总", "“{word}” has many values; gather them first", "每期或每个下级行都有一个值，不说怎么汇总就不知道用哪一个。",
        "It has a value per period or per row; without a function nobody knows which is meant.", "合计({word})",
    ),
    "needs_today": Message(
        "公式用到今天，但没有给出日期",
        "the formula mentions today but no day was given",
        "同一个公式在同一天必须得到同一个结果。",
        "A formula must give the same answer for the same day.",
        "sql(at=date(2025, 7, 8))",
    ),
}  # fmt: skip
