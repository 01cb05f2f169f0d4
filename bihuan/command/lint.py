"""`bihuan lint`: are packs well written? Needs no site, no database and no settings."""

import os
from argparse import Namespace
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from bihuan import environment
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, USAGE, Refused, print_json
from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.lint import Finding, lint
from bihuan.foundation.grammar.packs import HEAD, Pack, load_pack

CITY_TIME = ZoneInfo("Asia/Shanghai")


def lint_packs(options: Namespace) -> int:
    """Hold packs against the house rules and print what offends them; exit code 1 where something must be put right."""
    shipped = shipped_folders()
    folders = folders_of(options.packs, shipped) if options.packs else list(shipped.values())
    packs, findings = _loaded(folders)
    others, _ = _loaded([folder for folder in shipped.values() if folder not in folders])
    findings += lint(packs, _today(), among=others)
    wrong = [finding for finding in findings if not finding.advice]
    if options.format == "json":
        print_json({"packs": [folder.name for folder in folders], "findings": [_described(finding) for finding in findings]})
    else:
        _print(findings, len(folders), len(wrong))
    return PROBLEMS if wrong else OK


def shipped_folders() -> dict[str, Path]:
    """The folders of the packs that come with Bihuan, by name."""
    root = Path(str(files("bihuan.applications"))).resolve()
    return {folder.name: folder for folder in sorted(root.iterdir()) if (folder / HEAD).is_file()}


def folders_of(words: Sequence[str], shipped: dict[str, Path]) -> list[Path]:
    """The pack folders that words name: a folder with pack.yaml, a folder of such folders, or the key of a shipped pack."""
    found: list[Path] = []
    for word in words:
        path = Path(word)
        inside = sorted(folder for folder in path.iterdir() if (folder / HEAD).is_file()) if path.is_dir() else []
        if (path / HEAD).is_file():
            found.append(path.resolve())
        elif inside:
            found.extend(folder.resolve() for folder in inside)
        elif word in shipped:
            found.append(shipped[word])
        else:
            raise Refused(
                f"{word} 里没有 {HEAD}，也没有叫这个名字的应用包。例：bihuan lint bihuan/applications/major_projects",
                f"there is no {HEAD} in {word}, and no pack of that name. For example: bihuan lint bihuan/applications/major_projects", USAGE,
            )  # fmt: skip
    return list(dict.fromkeys(found))


def _loaded(folders: Iterable[Path]) -> tuple[list[Pack], list[Finding]]:
    packs: list[Pack] = []
    findings: list[Finding] = []
    for folder in folders:
        try:
            packs.append(load_pack(folder))
        except PackError as error:
            findings.extend(Finding(problem, advice=False) for problem in error.problems)
    return packs, findings


def _today() -> date:
    """The city's day: the holiday tables are checked from it on."""
    return environment.TODAY.read(os.environ) or datetime.now(CITY_TIME).date()


def _described(finding: Finding) -> dict[str, object]:
    problem = finding.problem
    return {
        "rule": problem.rule, "advice": finding.advice, "file": problem.place.file, "line": problem.place.line, "key": problem.place.key,
        "zh": {"what": problem.what, "why": problem.why}, "en": {"what": problem.what_en, "why": problem.why_en}, "example": problem.example,
    }  # fmt: skip


def _print(findings: Sequence[Finding], packs: int, wrong: int) -> None:
    for finding in findings:
        head = say("提醒 ", "advice ") if finding.advice else ""
        print(head + finding.problem.text(say("zh", "en")) + "\n")
    advice = len(findings) - wrong
    print(say(f"{packs} 个应用包：{wrong} 处要改，{advice} 处提醒", f"{packs} pack(s): {wrong} to put right, {advice} piece(s) of advice"))
