"""How well documents are read: every statement and task found against a hand-made gold beside the checkout. `python -m tools.reading`.

    python -m tools.reading [FOLDER]        # FOLDER holds reading/ and sources/; ../shared by default
    python -m tools.reading --invented      # the texts of tests/computing/reading/invented instead, which carry their gold
    python -m tools.reading --errors        # each miss, each false find and each wrong field, with its quote

A statement is found where a finding within two lines carries the same number and its quote shares a fifth of its pairs of characters.
It is right where kind, measure and bound are right too. Gold rows that may be found or left out (class thresholds, ranks, attributes of
projects, plans of past years) count neither way; calling a number that states nothing a target, an actual or a rule is a false find.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bihuan.computing.reading.checking import check
from bihuan.computing.reading.commitments import tasks
from bihuan.computing.reading.notices import days_of
from bihuan.computing.reading.passages import passages
from bihuan.computing.reading.statements import statements
from tools.marked import marked

ROOT = Path(__file__).resolve().parent.parent
STATED = ("target", "actual", "rule")
EITHER_WAY = {"class-threshold", "rank", "project-attribute", "past-plan"}
Row = dict[str, Any]
Pair = tuple[int, int]


@dataclass
class Score:
    """Counts for one kind: how many the gold has, how many were found, how many of those are right."""

    gold: int = 0
    found: int = 0
    right: int = 0

    def __iadd__(self, other: Score) -> Score:
        self.gold, self.found, self.right = self.gold + other.gold, self.found + other.found, self.right + other.right
        return self

    @property
    def precision(self) -> float:
        """Right among found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Right among gold."""
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else 1.0


@dataclass
class Report:
    """What one document came to: a score for each kind, fields right among numbers found, and the errors by class."""

    kinds: dict[str, Score] = field(default_factory=lambda: {kind: Score() for kind in STATED})
    fields: Counter[str] = field(default_factory=Counter)
    errors: list[tuple[str, int, str]] = field(default_factory=list)


def read_rows(path: Path) -> list[Row]:
    """The rows of a gold file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


@dataclass(frozen=True)
class Gold:
    """One gold file with what is read in its document, as far as the gold goes."""

    document: str
    rows: list[Row]
    found: list[Row]


def golds(shared: Path, ending: str = "") -> list[Gold]:
    """The gold files of statements, or with ``ending`` ``-tasks`` those of tasks, each with what is found in its document."""
    listed = []
    for path in sorted((shared / "reading" / "gold").glob(f"*{ending}.jsonl")):
        document = path.stem.removesuffix(ending)
        source = shared / "sources" / f"{document}.txt"
        if source.exists():
            rows = read_rows(path)
            last = max(row["line"] for row in rows)
            read = passages(source.read_text("utf-8").split("\n"))
            found = [one.row() for one in (tasks(read) if ending else statements(read)) if one.line <= last]
            listed.append(Gold(document, rows, found))
    return listed


def invented() -> list[Gold]:
    """The invented texts, each with its own gold and what is found in it."""
    listed = []
    for path in sorted((ROOT / "tests" / "computing" / "reading" / "invented").glob("*.txt")):
        text, rows = marked(path.read_text("utf-8"))
        listed.append(Gold(path.stem, rows, [one.row() for one in statements(passages(text.split("\n")))]))
    return listed


def invented_tasks() -> list[Gold]:
    """The invented texts of promises, each with the promises somebody found in it: line, object, how surely it can be checked, quote."""
    listed = []
    for path in sorted((ROOT / "tests" / "computing" / "reading" / "invented_tasks").glob("*.txt")):
        promises = [line.split("|") for line in path.with_suffix(".gold").read_text("utf-8").splitlines()]
        rows = [{"line": int(line), "object": thing, "checkability": level, "quote": quote} for line, thing, level, quote in promises]
        listed.append(Gold(path.stem, rows, [one.row() for one in tasks(passages(path.read_text("utf-8").split("\n")))]))
    return listed


def likeness(one: str, other: str) -> float:
    """The share of the shorter text's pairs of characters that the longer one has too, whatever the width and the blanks."""
    left, right = (Counter(_pairs(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))) for text in (one, other))
    smaller = min(left.total(), right.total())
    return (left & right).total() / smaller if smaller else 0.0


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)] or [text]


def _amount(row: Row) -> tuple[Any, ...]:
    return (row.get("low"), row.get("high")) if row.get("low") is not None else (row.get("value"),)


