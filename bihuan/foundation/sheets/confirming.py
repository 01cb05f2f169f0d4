"""Record a sheet that was checked and agreed to: all of it in one transaction, or nothing.

The sheet is checked again under the ledger's lock. Where that finds a problem, or other changes than were agreed to because the
register moved on meanwhile, nothing is written and the new findings are handed back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bihuan.foundation.access import Actor
from bihuan.foundation.actions.changing import change_entries
from bihuan.foundation.actions.entries import record_entries
from bihuan.foundation.actions.figures import FigureGiven, record_figures
from bihuan.foundation.actions.uploads import content_of, settle_upload
from bihuan.foundation.actions.writing import Source
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.ledger import head, writing
from bihuan.foundation.models import Upload
from bihuan.foundation.sheets.cells import Sheet
from bihuan.foundation.sheets.checking import check
from bihuan.foundation.sheets.findings import Asked, Change, Checked
from bihuan.foundation.sheets.reading import read_sheet
from bihuan.foundation.sheets.row_sheets import edits_of
from bihuan.foundation.sheets.values import as_typed

ANY_COLUMNS = "*"
"""What an upload has for its exchange where the titles of the sheet decide about its columns."""


class NotConfirmed(Exception):
    """Nothing was written: `checked` says what is wrong now, or, where nothing is, that the register moved on since it was agreed to."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        zh, en = self.reasons()
        super().__init__(f"{zh}\n{en}")

    def reasons(self) -> tuple[str, str]:
        """Why, in both languages."""
        if self.checked.refused:
            return "表里有不能入账的地方，什么都没有写入。", "The sheet has problems; nothing was written."
        return (
            "核对之后台账有变动，请再看一遍变化后确认。",
            "The register changed since the check; look at the changes again, then confirm.",
        )


@dataclass(frozen=True)
class Agreed:
    """What somebody agreed to: the fingerprint of the findings they saw (empty: whatever the check finds), and a reason where one is needed."""

    fingerprint: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Confirmed:
    """What was recorded: the findings, and the first and last number of the ledger's entries (0, 0 where everything stood already)."""

    checked: Checked
    first: int
    last: int


def confirm(upload: Upload, asked: Asked, agreed: Agreed, actor: Actor, at: datetime) -> Confirmed:
    """Record a waiting upload's sheet.

    Raises NotConfirmed, Unreadable, Forbidden; Rejected where the upload was dealt with already, belongs to another register or
    exchange, or a frozen period needs a reason. The same sheet a second time finds nothing to change and writes no figures.
    """
    if (upload.register, upload.exchange, upload.state) != (asked.register, asked.exchange or ANY_COLUMNS, "waiting"):
        raise rejected(
            Refused("这张表已经处理过，或是为别的台账上传的", "the sheet was dealt with already, or sent for another register"),
            "sheet",
            "表",
        )
    sheet = read_sheet(_content(upload), upload.name)
    with writing():
        checked = check(sheet, asked, actor, at)
        if checked.refused or (agreed.fingerprint and agreed.fingerprint != checked.fingerprint):
            raise NotConfirmed(checked)
        before = head()[0]
        _record(checked, sheet, upload, agreed, actor, at)
        last = head()[0]
        settle_upload(actor, upload.pk, checked.counts.new + checked.counts.changed, at)
    return Confirmed(checked, before + 1, last) if last > before else Confirmed(checked, 0, 0)


def _content(upload: Upload) -> bytes:
    try:
        return content_of(upload)
    except (OSError, ValueError) as error:
        raise rejected(
            Refused("存放的原文件不在了或被改动，请重新上传", "the file kept is gone or was changed; send it again"), "sheet", "表"
        ) from error


def _record(checked: Checked, sheet: Sheet, upload: Upload, agreed: Agreed, actor: Actor, at: datetime) -> None:
    named = {"name": upload.name, "digest": upload.digest, "encoding": sheet.encoding}
    file = {name: value for name, value in named.items() if value}
    source = Source(upload=upload.pk, sheet=sheet.name, reason=agreed.reason, file=file)
    register = checked.asked.register
    if checked.of == "figures" and checked.changes:
        record_figures(actor, register, [_figure(change) for change in checked.changes], at, source)
    if checked.fresh:
        record_entries(actor, register, checked.fresh, at, source)
    if checked.edits:
        change_entries(actor, register, edits_of(checked.edits), at, source)


def _figure(change: Change) -> FigureGiven:
    new, old = change.new, change.old
    value = as_typed(new, measure_of(change.shape)) if isinstance(new, int) else new
    return FigureGiven(change.row, change.field, change.period, value, change.cell, old if isinstance(old, int) else None)
