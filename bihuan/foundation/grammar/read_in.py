"""``register.read_in``: how a document becomes rows of a register, one for each statement and promise found in it, and who looks at them.

Reading proposes only. What is found stands in the first state of the register's lifecycle; people take it up, put it right or turn it down by
moves, and what follows from a row that was confirmed is a handoff like any other.
"""

from __future__ import annotations

from typing import Literal

from bihuan.foundation.grammar.shape import Key, Shape, Words, said

Found = Literal["target", "actual", "rule", "task"]
"""The kinds of finding; dates, names and ordinals are never rows."""

Said = Literal["subject", "value", "high", "unit", "comparator", "period", "year", "last_day", "org", "office", "number", "source", "sure", "words"]
"""What is known of a finding beside its line, words and kind."""

Comparator = Literal[">=", ">", "<=", "<", "=", "~"]


class ReadIn(Shape):
    """How a document becomes rows of this register."""

    title: str = said("名称", "its name", "读入报告")
    title_en: str = said("英文名称", "its English name", "read a report", "")
    document: Key = said("指向文件那一行的字段", "the field that refers to the row of the document", "document")
    file: Key = said("那一行中存原件的字段（file）", "the field of that row in which the file itself is kept", "file")
    copies: dict[Key, Key] = said("从文件那一行照抄的字段：本台账字段: 那边字段", "fields copied from the row of the document", "{year: year}", {})
    line: Key = said("原文行号（number）", "the number field of the line", "line")
    quote: Key = said("原文（text）", "the text field of the words as printed", "words")
    kind: Key = said("类别（choice）", "the choice field of the kind", "kind")
    kinds: dict[Found, str] = said(
        "读出的类别各登记为什么；没写的类别不登记：target、actual、rule、task", "what each kind is recorded as; a kind that is not written is not recorded",
        "{target: 目标, task: 任务}", min_length=1,
    )  # fmt: skip
    fields: dict[Said, Key] = said(
        "读出的各项登记到哪个字段：subject 事项、value 数值或下限、high 上限、unit 单位、comparator 比较、period 时间、year 年、last_day 期末日、org 文中单位、"
        "office 与单位名录相符的文中单位、number 同行同句第几个、source 出处、sure 有把握、words 原文再记一处",
        "the fields that take what was found", "{subject: subject, value: value}", {},
    )  # fmt: skip
    comparators: dict[Comparator, str] = said("比较符各登记为什么", "what each comparator is recorded as", "{'>=': 不低于, '=': 等于}", {})
    drafts: dict[Found, dict[Key, str]] = said("各类别预填的字段", "fields filled in beforehand, by kind", "{target: {as_goal: 是}}", {})
    asks: Words = said("核对时更正哪些字段，按顺序", "the fields put right while reviewing, in order", "[subject, value]", min_length=1)
    accept: Key = said("采用的动作", "the move that takes it up", "adopt")
    reject: Key = said("不采用的动作", "the move that turns it down", "drop")
    confirm: Key = said("另一人确认的动作", "the move by which a second person confirms", "confirm")
    divide: Key = said("拆分后原行的动作", "the move of the row that was split", "divide")
    merge: Key = said("并入他行的动作", "the move of the row that was merged into another", "merge")
