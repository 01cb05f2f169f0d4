"""Eight rows at the edges, and the formulas that engines are known to answer differently unless they are lowered with care."""

from __future__ import annotations

from datetime import date

from bihuan.foundation.grammar.formulas import Name, Scope
from bihuan.foundation.grammar.quantities import unit_of

TODAY = date(2025, 7, 8)
HUGE = 9 * 10**15

COLUMNS = {
    "id": "BIGINT", "done": "BIGINT", "plan": "BIGINT", "estimate": "BIGINT", "land": "BIGINT", "people": "BIGINT", "points": "BIGINT",
    "share": "BIGINT", "progress": "DOUBLE", "state": "TEXT", "title": "TEXT", "started": "DATE", "due": "DATE", "modern": "BOOLEAN",
}  # fmt: skip
"""Columns and types: integers in smallest units, doubles, DATE (ISO text in SQLite), BOOLEAN (0/1 in SQLite)."""

SCOPE = Scope(
    [
        Name("done", ("完成投资",), "number", unit_of("万元"), stored_per_unit=10**6),
        Name("plan", ("计划投资",), "number", unit_of("万元"), stored_per_unit=10**6),
        Name("estimate", ("概算投资",), "number", unit_of("亿元"), stored_per_unit=10**10),
        Name("land", ("用地",), "number", unit_of("亩"), stored_per_unit=10),
        Name("people", ("人数",), "number", unit_of("人"), stored_per_unit=1),
        Name("points", ("得分",), "number", None, stored_per_unit=100),
        Name("share", ("占比",), "number", unit_of("%"), stored_per_unit=10),
        Name("progress", ("进度",), "number", None),
        Name("state", ("状态",), "text", choices=("在建", "竣工", "谋划")),
        Name("title", ("项目名称",), "text"),
        Name("started", ("开工日期",), "date"),
        Name("due", ("期限",), "date"),
        Name("modern", ("高技术",), "yes_no"),
        Name("grace", ("宽限天数",), "number", unit_of("天"), value=5),
        Name("unset", ("未定参数",), "number", unit_of("万元"), value=None),
    ]
)

ROWS: list[tuple[object, ...]] = [
    # ordinary
    (
        1,
        850_000_000,
        1_000_000_000,
        12_000_000_000,
        305,
        120,
        8550,
        725,
        0.725,
        "在建",
        "濮东产业园",
        date(2024, 1, 31),
        date(2025, 7, 1),
        True,
    ),
    # nothing known
    (2, None, None, None, None, None, None, None, None, None, None, None, None, None),
    # zeros and the empty text
    (3, 0, 0, 0, 0, 0, 0, 0, 0.0, "谋划", "", date(2025, 7, 8), date(2025, 7, 8), False),
    # exactly on the thresholds: 55 of 100, 0.55, 1亿元
    (4, 5500, 10000, 10**10, 10, 55, 5500, 550, 0.55, "竣工", "一期", date(2024, 2, 29), date(2025, 2, 28), True),
    # the greatest values a field keeps
    (5, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, 9e15, "在建", "大" * 200, date(1990, 12, 31), date(2199, 12, 31), False),
    # negative, and one 分 below a threshold
    (6, -5501, 10000, 9_999_999_999, -7, -3, -250, -5, -0.1, "谋划", 'it\'s 50%_\\ "x" -- y', date(2025, 12, 31), date(2025, 1, 1), None),
    # one 分 apart at ten billion 元
    (7, 10**12 + 1, 10**12, 10**12, 1, 1, 267, 1, 1 / 3, "竣工", "ＡＢＣ·甲（二期）", date(2025, 1, 30), date(2025, 2, 28), True),
    # some known, some not
    (8, 300_000_000, None, 10**10, 0, 7, None, 333, None, "在建", "P-2025-017", None, date(2026, 6, 30), None),
]

