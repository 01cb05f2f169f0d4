"""Is the ledger as it was written? Numbers without a gap, canonical text, hashes, the chain, and a checkpoint kept outside.

What this finds by itself: every change, removal, insertion and exchange of entries by somebody who did not compute all later
hashes again. Who did compute them again, or put an old copy back, is found only with a checkpoint that was kept elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bihuan.foundation.ledger import START, Checkpoint, New, digest, is_canonical, text_of
from bihuan.foundation.models import Event
from bihuan.foundation.private import broken

BATCH = 5_000
MOST_FINDINGS = 20
COLUMNS = ("seq", "at", "actor", "kind", "register", "entry", "body", "prev", "hash", "algorithm")


@dataclass(frozen=True)
class Finding:
    """Something wrong at an entry of the ledger (0: with the ledger as a whole)."""

    seq: int
    what: str
    what_en: str


@dataclass
class Report:
    """The ledger's size and head as found, what is wrong, and how many entries no checkpoint covers yet."""

    size: int = 0
    head: str = START
    findings: list[Finding] = field(default_factory=list)
    uncovered: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        """The number of the first entry that is wrong."""
        return min((finding.seq for finding in self.findings), default=None)

    def add(self, seq: int, what: str, what_en: str) -> None:
        """Note something wrong; after MOST_FINDINGS nothing more is noted."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(seq, what, what_en))


def verify(known: Checkpoint | None = None, using: str = "default") -> Report:
    """Read the whole ledger once, in batches, and check it; with `known` also against a checkpoint kept outside."""
    report = Report()
    at_checkpoint = START if known and known.size == 0 else ""
    prev, expected = START, 1
    for row in _rows(using):
        _check_number(report, row["seq"], expected)
        _check_entry(report, row, prev)
        _check_seal(report, row)
        if known and row["seq"] == known.size:
            at_checkpoint = row["hash"]
        report.size, report.head = row["seq"], row["hash"]
        prev, expected = row["hash"], row["seq"] + 1
    if known:
        _check_checkpoint(report, known, at_checkpoint)
    for commitment in broken(using):
        report.add(0, f"个人信息 {commitment[:12]}… 已被改动", f"the personal data under {commitment[:12]}… were changed")
    report.uncovered = report.size - (known.size if known else 0)
    return report


def _rows(using: str) -> Iterator[dict[str, Any]]:
    """Every entry in order, a batch at a time, so that no long read holds the database's log."""
    last = -1
    while True:
        batch = list(Event.objects.using(using).filter(seq__gt=last).order_by("seq").values_list(*COLUMNS)[:BATCH])
        if not batch:
            return
        for row in batch:
            yield dict(zip(COLUMNS, row, strict=True))
        last = batch[-1][0]


def _check_number(report: Report, seq: int, expected: int) -> None:
    if seq != expected:
        missing = str(expected) if seq == expected + 1 else f"{expected}–{seq - 1}"
        report.add(expected, f"缺第 {missing} 条", f"entry {missing} is missing")


def _check_entry(report: Report, row: dict[str, Any], prev: str) -> None:
    seq = row["seq"]
    if row["prev"] != prev:
        report.add(seq, f"第 {seq} 条与前一条不相接：有条目被删、被换或被插入", f"entry {seq} does not follow the one before it")
    try:
        if not is_canonical(row["body"]):
            report.add(seq, f"第 {seq} 条的正文不是规范写法", f"the body of entry {seq} is not canonical")
        new = New(row["kind"], {}, row["actor"], row["at"], row["register"], row["entry"])
        found = digest(row["algorithm"], row["prev"] + text_of(seq, new, row["body"]))
    except (ValueError, RecursionError) as why:  # LedgerRefused is a ValueError, and so is what json raises
        report.add(seq, f"第 {seq} 条无法读取：{why}", f"entry {seq} cannot be read: {why}")
        return
    if found != row["hash"]:
        report.add(seq, f"第 {seq} 条的内容与它的哈希值不符：内容被改过", f"the content of entry {seq} does not match its hash")


def _check_seal(report: Report, row: dict[str, Any]) -> None:
    """A seal in the ledger covers everything before it: it names the entry just before its own, and that entry's hash."""
    if row["kind"] != "ledger.sealed":
        return
    if f'"hash":"{row["prev"]}"' not in row["body"] or f'"size":{row["seq"] - 1}}}' not in row["body"]:
        report.add(row["seq"], f"第 {row['seq']} 条封存的是另一段历史", f"entry {row['seq']} seals another history")


def _check_checkpoint(report: Report, known: Checkpoint, found: str) -> None:
    if known.size > report.size:
        report.add(
            report.size + 1,
            f"检查点有 {known.size} 条，账本只有 {report.size} 条：末尾被截去，或退回了旧副本",
            f"the checkpoint has {known.size} entries, the ledger {report.size}: its end was cut off, or an old copy was put back",
        )
    elif found != known.hash:
        report.add(
            known.size,
            f"第 {known.size} 条与检查点不符：历史被改写后重新计算过哈希",
            f"entry {known.size} is not the checkpoint's: history was rewritten and its hashes computed again",
        )