def matched(gold: Sequence[Row], found: Sequence[Row], weight: Callable[[Row, Row], float]) -> list[Pair]:
    """Pairs of gold and found rows, the likeliest first, each row at most once; a weight of 0 is no pair."""
    near = [(g, f) for g in range(len(gold)) for f in range(len(found)) if abs(gold[g]["line"] - found[f]["line"]) <= 2]
    ranked = sorted(((weight(gold[g], found[f]), g, f) for g, f in near), key=lambda one: -one[0])
    left_gold, left_found, pairs = set(range(len(gold))), set(range(len(found))), []
    for likely, g, f in ranked:
        if likely > 0 and g in left_gold and f in left_found:
            left_gold.remove(g)
            left_found.remove(f)
            pairs.append((g, f))
    return pairs


def _same_number(gold: Row, found: Row) -> float:
    if _amount(gold) != _amount(found) or _amount(gold) == (None,):
        return 0.0
    alike = likeness(gold["quote"], found["quote"])
    return (1 + alike + (gold["kind"] == found["kind"])) * (alike > 0.2)


def score_statements(gold: Sequence[Row], found: Sequence[Row]) -> Report:
    """The statements found in one document against its gold."""
    report = Report()
    pairs = dict(matched(gold, found, _same_number))
    back = {f: g for g, f in pairs.items()}
    neutral = {g for g, row in enumerate(gold) if row.get("role") in EITHER_WAY}
    for g, row in enumerate(gold):
        if row["kind"] in STATED and g not in neutral:
            report.kinds[row["kind"]].gold += 1
            _compare(report, row, found[pairs[g]] if g in pairs else None)
    for f, row in enumerate(found):
        partner = back.get(f)
        if row["kind"] in STATED and partner not in neutral:
            report.kinds[row["kind"]].found += 1
            if partner is None or gold[partner]["kind"] not in STATED:
                report.errors.append((f"false {row['kind']}", row["line"], row["quote"]))
    return report


def _compare(report: Report, gold: Row, found: Row | None) -> None:
    """Add one gold row and what was found for it to the report."""
    if found is None:
        report.errors.append(("number missed", gold["line"], gold["quote"]))
        return
    report.fields["numbers"] += 1
    wrong = [name for name in ("kind", "unit", "comparator") if gold.get(name) != found.get(name)]
    if gold.get("period"):
        report.fields["dated"] += 1
        wrong += ["period"] if gold["period"] != found.get("period") else []
    report.fields.update(name for name in ("kind", "unit", "comparator") if name not in wrong)
    report.fields["period"] += bool(gold.get("period")) and "period" not in wrong
    if gold.get("subject"):
        report.fields["named"] += 1
        report.fields["alike"] += round(1000 * difflib.SequenceMatcher(None, gold["subject"], found.get("subject") or "").ratio())
    report.errors += [(f"wrong {name}", gold["line"], gold["quote"]) for name in wrong]
    report.kinds[gold["kind"]].right += not set(wrong) & {"kind", "unit", "comparator"}


def score_tasks(gold: Sequence[Row], found: Sequence[Row]) -> tuple[Score, Score, list[tuple[str, int, str]]]:
    """All tasks, and those that can certainly be checked and carry no number; with what was missed and what was found in excess."""
    pairs = matched(gold, found, lambda g, f: max(0.0, likeness(g["object"], f["object"]) - 0.5) * (likeness(g["quote"], f["quote"]) > 0.3))
    hit, used = {g for g, _ in pairs}, {f for _, f in pairs}
    sure = [g for g, row in enumerate(gold) if row["checkability"] == "high" and not row.get("also_quantified")]
    errors = [(f"task missed ({row['checkability']})", row["line"], row["object"]) for g, row in enumerate(gold) if g not in hit]
    errors += [("task in excess", row["line"], row["object"]) for f, row in enumerate(found) if f not in used]
    return Score(len(gold), len(found), len(hit)), Score(len(sure), len(sure), sum(g in hit for g in sure)), errors


@dataclass(frozen=True)
class Checked:
    """What checking the documents beside the checkout came to, against the relations known there."""

    known: int
    found: int
    verdicts: int
    alarms: list[Row]
    questions: list[Row]


def relations_found(shared: Path) -> Checked:
    """All source documents checked together; a known relation is found where the printed result and a fifth of the quote are the same."""
    sources = [(path.stem, path.read_text("utf-8").split("\n")) for path in sorted((shared / "sources").glob("*.txt"))]
    rows = [one.row() for one in check(sources)]
    gold = read_rows(shared / "reading" / "gold" / "relations.jsonl")
    pairs = matched(
        gold, rows, lambda g, f: (g["doc"] == f["doc"] and _result(g) == _result(f)) * (likeness(g["quote"], f["quote"]) > 0.2) * 1.0
    )
    right = sum(gold[g].get("agrees") == rows[f]["agrees"] for g, f in pairs)
    alarms = [row for row in rows if row["verdict"] in ("disagrees", "within rounding")]
    return Checked(len(gold), len(pairs), right, alarms, [row for row in rows if row["verdict"] == "question"])


