"""Open data: the rows of a public register as a file, with the terms of use, what each field means, and where each row stands in the ledger."""

import json
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase

from bihuan.foundation import access
from bihuan.foundation.checking import Value
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import moment_text
from bihuan.foundation.models import Entry
from bihuan.foundation.sheets.delimited import write_csv
from bihuan.foundation.sheets.values import text_of
from bihuan.portal import guarded
from bihuan.portal.visits import Visit

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
TOGETHER = 1_000
"""So many rows are read at a time."""

NUMBERS = ("number", "money")


def download(visit: Visit, register: str, kind: str) -> HttpResponseBase:
    """The whole register as csv or json, without any personal field, whoever asks."""
    view = guarded.public_register(visit, register)
    if kind not in TYPES:
        raise Http404
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it when it was sent
    (_write_csv if kind == "csv" else _write_json)(file, visit, view)
    file.seek(0)
    seq, digest, _day = guarded.standing(visit)
    answer = FileResponse(file, as_attachment=True, filename=f"{register}-{visit.day:%Y%m%d}.{kind}", content_type=TYPES[kind])
    answer.headers["X-Ledger"] = f"{seq} {digest}"
    return answer


def _write_csv(file: IO[bytes], visit: Visit, view: RegisterView) -> None:
    """Titles, the rows, and after an empty line where it comes from: a spreadsheet shows it, and a program stops at the empty line."""
    fields = _opened(view)
    seq, digest, day = guarded.standing(visit)

    def lines() -> Iterator[list[str | None]]:
        yield [*(shape.title for shape in fields.values()), "账本序号", "账本哈希"]
        for entry, line_hash in _rows(view):
            yield [*(text_of(shape, entry.data.get(key)) for key, shape in fields.items()), str(entry.changed_seq), line_hash]
        yield []
        yield ["使用条件", view.shape.licence or "未声明"]
        yield ["依据", visit.catalogue.mechanism(view.name).shape.basis]
        yield ["截至", moment_text(visit.at)]
        yield ["账本", str(seq), digest, f"{day or ''}"]

    write_csv(file, lines())


def _write_json(file: IO[bytes], visit: Visit, view: RegisterView) -> None:
    """One object: what it is, its terms, its fields, the ledger, and the rows, which are written as they are read."""
    fields = _opened(view)
    seq, digest, day = guarded.standing(visit)
    mechanism = visit.catalogue.mechanism(view.name).shape
    head: dict[str, Any] = {
        "register": view.name, "title": view.shape.title, "title_en": view.shape.title_en, "basis": mechanism.basis, "keeper": mechanism.owner,
        "licence": view.shape.licence or None, "as_of": moment_text(visit.at), "judged_to": day.isoformat() if day else None,
        "ledger": {"seq": seq, "hash": digest, "algorithm": guarded.algorithm()},
        "fields": {key: _dictionary(shape) for key, shape in fields.items()},
    }  # fmt: skip
    text = json.dumps(head, ensure_ascii=False, indent=1)
    file.write(f'{text[:-2]},\n "rows": [\n'.encode())
    for place, (entry, line_hash) in enumerate(_rows(view)):
        row = {key: _plain(shape, entry.data.get(key)) for key, shape in fields.items()}
        line = json.dumps({**row, "_ledger": {"seq": entry.changed_seq, "hash": line_hash}}, ensure_ascii=False)
        file.write(f"{',' if place else ''}{line}\n".encode())
    file.write(b" ]\n}\n")


def _opened(view: RegisterView) -> dict[str, FieldShape]:
    """The fields that are opened: all but personal ones."""
    personal = access.personal_fields(view)
    return {key: shape for key, shape in view.shape.fields.items() if key not in personal}


def _rows(view: RegisterView) -> Iterator[tuple[Entry, str]]:
    """Every row with the hash of the entry of the ledger that last changed it."""
    rows = guarded.public_rows(view)
    last = ""
    while batch := list(rows.filter(key__gt=last)[:TOGETHER]):
        known = guarded.hashes(entry.changed_seq for entry in batch)
        yield from ((entry, known.get(entry.changed_seq, "")) for entry in batch)
        last = batch[-1].key


def _dictionary(shape: FieldShape) -> dict[str, Any]:
    """What a field means, only what is written."""
    told = {
        "title": shape.title, "title_en": shape.title_en, "kind": shape.kind, "unit": shape.unit, "choices": shape.choices, "choices_en": shape.choices_en,
        "help": shape.help, "help_en": shape.help_en,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _plain(shape: FieldShape, value: Value) -> Value:
    """A value as json holds it; a number as exact text in the unit of its field, since json's own numbers lose digits."""
    return text_of(shape, value) or None if shape.kind in NUMBERS else value