NUMBERS = [
    "完成投资 / 计划投资",
    "完成投资 - 计划投资",
    "完成投资 / (计划投资 - 计划投资)",
    "完成投资 / (计划投资 * 0.1 - 计划投资 * 0.1)",
    "-完成投资 + 1万元",
    "概算投资 * 55%",
    "概算投资 / 用地",
    "人数 * 1000000000 * 1000000000",
    "得分 / 3",
    "0.1 * 3",
    "7 / 2",
    "占比 * 得分 + 进度 * 2",
    "绝对值(完成投资 - 计划投资)",
    "四舍五入(得分, 0)",
    "四舍五入(得分, 1)",
    "四舍五入(进度, 2)",
    "四舍五入(概算投资, 2)",
    "四舍五入(占比, 0)",
    "天数(开工日期, 期限)",
    "天数(开工日期, 今天)",
    "月数(开工日期, 期限)",
    "月数(今天, 期限)",
    "年(开工日期) * 100 + 月(开工日期)",
    "如果(高技术, 50%, 30%)",
    "如果(完成投资 > 计划投资, 完成投资, 计划投资)",
    "如果(非 高技术, 1, 如果(人数 > 50, 2, 3))",
    "取值(计划投资, 概算投资, 0)",
    "取值(得分, 进度, 1)",
    "最大值(完成投资, 计划投资)",
    "最小值(得分, 60, 进度)",
    "最大值(人数, 0) / 人数",
    "取值(未定参数, 完成投资)",
    "四舍五入(乘方(进度, 1 / 3), 6)",
    "四舍五入(乘方(1 + 占比, 4) - 1, 6)",
]

CONDITIONS = [
    "完成投资 >= 计划投资 * 0.55",
    "完成投资 < 计划投资 * 0.55",
    "完成投资 = 计划投资 * 0.55",
    "计划投资 * 0.55 <= 完成投资",
    "完成投资 / 计划投资 >= 55%",
    "完成投资 / 计划投资 > 1",
    "完成投资 > 计划投资",
    "完成投资 - 计划投资 >= 0.000001",
    "进度 * 3 = 1",
    "进度 >= 0.55",
    "占比 >= 55 且 占比 < 72.55",
    "占比 * 得分 = 30.25",
    "概算投资 >= 1",
    "概算投资 >= 1亿元 且 概算投资 <> 1.2",
    "概算投资 < 0.001元",
    "概算投资 > 完成投资",
    "概算投资 在 (1, 1.2, 100)",
    "人数 在 (7, 55)",
    "得分 不在 (55, 2.67)",
    "人数 > 50",
    "得分 >= 60 或 高技术",
    "状态 = '在建'",
    "状态 <> '在建'",
    "状态 在 ('在建', '竣工') 且 非 高技术",
    "非 (状态 = '在建' 或 高技术)",
    "高技术 = 是",
    "高技术 = 否",
    "高技术 <> (人数 > 50)",
    "开工日期 >= 2025-07-08",
    "开工日期 < 期限",
    "今天 > 期限",
    "天数(期限, 今天) > 宽限天数",
    "加天(期限, 宽限天数) < 今天",
    "加天(开工日期, -30) = 2024-01-30",
    "加天(期限, 得分) > 2025-08-01",
    "月数(开工日期, 今天) >= 1年",
    "为空(计划投资) 或 完成投资 为空",
    "开工日期 不为空",
    "包含(项目名称, '产业')",
    "包含(项目名称, '%_\\')",
    "包含(项目名称, 'it''s')",
    "开头(项目名称, 'P-2025')",
    "开头(项目名称, 'ＡＢ')",
    "项目名称 = 'it''s 50%_\\ \"x\" -- y'",
    "四舍五入(得分, 1) = 2.7",
    "四舍五入(完成投资 / 计划投资, 2) >= 0.55",
    "如果(高技术, 人数 > 50, 人数 > 100)",
    "人数 > 取值(得分, 0) 且 未定参数 > 1",
]

OTHERS = [
    "如果(高技术, '优先', '一般')",
    "取值(项目名称, '未命名')",
    "取值(开工日期, 期限, 2025-01-01)",
    "最大值(开工日期, 期限, 2025-07-01)",
    "加天(开工日期, 1)",
    "加天(开工日期, 用地 / 1亩 * 1天)",
]

GATHERED = [
    "合计(完成投资)",
    "合计(完成投资) / 合计(计划投资)",
    "合计(完成投资, 状态 = '在建') / 合计(完成投资)",
    "合计(完成投资 * 50%)",
    "平均(得分)",
    "平均(得分, 状态 = '谋划')",
    "平均(进度 * 2)",
    "计数()",
    "计数(*)",
    "计数(计划投资)",
    "计数(状态 = '在建')",
    "计数(高技术) / 计数()",
    "计数(人数, 高技术)",
    "最大(期限)",
    "最小(开工日期, 高技术)",
    "最大(完成投资) - 最小(完成投资)",
    "最小(进度)",
    "合计(人数, 人数 > 999999999999999)",
    "合计(完成投资) >= 1亿元 且 计数() = 8",
    "合计(完成投资 - 计划投资) >= 1",
    "月数(最小(开工日期), 今天)",
    "合计(如果(状态 = '在建', 2, 1))",
    "合计(占比) / 计数(占比) > 50%",
]
