"""What everybody may see without signing in, and nothing else: what packs declare public, read as a visitor whoever asks."""

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet
from django.http import Http404

from bihuan.foundation import access
from bihuan.foundation.grammar.documents import Document
from bihuan.foundation.grammar.indicators import Target
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.scores import Score
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry, Event, Paper, Verdict
from bihuan.portal.visits import Visit


def public_registers(visit: Visit) -> list[RegisterView]:
    """The registers that packs in force open to everybody."""
    return [view for view in visit.catalogue.registers.values() if view.shape.public]


def public_register(visit: Visit, name: str) -> RegisterView:
    """One of them; 404 for any other, whether or not it is there."""
    view = visit.register(name)
    if view is None or not view.shape.public:
        raise Http404
    return view


def public_rows(view: RegisterView) -> QuerySet[Entry]:
    """The rows of a public register, as a visitor sees them, by key."""
    return Entry.objects.filter(access.visible(access.ANYBODY, view).condition(), withdrawn=False).order_by("key")


def public_verdicts(view: RegisterView) -> dict[int, list[Verdict]]:
    """The lights that stand on the rows of a public register, by row."""
    found: dict[int, list[Verdict]] = {}
    rows = public_rows(view).order_by().values("pk")
    for verdict in Verdict.objects.filter(entry__in=rows, to_day__isnull=True).order_by("id"):
        found.setdefault(verdict.entry_id or 0, []).append(verdict)
    return found


def public_targets(visit: Visit) -> Iterator[tuple[RegisterView, Item[Target]]]:
    """The targets that packs in force declare public."""
    for view in visit.catalogue.registers.values():
        yield from ((view, item) for item in view.targets.values() if item.shape.public)


def public_scores(visit: Visit) -> Iterator[tuple[RegisterView, Item[Score]]]:
    """The rankings that packs in force declare public."""
    for view in visit.catalogue.registers.values():
        yield from ((view, item) for item in view.scores.values() if item.shape.public)


def bulletins(visit: Visit) -> QuerySet[Paper]:
    """The official papers that were issued and whose document is declared public, newest first."""
    declared = Q(pk__in=[])
    for view in visit.catalogue.registers.values():
        for item in view.documents.values():
            if _is_public(item):
                declared |= Q(register=view.name, mechanism=f"{item.pack}.{item.mechanism}", document=item.key)
    return Paper.objects.filter(declared, state__in=Paper.OUT).order_by("-issued_on", "-id")


def bulletin(visit: Visit, number: int) -> Paper:
    """One of them; 404 for any other paper."""
    paper = bulletins(visit).filter(pk=number).first()
    if paper is None:
        raise Http404
    return paper


def hashes(seqs: Iterable[int]) -> dict[int, str]:
    """The hashes of some entries of the ledger: what binds an open number to the line that holds it."""
    return dict(Event.objects.filter(seq__in=sorted(set(seqs))).values_list("seq", "hash"))


def _is_public(item: Item[Document]) -> bool:
    return item.shape.public
