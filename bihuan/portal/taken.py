"""A list taken away as a file: exactly what the page shows, its columns in their order and the rows of its query; or some rows picked from it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.computing import lists as computed
from bihuan.foundation import access
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import head, moment_text
from bihuan.foundation.sheets import xlsx
from bihuan.foundation.sheets.delimited import write_csv
from bihuan.foundation.sheets.workbook import ABOUT
from bihuan.portal import lists, words
from bihuan.portal.columns import Column
from bihuan.portal.lists import Listed, Query
from bihuan.portal.visits import Visit

MOST = 200_000
TOGETHER = 500
"""So many rows are read and computed at a time."""

Plain = str | Decimal | date | None


def take(file: IO[bytes], visit: Visit, view: RegisterView, given: QueryDict, kind: str) -> None:
    """Write the list an address asks for. With ``pick`` only those rows of it; a bar over the list sends its query as one text, ``query``."""
    query = lists.read_query(visit, view, QueryDict(given.get("query", "")) if "query" in given else given)
    at_hand = visit.columns
    page = computed.find(at_hand, view, query.asked(MOST, 1), access.visible(visit.actor, view), visit.day)
    picked = {int(text) for text in given.getlist("pick") if text.isascii() and text.isdecimal()}
    if picked and not given.get("all"):
        page = replace(page, ids=[number for number in page.ids if number in picked])
    one = lists.listed(visit, query, at_hand, page, MOST)
    if kind == "csv":
        write_csv(file, [[_titled(column) for column in one.shown], *_rows(one)])
        return
    first = xlsx.Page(view.shape.title[:31], [_head(view, column) for column in one.shown], _rows(one))
    about = xlsx.Page(ABOUT, [xlsx.Head(_("项目"), xlsx.NOTE, 24), xlsx.Head(_("内容"), xlsx.NOTE, 80)], list(_about(visit, query, len(page.ids))))
    xlsx.write_workbook(file, [first, about])


def _titled(column: Column) -> str:
    return f"{column.title}（{column.unit}）" if column.unit else column.title


def _head(view: RegisterView, column: Column) -> xlsx.Head:
    shape = view.shape.fields.get(column.key)
    places = 2 if shape and shape.kind == "money" else shape.decimals if shape else 0
    style = xlsx.DAY if column.kind in ("date", "due") else f"number{min(places, 6)}" if shape and shape.kind in words.NUMERIC else xlsx.TEXT
    return xlsx.Head(_titled(column), style, min(max(10, 2 * len(_titled(column)) + 2), 40))


def _rows(one: Listed) -> Iterator[list[Plain]]:
    for start in range(0, len(one.page.ids), TOGETHER):
        lines, around = one.lines_of(one.page.ids[start : start + TOGETHER])
        for line in lines:
            yield [plain(column, column.cell(line, around)) for column in one.shown]


def plain(column: Column, cell: Any) -> Plain:
    """What a cell of the page says, as a file holds it: numbers as numbers where they have no unit in them, days as days, lights as their word."""
    if cell is None:
        return None
    if column.kind == "lamp":
        return words.colour_word(cell["colour"])
    if isinstance(cell, datetime):
        return timezone.localtime(cell).date()
    if isinstance(cell, date):
        return cell
    text = str(cell["text"] if isinstance(cell, dict) else cell)
    if column.kind != "number":
        return text
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text


def _about(visit: Visit, query: Query, rows: int) -> Iterable[Sequence[Plain]]:
    """The pairs of the second worksheet: which list, of when, how far the ledger was, for whom, by which conditions."""
    chips = words.clauses(str(chip["text"]) for chip in lists.chips(visit, query))
    yield [_("台账"), f"{visit.title(query.view.shape)} {query.view.name}"]
    yield [_("数据截至"), moment_text(visit.at)]
    yield [_("账本位置"), str(head()[0])]
    yield [_("导出人"), visit.actor.username]
    yield [_("条数"), str(rows)]
    yield [_("筛选"), chips or _("全部")]
