"""What was read out of documents, as far as somebody may see it: the places to read into, the findings of a document, where a row came from."""

from django.http import Http404

from bihuan.computing.feed import touched
from bihuan.computing.read_in import Place, place_of
from bihuan.computing.starting import origin
from bihuan.foundation import access
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry, Event, Upload
from bihuan.portal.guarded.rows import may_open, register_of, row_of, rows_of
from bihuan.portal.visits import Visit

DEEPEST = 12
"""So many handoffs are followed back to the sentence at their beginning."""


def reading_into(visit: Visit, register: str) -> Place:
    """The register that documents are read into; 404 where they are not, or it is not this person's to open."""
    place = place_of(visit.catalogue, register_of(visit, register))
    if place is None or not visit.actor.roles & access.STAFF or not may_open(visit.actor, place.documents):
        raise Http404
    return place


def reading_places(visit: Visit) -> dict[str, Place]:
    """Where documents are read into, by the register of the documents, as far as somebody may open them."""
    if not visit.actor.roles & access.STAFF:
        return {}
    places = filter(None, (place_of(visit.catalogue, view) for view in visit.catalogue.registers.values()))
    return {place.documents.name: place for place in places if may_open(visit.actor, place.documents)}


def document_of(visit: Visit, place: Place, number: int) -> tuple[Entry, Upload]:
    """The row of a document with the file that was kept of it; 404 where there is none, or it is not theirs to see."""
    view, entry = row_of(visit, number)
    upload = Upload.objects.filter(digest=str(entry.data.get(place.shape.file) or "")).order_by("id").first()
    if view.name != place.documents.name or upload is None:
        raise Http404
    return entry, upload


def document_behind(visit: Visit, view: RegisterView, event: Event) -> tuple[str, int] | None:
    """Of something done to many findings: the title and number of the document they were read out of; None for rows that are no findings."""
    place = place_of(visit.catalogue, view)
    ids = sorted({number for numbers in touched([event]).entries.values() for number in numbers})
    finding = rows_of(visit, view).filter(pk__in=ids[:1]).first() if place else None
    if place is None or finding is None:
        return None
    document = rows_of(visit, place.documents).filter(key=str(finding.data.get(place.shape.document))).first()
    return (document.title or document.key, document.pk) if document else None


def findings_of(visit: Visit, place: Place, document: Entry) -> list[Entry]:
    """What was found in a document, in the order of its text."""
    rows = rows_of(visit, place.view).filter(**{f"data__{place.shape.document}": document.key})
    return sorted(rows, key=lambda entry: (entry.data.get(place.shape.line) or 0, entry.pk))


def sentence_of(visit: Visit, view: RegisterView, entry: Entry) -> tuple[Place, Entry, Entry, Upload] | None:
    """The finding that a row is or came from, by a field that refers to it or by the handoff that started the row, with its document."""
    for _step in range(DEEPEST):
        found = _finding(visit, view, entry)
        if found is not None:
            return found
        before = Entry.objects.filter(pk=origin(entry)).first()
        next_view = visit.register(before.register) if before else None
        if before is None or next_view is None:
            return None
        view, entry = next_view, before
    return None


def _finding(visit: Visit, view: RegisterView, entry: Entry) -> tuple[Place, Entry, Entry, Upload] | None:
    own = place_of(visit.catalogue, view)
    referred = [(own, entry.key)] if own else []
    for key, shape in view.shape.fields.items():
        target = visit.catalogue.referred(shape.of, view.pack) if shape.kind == "entry" and entry.data.get(key) else None
        place = place_of(visit.catalogue, target) if target else None
        if place:
            referred.append((place, str(entry.data[key])))
    for place, key in referred:
        sentence = rows_of(visit, place.view).filter(register=place.view.name, key=key).first()
        document = rows_of(visit, place.documents).filter(register=place.documents.name, key=str(sentence.data.get(place.shape.document))).first() if sentence else None
        upload = Upload.objects.filter(digest=str(document.data.get(place.shape.file) or "")).order_by("id").first() if document else None
        if sentence and document and upload:
            return place, sentence, document, upload
    return None
