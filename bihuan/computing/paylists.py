"""Lists of payments from a run: drafted, confirmed only where they come out the same, written out, and computed again years later.

A new rule is rehearsed by running the same day twice, under the packs in force and under the new ones, and comparing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.computing.facts import Progress, nobody
from bihuan.computing.matching import Elsewhere, Run, matched, payable
from bihuan.computing.tables import Columns, current
from bihuan.foundation import loading
from bihuan.foundation.access import Actor
from bihuan.foundation.actions import PayDraft, PayLine, confirm_payments, digest_of, draft_payments, lines_of
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar.catalogue import Catalogue
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Event, PayList
from bihuan.foundation.replaying import catch_up, scratch

MEMORY, THREADS = "4GB", 2


def fresh(catalogue: Catalogue) -> Columns:
    """Columns of one's own under any packs, with both cores: for a run of the whole register."""
    columns = Columns(sandbox(MEMORY, threads=THREADS), catalogue=catalogue)
    columns.refresh()
    return columns


def title_of(view: RegisterView, day: date) -> str:
    """What a list is called where nobody says otherwise."""
    return f"{view.shape.title}惠企政策兑付表（{day}）"


def drafted(run: Run, title: str = "") -> PayDraft:
    """A run as a list to be drafted."""
    return PayDraft(
        register=run.view.name,
        title=title or title_of(run.view, run.day),
        day=run.day,
        position=run.position,
        position_hash=run.hash,
        rules=[[pack, number, numbers] for pack, number, numbers, _ in loading.versions_on(run.day)],
        lines=payable(run),
    )


def keep(actor: Actor, run: Run, at: datetime, title: str = "", told: Progress = nobody) -> PayList:
    """Draft the list of a run; ``told`` hears how many lines are written. Raises Forbidden, and Rejected where nobody is to be paid."""
    return draft_payments(actor, drafted(run, title), at, told)


def confirm(actor: Actor, number: int, at: datetime, told: Progress = nobody) -> Event:
    """Confirm a reviewed list, computed again under the ledger's lock: nobody can change anything between the two.

    Raises Forbidden, and Rejected: not reviewed, the same person, or something moved since the list was drafted.
    """
    with writing():
        paylist = PayList.objects.filter(pk=number).first()
        if paylist is None or paylist.state != "reviewed":
            return confirm_payments(actor, number, _empty(number), at)  # says why not
        columns = current(paylist.day)
        view = columns.catalogue.registers.get(paylist.register)
        if view is None:
            return confirm_payments(actor, number, _empty(number), at)
        with matched(columns, view, paylist.day, told) as run:
            return confirm_payments(actor, number, drafted(run), at)


def _empty(number: int) -> PayDraft:
    return PayDraft("", str(number), date.min, 0, "", [], [])


@dataclass(frozen=True)
class Again:
    """A list computed again from the ledger as it stood: whether it came out the same, and what did not."""

    same: bool
    count: int
    differing: tuple[tuple[str, str], ...]


def again(paylist: PayList) -> Again:
    """Replay the ledger up to the position of a list, aside, and compute the list once more by the packs of then."""
    catalogue = loading.catalogue_of([(pack, number) for pack, number, _ in paylist.rules])
    with scratch() as using:
        catch_up(using, 0, paylist.position)
        columns = Columns(sandbox(MEMORY, threads=THREADS), catalogue=catalogue, using=using)
        try:
            columns.read(paylist.position, paylist.position_hash)
            with matched(columns, catalogue.registers[paylist.register], paylist.day) as run:
                lines = payable(run)
        finally:
            columns.connection.close()
    before = lines_of(paylist)
    differing = sorted({(line.policy, line.key) for line in set(before) ^ set(lines)})
    return Again(digest_of(lines) == paylist.digest, len(lines), tuple(differing))


# --- a rule rehearsed


@dataclass(frozen=True)
class Moved:
    """One row under two sets of rules: what it gets in all, in 分."""

    entry: int
    key: str
    before: int
    after: int


@dataclass(frozen=True)
class Rehearsal:
    """What other rules would have paid for the same day: totals in 分, and every row that gets more or less, the largest change first."""

    before: int
    after: int
    moved: Sequence[Moved]

    @property
    def gaining(self) -> int:
        """How many rows get more."""
        return sum(row.after > row.before for row in self.moved)

    @property
    def losing(self) -> int:
        """How many rows get less."""
        return sum(row.after < row.before for row in self.moved)


Where = Callable[[Columns], AbstractContextManager[Elsewhere | None]]
"""Where a run over some columns finds who is entitled: None for here."""


def rehearse(register: str, day: date, other: Catalogue, progress: Progress = nobody, where: Where = lambda _columns: nullcontext()) -> Rehearsal:
    """The same day under the packs in force and under others, over the rows as they stand. Nothing is written."""
    paid = []
    for catalogue in (loading.catalogue(day), other):
        columns = fresh(catalogue)
        try:
            with where(columns) as elsewhere, matched(columns, catalogue.registers[register], day, progress, elsewhere) as run:
                paid.append(_by_row(payable(run)))
        finally:
            columns.connection.close()
    before, after = paid
    moved = [Moved(*row, before[row], after[row]) for row in {*before, *after} if before[row] != after[row]]
    moved.sort(key=lambda row: (-abs(row.after - row.before), row.key))
    return Rehearsal(sum(before.values()), sum(after.values()), moved)


def _by_row(lines: Sequence[PayLine]) -> Counter[tuple[int, str]]:
    paid = Counter[tuple[int, str]]()
    for line in lines:
        paid[line.entry, line.key] += line.amount
    return paid
