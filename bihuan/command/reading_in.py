"""`bihuan read FILE --into REGISTER`: keep the document and record what is found in it, for people to look at beside the text."""

from argparse import Namespace
from pathlib import Path

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, USAGE, Refused
from bihuan.command.people import actor_named
from bihuan.computing.follow import catch_up
from bihuan.computing.read_in import place_of, read_in
from bihuan.foundation import loading
from bihuan.foundation.actions import Forbidden, Rejected
from bihuan.foundation.actions.uploads import LARGEST_FILE
from bihuan.foundation.sheets.cells import Unreadable


def read_into(options: Namespace) -> int:
    """Read the file into the register, as the member named; says how many findings wait. All of it is recorded, or nothing."""
    at = clock.now()
    view = loading.catalogue(at.date()).registers.get(options.into)
    place = place_of(loading.catalogue(at.date()), view) if view else None
    if place is None:
        raise Refused(f"不能把文件读入 {options.into}：没有这个台账，或它没有 read_in", f"No document can be read into {options.into}: there is no such register, or it has no read_in", USAGE)
    path, actor = Path(options.file), actor_named(options.member)
    about: dict[str, object] = dict(one.partition("=")[::2] for one in options.set)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        entry, count = read_in(actor, place, about, path.name, content, at)
    except OSError as error:
        raise Refused(f"打不开文件 {path}：{error.strerror}", f"Cannot open {path}: {error.strerror}") from error
    except Unreadable as error:
        raise Refused(f"{path.name}：{error.text('zh')}", f"{path.name}: {error.text('en')}", PROBLEMS) from error
    except Forbidden as error:
        raise Refused(error.decision.reason, error.decision.reason_en) from error
    except Rejected as error:
        raise Refused("\n".join(r.text("zh") for r in error.refusals), "\n".join(r.text("en") for r in error.refusals), PROBLEMS) from error
    catch_up(at)
    print(say(f"{entry.key} {entry.title}：读出 {count} 条，等待核对", f"{entry.key} {entry.title}: {count} found, waiting to be looked at"))
    return OK
