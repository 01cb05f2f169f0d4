"""`bihuan export`: write the rows or figures of a register into a sheet that can be imported again, or an empty form."""

import os
from argparse import Namespace
from pathlib import Path
from tempfile import NamedTemporaryFile

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, Refused
from bihuan.command.people import actor_named
from bihuan.foundation.actions import Forbidden, Rejected
from bihuan.foundation.sheets.writing import Kind, Wanted, blank_form
from bihuan.foundation.sheets.writing import export_sheet as write_sheet


def export_sheet(options: Namespace) -> int:
    """Write the file whole or not at all: an interrupted export leaves what was there before."""
    path, actor, at = Path(options.out), actor_named(options.member), clock.now()
    kind = _kind(path)
    columns = tuple(filter(None, (key.strip() for key in options.columns.split(","))))
    wanted = Wanted(options.register, options.exchange, columns, tuple(options.period))
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            draft = Path(file.name)
            try:
                if options.blank:
                    count = 0
                    blank_form(file, options.register, options.exchange, actor, at, next(iter(options.period), ""))
                else:
                    count = write_sheet(file, wanted, actor, at, kind)
                file.flush()
                os.fsync(file.fileno())
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(f"写不了 {path}：{error.strerror}", f"Cannot write {path}: {error.strerror}") from error
    except Forbidden as error:
        raise Refused(error.decision.reason, error.decision.reason_en) from error
    except Rejected as error:
        raise Refused("\n".join(r.text("zh") for r in error.refusals), "\n".join(r.text("en") for r in error.refusals), PROBLEMS) from error
    print(say(f"{path}：空表", f"{path}: an empty form") if options.blank else say(f"{path}：{count} 行", f"{path}: {count} rows"))
    return OK


def _kind(path: Path) -> Kind:
    if path.suffix.lower() == ".xlsx":
        return "xlsx"
    if path.suffix.lower() == ".csv":
        return "csv"
    raise Refused(f"--out {path.name} 须以 .xlsx 或 .csv 结尾", f"--out {path.name} must end in .xlsx or .csv")
