"""`bihuan published`: do the city's published figures agree with one another?"""

from argparse import Namespace
from collections.abc import Sequence

from bihuan.academy.published_checks import VERDICTS, Finding, Verdict, counts, evaluate
from bihuan.academy.published_words import described, explain
from bihuan.command.language import say
from bihuan.command.outcomes import OK, print_json

VERDICT_WORDS: dict[Verdict, tuple[str, str]] = {
    "agree": ("一致", "agree"),
    "disagree": ("不一致", "disagree"),
    "suspect": ("存疑", "suspect"),
    "derived": ("推算（无公布值可比）", "derived (nothing published to compare)"),
}


def published(options: Namespace) -> int:
    """Compute all relations between published figures and print what agrees and what does not.

    The verdicts are about the documents, so finding disagreements is a success: the exit code is 0.
    """
    findings = evaluate()
    if options.format == "json":
        print_json({"counts": counts(findings), "relations": [described(finding) for finding in findings]})
    else:
        _print(findings)
    return OK


def _print(findings: Sequence[Finding]) -> None:
    """The findings by verdict, the ones to look at last, then the counts."""
    for verdict in sorted(VERDICTS, key=("derived", "agree", "suspect", "disagree").index):
        chosen = [finding for finding in findings if finding.verdict == verdict]
        print(f"\n{say(*VERDICT_WORDS[verdict])} {len(chosen)}")
        for finding in chosen:
            _print_one(finding)
    found = counts(findings)
    print("\n" + say("；", "; ").join(f"{say(*VERDICT_WORDS[verdict])} {found[verdict]}" for verdict in VERDICTS))


def _print_one(finding: Finding) -> None:
    relation = finding.relation
    print(f"  {relation.id}  {say(relation.name, relation.name_en)}")
    print(f"        {say(*explain(finding))}{say('。', '.')}{say(relation.note, relation.note_en and f' {relation.note_en}')}")
    print(f"        {say('来源', 'printed in')} {' '.join(finding.sources)}")
