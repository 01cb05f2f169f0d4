"""The worked examples of packs, run and told: what was expected beside what came out."""

import argparse
import logging
from collections.abc import Sequence
from typing import Any

from django.core.management import call_command

from bihuan.command.language import say
from bihuan.command.lint import folders_of, shipped_folders
from bihuan.command.outcomes import OK, PROBLEMS, Refused, print_json
from bihuan.computing.examples import Outcome, run_examples
from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.packs import load_pack


def run(options: argparse.Namespace) -> int:
    """Run the examples of the packs that are named, among those shipped with Bihuan."""
    logging.getLogger("bihuan").setLevel(logging.CRITICAL)  # a row that must be refused is no news
    call_command("migrate", interactive=False, verbosity=0)
    shipped = shipped_folders()
    folders = folders_of(options.packs, shipped) if options.packs else list(shipped.values())
    try:
        packs = [load_pack(folder) for folder in folders]
        others = [load_pack(folder) for folder in shipped.values() if folder not in folders]
        outcomes = list(run_examples(packs, others))
    except PackError as error:
        zh, en = ("\n".join(problem.text(language) for problem in error.problems) for language in ("zh", "en"))
        raise Refused(zh, en) from error
    wrong = [outcome for outcome in outcomes if not outcome.passed]
    if options.format == "json":
        print_json([_described(outcome) for outcome in outcomes])
    else:
        _print(outcomes, wrong)
    return PROBLEMS if wrong else OK


def _described(outcome: Outcome) -> dict[str, Any]:
    place = outcome.worked.place()
    return {
        "pack": outcome.pack, "example": outcome.worked.shape.example, "mechanism": outcome.worked.shape.mechanism, "file": place.file,
        "line": place.line, "passed": outcome.passed, "wrong": list(outcome.wrong),
    }  # fmt: skip


def _print(outcomes: Sequence[Outcome], wrong: Sequence[Outcome]) -> None:
    for outcome in wrong:
        place = outcome.worked.place()
        print(f"✗ {place.file}:{place.line}  {outcome.worked.shape.example}")
        for line in outcome.wrong:
            print(f"    {line}")
    passed = len(outcomes) - len(wrong)
    print(say(f"{len(outcomes)} 个算例，{passed} 个符合，{len(wrong)} 个不符", f"{len(outcomes)} examples: {passed} as written, {len(wrong)} not"))
