"""`bihuan read` and `bihuan check`: what documents state and promise, and whether their numbers agree with one another."""

import json
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from bihuan.command.language import say
from bihuan.command.outcomes import OK, USAGE, Refused
from bihuan.command.proposing import propose
from bihuan.command.site import open_site
from bihuan.computing.reading.checking import check as check_documents
from bihuan.computing.reading.commitments import Task, tasks
from bihuan.computing.reading.documents import Document, read_document
from bihuan.computing.reading.notices import days_of
from bihuan.computing.reading.passages import passages
from bihuan.computing.reading.relations import Relation
from bihuan.computing.reading.rounding import Verdict
from bihuan.computing.reading.statements import Statement, statements
from bihuan.foundation.sheets.cells import Unreadable

KINDS = {"target": ("目标", "target"), "actual": ("实绩", "actual"), "rule": ("规定", "rule"), "other": ("其他", "other")}
VERDICTS: dict[Verdict, tuple[str, str]] = {
    "disagrees": ("不一致", "disagrees"),
    "question": ("存疑", "question"),
    "within rounding": ("原数四舍五入前可以得出", "agrees within the rounding of the operands"),
    "agrees": ("一致", "agrees"),
}


def read(options: Namespace) -> int:
    """Print what a document states, or with --tasks what it promises without a number, or with --holidays the days of a notice.

    With --into it is kept and recorded instead, which needs the site.
    """
    if options.propose and (options.into or options.tasks or options.holidays):
        raise Refused(
            "--propose 只给带数字的语句附上模型的提议，不能与 --into、--tasks、--holidays 同用：提议不入台账。例：bihuan read 报告.docx --propose",
            "--propose only adds a model's proposals to the statements with numbers and goes with none of --into, --tasks, --holidays: "
            "proposals are not recorded. Example: bihuan read report.docx --propose",
            USAGE,
        )
    if options.into:
        open_site()
        return int(import_module("bihuan.command.reading_in").read_into(options))
    document = opened(options.file)
    if options.holidays:
        days = days_of("\n".join(document.lines), options.holidays)
        _print(options.format, ({"date": one.day.isoformat(), "off": one.off} for one in days), lambda: _print_days(days))
    elif options.tasks:
        promised = tasks(passages(document.lines))
        _print(options.format, (task.row() for task in promised), lambda: _print_tasks(promised))
    else:
        found = statements(passages(document.lines))
        _print(options.format, (statement.row() for statement in found), lambda: _print_statements(found))
        if options.propose:
            propose(options, found)
    return OK


def opened(name: str) -> Document:
    """The document of a file; what was odd about it is said on standard error. Raises Refused where it cannot be read."""
    try:
        document = read_document(Path(name))
    except Unreadable as refusal:
        raise Refused(f"{name}：{refusal.text('zh')}", f"{name}: {refusal.text('en')}") from refusal
    if document.note[0]:
        sys.stderr.write(f"{name}: {say(*document.note)}\n")
    return document


def _print(form: str, rows: Iterable[dict[str, Any]], for_people: Any) -> None:
    if form == "text":
        for_people()
        return
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def _print_statements(found: Sequence[Statement]) -> None:
    """The statements by line, then how many of each kind."""
    counted = [one for one in found if one.kind != "other"]
    for one in counted:
        row = one.row()
        amount = f"{row['low']}—{row['high']}" if "low" in row else f"{row['value']}"
        sign = "" if row["comparator"] == "=" else row["comparator"]
        print(
            f"{one.line:>5}  {say(*KINDS[one.kind])}  {sign}{amount}{row['unit']}  {row['period'] or say('未写时间', 'no period')}  {one.quote}"
        )
    kinds = Counter(one.kind for one in found)
    print(say("；", "; ").join(f"{say(*names)} {kinds[kind]}" for kind, names in KINDS.items()))
    if not counted:
        print(say("没有读到带数字的目标或实绩。", "No target or actual with a number was found."))


def _print_tasks(promised: Sequence[Task]) -> None:
    for task in promised:
        print(f"{task.line:>5}  {task.action}  {task.object}  {task.period or say('未写时间', 'no period')}  {task.org}".rstrip())
    print(say(f"可核对的任务 {len(promised)} 件", f"{len(promised)} checkable task(s)"))


def _print_days(days: Iterable[Any]) -> None:
    for one in days:
        print(f"{one.day.isoformat()}  {say('放假', 'off') if one.off else say('上班', 'worked')}")


def check(options: Namespace) -> int:
    """Print the relations among the printed numbers of one or more documents, those to look at first.

    The verdicts are about the documents, so finding disagreements is a success: the exit code is 0.
    """
    names = [Path(name).name for name in options.files]
    found = check_documents([(name, opened(path).lines) for name, path in zip(names, options.files, strict=True)])
    if options.format == "jsonl":
        for relation in found:
            sys.stdout.write(json.dumps(relation.row(), ensure_ascii=False) + "\n")
        return OK
    for verdict, words in VERDICTS.items():
        chosen = [relation for relation in found if relation.verdict == verdict]
        print(f"{say(*words)} {len(chosen)}")
        for relation in chosen:
            _print_relation(relation)
    if not found:
        print(say("没有找到可以核对的数字关系。", "No relation among numbers was found that could be checked."))
    return OK


def _print_relation(relation: Relation) -> None:
    print(f"  {relation.place}  {relation.place.quote}")
    print(f"        {say(*relation.arithmetic)}")
    if relation.others:
        print(f"        {say('另见', 'see')} {'，'.join(f'{one} {one.quote}' for one in relation.others)}")
