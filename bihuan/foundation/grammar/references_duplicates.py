"""Whether every word of how duplicates are found means something: fields that can be compared in that way, and roles there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bihuan.foundation.grammar.duplicates import Likeness
from bihuan.foundation.grammar.errors import Problem
from bihuan.foundation.grammar.finding import known, unknown
from bihuan.foundation.grammar.registers import FieldKind
from bihuan.foundation.grammar.views import Catalogue, RegisterView

TEXTS: tuple[FieldKind, ...] = ("text", "long_text")
KINDS: Mapping[Likeness, tuple[FieldKind, ...]] = {
    "credit_code": TEXTS, "organisation": TEXTS, "title": TEXTS, "address": TEXTS, "phone": TEXTS, "person": (*TEXTS, "person"), "amount": ("money", "number"),
    "same": ("text", "choice", "office", "entry", "date", "month", "person"),
}  # fmt: skip
"""The kinds of field that each way of comparing takes."""


def duplicates(catalogue: Catalogue, view: RegisterView) -> Iterator[Problem]:
    """What is compared, and who confirms."""
    shape = view.shape.duplicates
    if shape is None:
        return
    for key, compared in shape.compare.items():
        yield from _fitting(view, ("compare",), key, KINDS[compared.as_])
        if compared.otherwise:
            yield from _fitting(view, ("compare", key, "otherwise"), compared.otherwise, KINDS[compared.as_])
    yield from known(view.place("duplicates", "confirmed_by"), ("角色", "role"), shape.confirmed_by, catalogue.packs[view.pack].head.roles)


def _fitting(view: RegisterView, path: Sequence[str], word: str, kinds: Sequence[FieldKind]) -> Iterator[Problem]:
    fitting = [name for name, field in view.shape.fields.items() if field.kind in kinds]
    if word not in fitting:
        yield unknown(view.place("duplicates", *path), (f"{'、'.join(kinds)} 字段", f"field of the kind {' or '.join(kinds)}"), word, fitting)
