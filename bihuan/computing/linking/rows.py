"""The rows of a register brought to one form: a table with a column for each thing that is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from bihuan.computing.engine import run
from bihuan.computing.linking.likeness import WAYS, Places
from bihuan.computing.tables import Columns, batches
from bihuan.foundation.grammar import wordforms
from bihuan.foundation.grammar.duplicates import Compared, Duplicates
from bihuan.foundation.grammar.gathering import rows_table
from bihuan.foundation.grammar.views import RegisterView

TYPES = {"VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "BIGINT": pa.int64(), "VARCHAR[]": pa.list_(pa.string())}

READING = 300.0
"""Seconds that reading a register may take: a million rows are many."""

Given = tuple[int, Mapping[str, Any]]
"""The id of a row and its values by field, as they are stored."""


def asked_for(shape: Duplicates) -> list[str]:
    """The fields of a row that are compared, those taken in place of others included."""
    return list(dict.fromkeys(name for key, compared in shape.compare.items() for name in (key, compared.otherwise) if name))


def of_register(columns: Columns, view: RegisterView) -> pa.Table:
    """The rows of a register as the columns have them."""
    shape = view.shape.duplicates
    if shape is None:
        raise LookupError(f"{view.name} says nothing of duplicates")
    names = asked_for(shape)
    office = view.shape.office
    named = "".join(f', "{name}"' for name in names)
    rows = run(columns, f"SELECT _id{named}, _office FROM {rows_table(view.name)} ORDER BY _id", seconds=READING)
    places = {str(row["_office"]) for row in rows if office and row["_office"]}
    return one_form(shape, ((row["_id"], row) for row in rows), places)


def one_form(shape: Duplicates, rows: Iterable[Given], places: Iterable[str] = ()) -> pa.Table:
    """The columns that are compared, and ``id``. `places` are the names of offices, whose short names stand in names of enterprises as well."""
    known = frozenset(wordforms.short_place(place) for place in places)
    return pa.concat_tables([_part(shape, part, known) for part in batches(rows)] or [_part(shape, [], known)])


def _part(shape: Duplicates, rows: Sequence[Given], known: Places) -> pa.Table:
    arrays: dict[str, pa.Array] = {"id": pa.array([number for number, _values in rows], pa.int64())}
    for key, compared in shape.compare.items():
        columns = WAYS[compared.as_].columns
        forms = [_forms(key, compared, values, known) for _number, values in rows]
        for place, (ending, kind) in enumerate(columns.items()):
            arrays[key + ending] = pa.array([one[place] for one in forms], TYPES[kind])
    return pa.table(arrays)


def _forms(key: str, compared: Compared, values: Mapping[str, Any], places: Places) -> tuple[object, ...]:
    """What is kept of one value; nothing of a value that says nothing."""
    way = WAYS[compared.as_]
    nothing: tuple[object, ...] = (None,) * len(way.columns)
    forms = nothing
    for name in filter(None, (key, compared.otherwise)):
        value = values.get(name)
        if value in (None, "", []):
            continue
        forms = way.forms(value, places)
        if compared.as_ != "credit_code" or forms[1]:
            break  # a code that does not check gives way to the other field, if that holds anything
    return nothing if forms[0] in ("", None) else forms
