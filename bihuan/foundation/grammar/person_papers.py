"""What a document about a person may say: its words and its tables, each with the rule it is counted by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NAMED = ("姓名", "所在单位")
"""Who it is."""

COUNTS: Mapping[str, str] = {
    "负责项数": "该同志现任责任人的台账条目数",
    "红灯项数": "其中当日最重的灯为红灯的条目数",
    "黄灯项数": "其中当日最重的灯为黄灯的条目数",
    "未办结件数": "记在该同志名下或其负责条目上、尚未办结的责任事项数",
    "逾期件数": "其中时限早于核算日期的件数",
    "点名项数": "字段写明该同志、尚未办结的台账条目数",
}
"""The figures, each with its rule in the words of the annex."""

WORDS = (*NAMED, *COUNTS)
DAYS = ("年", "月", "日", "今天", "号", "依据")
"""What the texts may say besides: the day and the clause."""


@dataclass(frozen=True)
class Listing:
    """A table of such a document: the rule by which its rows are chosen, and its columns with their headings."""

    rule: str
    columns: Mapping[str, str]


_ROW = {"rank": "序号", "title": "事项", "key": "编号", "register": "台账", "office": "单位", "state": "状态", "light": "灯"}

TABLES: Mapping[str, Listing] = {
    "carried": Listing("该同志现任责任人的台账条目，最重的灯在前", {**_ROW, "role": "职责"}),
    "owed": Listing(
        "记在该同志名下或其负责条目上、尚未办结的责任事项，时限早的在前",
        {"rank": "序号", "title": "任务", "about": "关于", "office": "承办", "due": "时限", "overdue": "逾期"},
    ),
    "named": Listing("字段写明该同志、尚未办结的台账条目", _ROW),
}
