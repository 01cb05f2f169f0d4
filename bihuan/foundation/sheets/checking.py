"""Check every cell of a sheet against its register and what stands there. Nothing is written.

Every value goes through `foundation.checking`, the same as a form's. Rows are compared with the tables as they are now; where rows are
to be recorded, the very action that would record them is rehearsed and undone, so that what the check lets through the ledger takes.

An empty cell says nothing: it never erases what stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bihuan.foundation.access import Actor, may
from bihuan.foundation.actions.writing import allow, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.cadences import Exchange
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.periods import Period
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import head
from bihuan.foundation.models import Upload
from bihuan.foundation.sheets.cells import Sheet
from bihuan.foundation.sheets.figure_sheets import check_figures
from bihuan.foundation.sheets.findings import Asked, Checked, Problem
from bihuan.foundation.sheets.headers import Header, Of, fields_of, find_header, names_figures
from bihuan.foundation.sheets.row_sheets import check_rows


def check(sheet: Sheet, asked: Asked, actor: Actor, at: datetime) -> Checked:
    """What recording a sheet would change, and everything that is wrong with it.

    Raises Forbidden where the actor may record nothing here, Rejected where the register, exchange or period asked for is none.
    """
    view = view_of(asked.register, at)
    exchange = exchange_of(view, asked.exchange)
    allow(may(actor, "upload", view))
    of = exchange.shape.of if exchange else _kind_of(sheet, view, asked)
    allow(may(actor, "figures" if of == "figures" else "record", view))
    fields = fields_of(view, exchange.shape if exchange else None, of)
    header = find_header(sheet, fields, _period(view, asked, of))
    checked = Checked(
        asked=asked,
        of=of,
        file=sheet.file,
        digest=sheet.digest,
        encoding=sheet.encoding,
        sheet=sheet.name,
        others=sheet.others,
        header_row=header.row,
        columns=header.columns,
        position=head()[0],
        problems=tuple(_about_the_whole(sheet, header)),
        before=_confirmed_before(asked.register, sheet.digest),
    )
    if checked.refused:
        return checked
    return (check_figures if of == "figures" else check_rows)(checked, sheet, view, actor, at)


def exchange_of(view: RegisterView, name: str) -> Item[Exchange] | None:
    """The exchange of that name, None for an empty one. Rejected where the register has none of that name."""
    found = view.exchanges.find(name) if name else None
    if name and found is None:
        known = "、".join(item.key for item in view.exchanges.values())
        raise rejected(Refused(f"{view.shape.title}没有“{name}”这张表", f"the register has no sheet “{name}”", known), "exchange", "表")
    return found


def _kind_of(sheet: Sheet, view: RegisterView, asked: Asked) -> Of:
    """Rows or figures, for a sheet of no exchange: figures where a period is chosen or a title names one."""
    if view.shape.figures is None:
        return "rows"
    return "figures" if asked.period or names_figures(sheet, fields_of(view, None, "figures")) else "rows"


def _period(view: RegisterView, asked: Asked, of: Of) -> Period | None:
    if not asked.period or of == "rows":
        return None
    try:
        return periods.parse(asked.period, view.shape.figures.every if view.shape.figures else "month")
    except Refused as why:
        raise rejected(why, "period", "期别") from why


def _confirmed_before(register: str, digest: str) -> int:
    last = Upload.objects.filter(register=register, digest=digest, state="confirmed").order_by("-seq").first()
    return last.seq if last else 0


def _about_the_whole(sheet: Sheet, header: Header) -> Iterator[Problem]:
    for complaint in header.complaints:
        yield Problem(sheet.name, complaint.cell, "", complaint.title, "", complaint.why)
    for merged in sheet.merged:
        if header.row and merged.last_row >= header.row:
            why = Refused(
                "是合并单元格，读不出每一行的值；请取消合并并逐格填写",
                "is merged, so that its rows have no values of their own; unmerge it and fill in each cell",
            )
            yield Problem(sheet.name, merged.text, "", "", "", why)
    if sheet.others:
        names, first = "、".join(sheet.others[:5]), sheet.name
        why = Refused(f"只读了工作表“{first}”，没有读：{names}", f"only worksheet “{first}” was read, not: {names}")
        yield Problem("", "", "", "", "", why, grave=False)
