"""Lists, boards and rankings over columns of growing size. `python -m bench.lists [--quick]`."""

from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench._city import DAY, REGISTER, open_city, put_in_columns
from bench._measuring import Sheet, median_ms, quick
from bihuan.computing import boards, tables
from bihuan.computing.boards import Asked
from bihuan.foundation.access import Scope

ALL = Scope(REGISTER, everything=True)
ASKED = {
    "首页 first page": Asked(),
    "文字查找 text": Asked(text="99"),
    "选项加范围 choice and range": Asked(choices={"industry": ["能源"]}, ranges={"estimate": (10**11, None)}),
    "单位与灯色 office and colour": Asked(office="濮阳县", colours={"projects.progress": ["red"]}),
    "按金额排序 sorted by money": Asked(sort=[("estimate", True)]),
    "排序第百页 page 100 of a sort": Asked(sort=[("_title", False)], page=100),
    "条件公式 formula": Asked(formula="概算投资 >= 10亿元 且 高技术"),
}


def main() -> int:
    """Measure and print."""
    sheet = Sheet()
    open_city()
    for size in (10_000, 100_000) if quick() else (10_000, 100_000, 1_000_000):
        tables.forget()
        columns = put_in_columns(size)
        view = columns.catalogue.registers[REGISTER]
        queries = set()
        for what, asked in ASKED.items():
            took = median_ms(partial(boards.list_entries, columns, view, asked, ALL, DAY), 5)
            sheet.note(f"列表·{what}", size, took, "ms", most=300)
            with CaptureQueriesContext(connection) as captured:
                boards.list_entries(columns, view, asked, ALL, DAY)
            queries.add(len(captured))
        sheet.note("数据库查询数 database queries a page, at most", size, max(queries), "queries", most=3)
        sheet.note("按指标排序 list sorted by an indicator", size, median_ms(partial(boards.list_entries, columns, view, Asked(sort=[("progress", False)]), ALL, DAY), 3), "ms")
        sheet.note("灯阵 lights by office", size, median_ms(partial(boards.lights_by_office, columns, view, "projects.plate", ALL, DAY), 5), "ms")
    return sheet.finish()


if __name__ == "__main__":
    raise SystemExit(main())
