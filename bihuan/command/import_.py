"""`bihuan import`: check a sheet and print what it would change; with `--confirm` record it."""

from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, Refused, print_json
from bihuan.command.people import actor_named
from bihuan.computing.follow import catch_up
from bihuan.foundation.access import Actor
from bihuan.foundation.actions import Forbidden, Rejected, receive_upload, settle_upload
from bihuan.foundation.sheets.cells import LIMITS, Sheet, Unreadable
from bihuan.foundation.sheets.checking import check
from bihuan.foundation.sheets.confirming import ANY_COLUMNS, Agreed, Confirmed, NotConfirmed, confirm
from bihuan.foundation.sheets.findings import Asked, Checked
from bihuan.foundation.sheets.reading import read_sheet

MOST = 50
"""So many changes and problems are printed; the rest are counted."""


def import_sheet(options: Namespace) -> int:
    """Print what a sheet would change and what is wrong with it; exit 1 with problems. Only `--confirm` writes, all of it or nothing."""
    actor, at, path = actor_named(options.member), clock.now(), Path(options.sheet)
    asked = Asked(options.register, options.exchange, options.period)
    try:
        sheet = read_sheet(path)
        checked = check(sheet, asked, actor, at)
        confirmed = _confirm(path, asked, Agreed(checked.fingerprint, options.reason), actor, at) if _wanted(options, checked) else None
    except Unreadable as error:
        raise Refused(f"{path.name}：{error.text('zh')}", f"{path.name}: {error.text('en')}", PROBLEMS) from error
    except Forbidden as error:
        raise Refused(error.decision.reason, error.decision.reason_en) from error
    except Rejected as error:
        raise Refused("\n".join(r.text("zh") for r in error.refusals), "\n".join(r.text("en") for r in error.refusals), PROBLEMS) from error
    except NotConfirmed as error:
        raise Refused(*error.reasons()) from error
    if options.format == "json":
        print_json(described(checked, confirmed))
    else:
        _print(sheet, checked, confirmed)
    return PROBLEMS if checked.refused else OK


def _wanted(options: Namespace, checked: Checked) -> bool:
    return bool(options.confirm and not checked.refused and checked.changes)


def _confirm(path: Path, asked: Asked, agreed: Agreed, actor: Actor, at: datetime) -> Confirmed:
    upload = receive_upload(actor, asked.register, asked.exchange or ANY_COLUMNS, path.name, path.read_bytes()[: LIMITS.size + 1], at)
    try:
        confirmed = confirm(upload, asked, agreed, actor, at)
    except (NotConfirmed, Rejected, Forbidden):
        settle_upload(actor, upload.pk, 0, at)
        raise
    catch_up(at)
    return confirmed


def described(checked: Checked, confirmed: Confirmed | None) -> dict[str, Any]:
    """What was found and done, for a program."""
    return {
        "file": checked.file,
        "digest": checked.digest,
        "encoding": checked.encoding,
        "counts": vars(checked.counts),
        "problems": [
            {"cell": one.cell, "row": one.row, "column": one.column, "grave": one.grave, "zh": one.text("zh"), "en": one.text("en")}
            for one in checked.problems
        ],
        "changes": [
            {"row": one.row, "field": one.field, "period": one.period, "old": one.old, "new": one.new, "cell": one.cell}
            for one in checked.changes
        ],
        "events": [confirmed.first, confirmed.last] if confirmed else [],
    }


def _print(sheet: Sheet, checked: Checked, confirmed: Confirmed | None) -> None:
    language = say("zh", "en")
    encoding = say(f"，编码 {sheet.encoding}", f", in {sheet.encoding}") if sheet.encoding else ""
    print(f"{sheet.file}  sha256 {sheet.digest[:16]}…{encoding}")
    for problem in checked.problems[:MOST]:
        print(f"  {say('拒收', 'refused') if problem.grave else say('提醒', 'note')}  {problem.text(language)}")
    _print_rest(len(checked.problems))
    for change in checked.changes[:MOST]:
        period = f" {change.period}" if change.period else ""
        print(f"  {change.cell}  {change.row} {change.shape.title}{period}  {change.old_text(language)} → {change.new_text(language)}")
    _print_rest(len(checked.changes))
    counts = checked.counts
    print(
        say(
            f"新增 {counts.new} 行，变更 {counts.changed} 行，未变 {counts.same} 行，拒收 {counts.refused} 行",
            f"{counts.new} rows new, {counts.changed} changed, {counts.same} unchanged, {counts.refused} refused",
        )
    )
    print(_ending(checked, confirmed))


def _print_rest(count: int) -> None:
    if count > MOST:
        print(say(f"  另有 {count - MOST} 处", f"  and {count - MOST} more"))


def _ending(checked: Checked, confirmed: Confirmed | None) -> str:
    if confirmed:
        return say(
            f"已入账：账本第 {confirmed.first}–{confirmed.last} 条", f"Recorded: entries {confirmed.first}–{confirmed.last} of the ledger"
        )
    if checked.refused:
        return say("什么都没有写入；改好后再来", "Nothing was written; put it right and come again")
    if not checked.changes:
        return say("与台账一致，无需入账", "Everything stands already; there is nothing to record")
    return say("还没有写入；加上 --confirm 入账", "Nothing was written yet; add --confirm to record it")
