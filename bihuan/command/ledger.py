"""`bihuan verify` and `bihuan replay`: is the ledger whole, and do the tables say what it says?"""

from argparse import Namespace
from pathlib import Path

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, REFUSED, Refused, print_json
from bihuan.foundation import replaying, triggers
from bihuan.foundation import verify as verifying
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import seal
from bihuan.foundation.ledger import Checkpoint, LedgerRefused, read_checkpoint
from bihuan.foundation.replaying import Comparison
from bihuan.foundation.verify import Report


def verify(options: Namespace) -> int:
    """Verify the chain, against a checkpoint kept outside where one is given, and write a new checkpoint where one is asked for."""
    known = _checkpoint_in(Path(options.checkpoint)) if options.checkpoint else None
    report = verifying.verify(known)
    guarded = triggers.stand()
    if options.format == "json":
        findings = [vars(finding) for finding in report.findings]
        print_json({"size": report.size, "head": report.head, "sound": report.sound, "append_only": guarded, "findings": findings})
    else:
        _print_report(report, known)
        if not guarded:
            print(say("数据库里的只增触发器不见了。请执行：bihuan migrate", "The append-only triggers are gone from the database."))
    if not report.sound or not guarded:
        return PROBLEMS
    if options.write_checkpoint:
        _write(Path(options.write_checkpoint))
    return OK


def replay(options: Namespace) -> int:
    """Replay the ledger aside and compare every field; with --rebuild put what it says in place of what the tables hold."""
    rebuilding = bool(options.rebuild)
    report = verifying.verify()
    if not report.sound:
        _print_report(report, None)
        zh, en = "账本本身不完整，不能据以重放或重建。", "The ledger itself is not sound; nothing is replayed or rebuilt from it."
        raise Refused(zh, en, REFUSED if rebuilding else PROBLEMS)
    comparison = replaying.rebuild(clock.now()) if rebuilding else replaying.compare()
    if options.format == "json":
        differences = [vars(difference) for difference in comparison.differences]
        print_json({
            "entries": comparison.entries, "rows": comparison.rows, "count": comparison.count,
            "differences": differences, "rebuilt": rebuilding,
        })  # fmt: skip
    else:
        _print_comparison(comparison)
        if rebuilding:
            print(say("已按账本重建全部表。", "All tables were rebuilt from the ledger."))
    return OK if rebuilding or not comparison.count else PROBLEMS


def _checkpoint_in(path: Path) -> Checkpoint:
    try:
        return read_checkpoint(path.read_text("utf-8"))
    except OSError as error:
        raise Refused(f"读不到检查点 {path}：{error.strerror}", f"Cannot read the checkpoint {path}: {error.strerror}") from error
    except (LedgerRefused, UnicodeDecodeError) as error:
        raise Refused(f"{path} 不是检查点：{error}", f"{path} is no checkpoint: {error}") from error


def _write(path: Path) -> None:
    if path.exists():
        raise Refused(f"{path} 已经存在；检查点不覆盖旧的。", f"{path} exists; a checkpoint does not replace an older one.")
    made = seal(SYSTEM, clock.now())
    path.write_text(made.text(), "utf-8")
    print(say(f"检查点已写入 {path}（{made.size} 条）。请存放到本系统之外。", f"Checkpoint of {made.size} entries in {path}. Keep it elsewhere."))


def _print_report(report: Report, known: Checkpoint | None) -> None:
    for finding in report.findings:
        print(say(finding.what, finding.what_en))
    if not report.sound:
        print(say(f"账本有误，最早在第 {report.first_bad} 条。", f"The ledger is not sound; the first fault is at entry {report.first_bad}."))
        return
    print(say(f"账本完整：{report.size} 条，链首尾相接。", f"The ledger is sound: {report.size} entries, one chain."))
    print(f"  {report.head}")
    if known:
        print(say(f"与检查点（{known.size} 条）一致。", f"It agrees with the checkpoint of {known.size} entries."))
    if report.uncovered:
        zh = f"最后 {report.uncovered} 条还没有检查点保护：若有人连同哈希一起改写，本机查不出来。"
        en = f"No checkpoint covers the last {report.uncovered} entries: if somebody rewrote them with their hashes, this cannot tell."
        print(say(zh, en))


def _print_comparison(comparison: Comparison) -> None:
    for one in comparison.differences:
        where = f"{one.table}  {one.row}  {one.field}".strip()
        print(say(f"{where}：账本 {one.ledger}，表中 {one.found}", f"{where}: ledger {one.ledger}, table {one.found}"))
    zh = f"重放 {comparison.entries} 条，比对 {comparison.rows} 行，{comparison.count} 处不同。"
    en = f"Replayed {comparison.entries} entries, compared {comparison.rows} rows, found {comparison.count} differences."
    print(say(zh, en))
