"""Which handoffs and documents an entry of the ledger sets off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bihuan.foundation.grammar.catalogue import Catalogue
from bihuan.foundation.grammar.documents import Document, Handoff, Missed, Moved, Recorded, Trigger, Turns
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Duty, Event

Body = dict[str, Any]


@dataclass(frozen=True)
class Fired:
    """One handoff or document set off for one row. `cause` is the entry of the ledger that did it; `words` what a text may say of it."""

    item: Item[Handoff] | Item[Document]
    view: RegisterView
    entry: int
    cause: int
    where: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


def fired(catalogue: Catalogue, event: Event, body: Body) -> Iterator[Fired]:
    """Everything one event sets off, in the order of the packs. Conditions of ``recorded`` are still to be asked (`Fired.where`)."""
    if event.kind == "judged":
        for said in body.get("verdicts", ()):
            if said.get("entry") and said["colour"] and said["colour"] != said.get("was"):
                yield from _turned(catalogue, event, said["register"], said["entry"], said)
    elif event.kind == "light.overridden":
        yield from _turned(catalogue, event, event.register, body["id"], {**body, "facts": {"zh": body["reason"]}, "basis": ""})
    elif event.kind == "entry.moved":
        yield from _moved(catalogue, event, body["id"], body["to"])
    elif event.kind == "entries.moved":
        for edit in body["edits"]:
            yield from _moved(catalogue, event, edit["id"], edit["to"])
    elif event.kind in ("entries.recorded", "handoffs.started"):
        for row in body["rows"]:
            yield from _moved(catalogue, event, row["id"], row["state"])
            yield from _recorded(catalogue, event, row["id"])
    elif body.get("missed"):
        yield from _missed(catalogue, event, body["missed"])


def items_of(view: RegisterView) -> Iterator[tuple[Item[Handoff] | Item[Document], Trigger]]:
    """The handoffs and documents of a register with what sets each off."""
    for handoff in view.handoffs.values():
        yield handoff, handoff.shape.when
    for document in view.documents.values():
        yield document, document.shape.trigger


def _turned(catalogue: Catalogue, event: Event, register: str, entry: int, said: Body) -> Iterator[Fired]:
    view = catalogue.registers.get(register)
    for item, trigger in items_of(view) if view else ():
        if view and isinstance(trigger, Turns) and trigger.turns == said["colour"]:
            light = view.lights.find(trigger.light, item.mechanism)
            if light and (f"{light.pack}.{light.mechanism}", light.key) == (said["mechanism"], said["light"]):
                words = {"理由": said["facts"].get("zh", ""), "依据": said["basis"], "颜色": said["colour"]}
                yield Fired(item, view, entry, event.seq, words=words)


def _moved(catalogue: Catalogue, event: Event, entry: int, state: str) -> Iterator[Fired]:
    view = catalogue.registers.get(event.register)
    for item, trigger in items_of(view) if view else ():
        if view and isinstance(trigger, Moved) and trigger.state == state:
            yield Fired(item, view, entry, event.seq, trigger.where, {"依据": item.shape.basis})


def _recorded(catalogue: Catalogue, event: Event, entry: int) -> Iterator[Fired]:
    view = catalogue.registers.get(event.register)
    for item, trigger in items_of(view) if view else ():
        if view and isinstance(trigger, Recorded):
            yield Fired(item, view, entry, event.seq, trigger.where, {"依据": item.shape.basis})


def _missed(catalogue: Catalogue, event: Event, keys: list[str]) -> Iterator[Fired]:
    for start in range(0, len(keys), 500):
        for duty in Duty.objects.filter(key__in=keys[start : start + 500], entry__isnull=False).order_by("pk"):
            view = catalogue.registers.get(duty.register)
            for item, trigger in items_of(view) if view else ():
                if view and isinstance(trigger, Missed) and trigger.missed in (duty.name, f"{duty.mechanism.rpartition('.')[2]}.{duty.name}"):
                    words = {"理由": duty.title, "依据": item.shape.basis, "期": duty.period, "期限": str(duty.due or "")}
                    yield Fired(item, view, duty.entry_id or 0, event.seq, words=words)
