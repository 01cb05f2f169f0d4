"""`bihuan plan` and `bihuan adopt`: what a changed pack would move, and making it count from a day."""

from argparse import Namespace
from datetime import date
from pathlib import Path

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, Refused, print_json
from bihuan.foundation import loading
from bihuan.foundation.access import Actor, actor_of
from bihuan.foundation.actions import Forbidden, Rejected
from bihuan.foundation.actions import adopt as adopting
from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.packs import Pack, load_pack
from bihuan.foundation.grammar.shape import first_day
from bihuan.foundation.loading import Plan
from bihuan.foundation.models import Member, PackVersion


def plan(options: Namespace) -> int:
    """Show what adopting a pack would change: which changes can move a number, and which are words only. Nothing is written."""
    pack = read_pack_named(options.pack)
    try:
        found = loading.plan(pack, _since(options.since, pack))
    except PackError as error:
        return _print_problems(error)
    if options.format == "json":
        changes = [
            {"mechanism": key, "path": list(change.path), "moves_numbers": change.number, "zh": change.zh, "en": change.en}
            for key, several in found.changes.items()
            for change in several
        ]
        print_json({"pack": found.pack, "since": found.since.isoformat(), "number": found.number, "changes": changes})
    else:
        _print_plan(found)
    return OK


def adopt(options: Namespace) -> int:
    """Record a pack's files and the day from which they count."""
    pack = read_pack_named(options.pack)
    since = _since(options.since, pack)
    try:
        adopting(_actor(options.by), pack.files, since, clock.now())
    except PackError as error:
        return _print_problems(error)
    except Forbidden as error:
        raise Refused(f"{options.by} 不能决定此事：{error.decision.reason}", f"{options.by} may not: {error.decision.reason_en}") from error
    except Rejected as error:
        raise Refused("\n".join(r.text("zh") for r in error.refusals), "\n".join(r.text("en") for r in error.refusals)) from error
    number = PackVersion.objects.filter(pack=pack.key).order_by("-number").values_list("number", flat=True).first()
    print(say(f"{pack.head.title} 第 {number} 版自 {since} 起适用。", f"Version {number} of {pack.key} counts from {since}."))
    return OK


def read_pack_named(written: str) -> Pack:
    """The pack in a folder, or one that came with Bihuan, by its key."""
    folder = Path(written) if Path(written).is_dir() else loading.shipped().get(written)
    if folder is None:
        known = "、".join(loading.shipped())
        raise Refused(f"没有应用包目录 {written}；随系统安装的有：{known}", f"There is no pack {written}; installed are: {known}")
    try:
        return load_pack(folder)
    except PackError as error:
        texts = [(problem.text("zh"), problem.text("en")) for problem in error.problems]
        raise Refused("\n".join(zh for zh, _ in texts), "\n".join(en for _, en in texts), PROBLEMS) from error


def _since(written: str | None, pack: Pack) -> date:
    if not written:
        adopted = PackVersion.objects.filter(pack=pack.key).exists()
        return clock.today() if adopted else first_day(pack.head.in_force)
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Refused(f"--from {written} 不是日期，例：--from 2025-01-01", f"--from {written} is not a date; write --from 2025-01-01") from error


def _actor(username: str) -> Actor:
    member = Member.objects.filter(pk=username).first()
    if member is None:
        raise Refused(f"没有账号 {username}", f"There is no account {username}")
    return actor_of(member)


def _print_problems(error: PackError) -> int:
    for problem in error.problems:
        print(say(problem.text("zh"), problem.text("en")))
    return PROBLEMS


def _print_plan(found: Plan) -> None:
    print(say(f"{found.pack} 第 {found.number} 版，自 {found.since} 起", f"{found.pack} version {found.number}, from {found.since}"))
    if not found.changes:
        print(say("与现行版本没有不同。", "Nothing differs from the version in force."))
    for key, changes in found.changes.items():
        print(f"\n{key or 'pack.yaml'}")
        for change in changes:
            kind = say("影响数值", "number") if change.number else say("只改文字", "words ")
            print(f"  [{kind}] {say(change.zh, change.en)}")
