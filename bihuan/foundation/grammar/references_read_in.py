"""Whether every word of how a document is read into a register means something, and whether two people are needed."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.foundation.grammar.errors import Problem
from bihuan.foundation.grammar.finding import known, unknown
from bihuan.foundation.grammar.read_in import ReadIn
from bihuan.foundation.grammar.registers import FieldKind, Register
from bihuan.foundation.grammar.views import Catalogue, RegisterView

TEXTS: tuple[FieldKind, ...] = ("text", "long_text")
KINDS: dict[str, tuple[FieldKind, ...]] = {
    "subject": TEXTS, "value": ("number",), "high": ("number",), "unit": TEXTS, "comparator": ("choice",), "period": TEXTS, "year": ("choice", "number", *TEXTS),
    "last_day": ("date",), "org": TEXTS, "office": ("office",), "number": ("number",), "source": TEXTS, "sure": ("yes_no",), "words": TEXTS,
}  # fmt: skip
"""What a field must hold to take each thing that is found."""


def read_in(catalogue: Catalogue, view: RegisterView) -> Iterator[Problem]:
    """How a document is read into a register: its fields, its choices, its moves."""
    shape = view.shape.read_in
    if shape is None:
        return
    yield from _document(catalogue, view, shape)
    held: dict[str, tuple[str, tuple[FieldKind, ...]]] = {"line": (shape.line, ("number",)), "quote": (shape.quote, TEXTS), "kind": (shape.kind, ("choice",))}
    for key, (word, kinds) in held.items():
        yield from _field(view, view.shape, (key,), word, kinds)
    for said, word in shape.fields.items():
        yield from _field(view, view.shape, ("fields", said), word, KINDS[said])
    yield from known(view.place("read_in", "kinds"), ("可选值", "choice"), shape.kinds.values(), _choices(view, shape.kind))
    yield from known(view.place("read_in", "comparators"), ("可选值", "choice"), shape.comparators.values(), _choices(view, shape.fields.get("comparator", "")))
    for kind, drafted in shape.drafts.items():
        yield from known(view.place("read_in", "drafts", kind), ("字段", "field"), drafted, view.shape.fields)
    yield from known(view.place("read_in", "asks"), ("字段", "field"), shape.asks, view.shape.fields)
    yield from _moves(view, shape)


def _document(catalogue: Catalogue, view: RegisterView, shape: ReadIn) -> Iterator[Problem]:
    yield from _field(view, view.shape, ("document",), shape.document, ("entry",))
    field = view.shape.fields.get(shape.document)
    there = catalogue.referred(field.of, view.pack) if field and field.kind == "entry" else None
    if there is None:
        return
    yield from _field(view, there.shape, ("file",), shape.file, ("file",))
    yield from known(view.place("read_in", "copies"), ("字段", "field"), shape.copies, view.shape.fields)
    yield from known(view.place("read_in", "copies"), ("文件台账的字段", "field of the document"), shape.copies.values(), there.shape.fields)


def _moves(view: RegisterView, shape: ReadIn) -> Iterator[Problem]:
    """Its moves are there, and whoever takes a finding up is not who confirms it."""
    moves = view.lifecycle.shape.moves if view.lifecycle else {}
    for key in ("accept", "reject", "confirm", "divide", "merge"):
        yield from known(view.place("read_in", key), ("动作", "move"), [getattr(shape, key)], moves)
    confirm = moves.get(shape.confirm)
    if confirm and confirm.other_than != shape.accept:
        yield Problem(
            view.place("read_in", "confirm"), "two_people", f"动作 {shape.confirm} 没有写 other_than: {shape.accept}", "读出的语句由一人采用、另一人确认，才算数。",
            f"{shape.confirm}: {{…, other_than: {shape.accept}}}", f"the move {shape.confirm} does not say other_than: {shape.accept}",
            "What was read counts once one person took it up and another confirmed it.",
        )  # fmt: skip


def _field(view: RegisterView, register: Register, path: tuple[str, ...], word: str, kinds: tuple[FieldKind, ...]) -> Iterator[Problem]:
    fitting = [name for name, field in register.fields.items() if field.kind in kinds]
    if word not in fitting:
        yield unknown(view.place("read_in", *path), (f"{'、'.join(kinds)} 字段", f"field of the kind {' or '.join(kinds)}"), word, fitting)


def _choices(view: RegisterView, key: str) -> list[str]:
    return view.shape.fields[key].choices if key in view.shape.fields else []