def _result(row: Row) -> str:
    return f"{row['printed']:.3f}" if isinstance(row["printed"], int | float) else str(row["printed"])


def notices_right(shared: Path) -> tuple[int, int]:
    """How many holiday notices give exactly the days they mean, of how many."""
    listed = json.loads((shared / "reading" / "notices.json").read_text("utf-8"))
    right = sum(
        {(one.day.isoformat(), one.off) for one in days_of(notice["description"], notice["year"])}
        == {(day["date"], day["isOffDay"]) for day in notice["expected"]}
        for notice in listed
    )
    return right, len(listed)


def table(listed: Sequence[Gold]) -> Iterable[str]:
    """What statements came to in each document and in all of them, as Markdown."""
    yield "| document | kind | gold | found | right | precision | recall | F1 |"
    yield "|---|---|---|---|---|---|---|---|"
    total, fields, errors = {kind: Score() for kind in STATED}, Counter[str](), Counter[str]()
    for gold in listed:
        report = score_statements(gold.rows, gold.found)
        fields += report.fields
        errors.update(name for name, _, _ in report.errors)
        for kind, score in report.kinds.items():
            total[kind] += score
            if score.gold or score.found:
                yield _row(gold.document, kind, score)
    yield from (_row("all", kind, score) for kind, score in total.items())
    shares = [
        f"{name} {fields[name] / fields['dated' if name == 'period' else 'numbers']:.3f}"
        for name in ("kind", "unit", "comparator", "period")
    ]
    alike = f"; names alike {fields['alike'] / 1000 / fields['named']:.3f}" if fields["named"] else ""
    yield f"\nOf {fields['numbers']} numbers found: {', '.join(shares)}{alike}. Errors: {_listed(errors)}."


def promises(listed: Sequence[Gold]) -> Iterable[str]:
    """What tasks came to in each document."""
    for gold in listed:
        every, sure, missed = score_tasks(gold.rows, gold.found)
        yield f"\nTasks of {gold.document}: precision {every.precision:.3f}, recall {every.recall:.3f}, of those surely checkable"
        yield f"{sure.recall:.3f} ({sure.right} of {sure.gold}). Errors: {_listed(Counter(name for name, _, _ in missed))}."


def beyond_statements(shared: Path) -> Iterable[str]:
    """What tasks, holiday notices and relations came to in the documents beside the checkout."""
    yield from promises(golds(shared, "-tasks"))
    yield "\nHoliday notices: {} of {}.".format(*notices_right(shared))
    checked = relations_found(shared)
    yield f"\nRelations: {checked.found} of {checked.known} known ones found, {checked.verdicts} with the known verdict; not plainly in"
    yield f"agreement: {len(checked.alarms)}; questions: {len(checked.questions)}."
    yield from (f"- {row['doc']}:{row['line']} {row['verdict']}: {row['arithmetic']}" for row in [*checked.alarms, *checked.questions])


def _row(document: str, kind: str, score: Score) -> str:
    numbers = f"{score.gold} | {score.found} | {score.right} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f}"
    return f"| {document} | {kind} | {numbers} |"


def _listed(errors: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(errors.items())) or "none"


def every_error(listed: Sequence[Gold], promised: Sequence[Gold] = ()) -> Iterable[str]:
    """Each error with its place and quote."""
    for gold in listed:
        yield from (f"{gold.document}:{line}  {name}  {quote}" for name, line, quote in score_statements(gold.rows, gold.found).errors)
    for gold in promised:
        yield from (f"{gold.document}:{line}  {name}  {thing}" for name, line, thing in score_tasks(gold.rows, gold.found)[2])


def main() -> int:
    """Print the table, or every error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--invented", action="store_true")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    if options.invented:
        listed, promised = invented(), invented_tasks()
        print("\n".join(every_error(listed, promised) if options.errors else [*table(listed), *promises(promised)]))
        return 0
    if not (options.shared / "reading" / "gold").is_dir():
        print(f"{options.shared} holds no reading/gold: there is nothing to compare with")
        return 2
    listed = golds(options.shared)
    if options.errors:
        print("\n".join(every_error(listed, golds(options.shared, "-tasks"))))
    else:
        print("\n".join([*table(listed), *beyond_statements(options.shared)]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
