"""The policies of `bench._policies` as a pack, its rows in the columns, and the run that the product does."""

from __future__ import annotations

from datetime import date
from functools import partial
from time import perf_counter
from typing import Any

import duckdb
import pyarrow as pa

from bench._city import call_command
from bench._measuring import median_ms, seconds
from bench._policies import CHOICES, FLAGS, MONEY, NUMBERS, PRIME, TITLES, Policy, checksum
from bihuan.computing.facts import Facts
from bihuan.computing.matching import matched, rematch, what_if
from bihuan.computing.reasons import answers, near_misses
from bihuan.computing.tables import Columns
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar.catalogue import Catalogue, link
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.grammar.payables import policies_of, subjects_sql
from bihuan.foundation.grammar.views import RegisterView

DAY = date(2025, 12, 8)
SAMPLE = 500
"""The first rows, which the engines that take one at a time are given."""
_HEAD = "pack: bench\ntitle: 测量\nversion: '1'\nowner: 测量\nbasis: 测量\nin_force: 2020-01\nroles: {officer: {title: 经办人}}\n"


def pack_text(policies: list[Policy]) -> str:
    """The mechanism, with one register and every policy as a criteria that pays."""
    fields = ["    code: {title: 编码, kind: text, required: 是}", "    name: {title: 名字, kind: text}", "    county: {title: 区划, kind: office, required: 是}"]
    fields += [f"    {name}: {{title: {TITLES[name]}, kind: choice, choices: [{', '.join(CHOICES[name])}]}}" for name in ("size", "industry")]
    fields += [f"    {name}: {{title: {TITLES[name]}, kind: money, unit: 万元}}" for name in MONEY]
    fields += [f"    {name}: {{title: {TITLES[name]}, kind: number}}" for name in NUMBERS]
    fields += [f"    {name}: {{title: {TITLES[name]}, kind: yes_no}}" for name in FLAGS]
    written = []
    for policy in policies:
        tests = ", ".join(
            f"{{key: t{place}, title: 条件{place}, if: \"{condition.formula()}\", basis: 测量}}" for place, condition in enumerate(policy.conditions)
        )
        written.append(
            f"  p{policy.number}:\n    title: 政策{policy.number}\n    all: [{tests}]\n"
            f"    pays: {{amount: {TITLES[policy.of]} * {policy.rate * 100:g}%, at_most: {policy.most}万元, times: yearly, from: 2020, basis: 测量}}"
        )
    register = "register:\n  title: 企业\n  key: code\n  name: name\n  office: county\n  fields:\n" + "\n".join(fields)
    return f"mechanism: firms\ntitle: 企业\nbasis: 测量\n{register}\ncriteria:\n" + "\n".join(written) + "\n"


def catalogue(policies: list[Policy]) -> tuple[Catalogue, RegisterView]:
    """The pack, linked."""
    linked = link([read_pack({"pack.yaml": _HEAD, "firms.yaml": pack_text(policies), "README.md": "# 测量\n"}, "bench")])
    return linked, linked.registers["bench.firms"]


def put(connection: duckdb.DuckDBPyConnection, view: RegisterView, data: pa.Table) -> None:
    """The rows in the register's own table, which is empty; choices as text."""
    values: dict[str, Any] = {"_id": data["id"].combine_chunks()}
    for name, column in zip(data.column_names, data.columns, strict=True):
        if name != "id":
            values[name] = pa.DictionaryArray.from_arrays(column.combine_chunks(), pa.array(CHOICES[name])) if name in CHOICES else column
    incoming = pa.table(values)
    connection.register("incoming", incoming)
    names = [name for name in data.column_names if name != "id"]
    connection.execute(
        f"INSERT INTO \"r_bench__firms\" (_id, _key, _title, _office, code, {', '.join(names)}) "
        f"SELECT _id, 'F' || _id, 'F' || _id, county, 'F' || _id, {', '.join(names)} FROM incoming"
    )
    connection.unregister("incoming")


def open_columns(policies: list[Policy], data: pa.Table) -> tuple[Columns, RegisterView]:
    """Columns of their own with everything in them."""
    linked, view = catalogue(policies)
    columns = Columns(sandbox("8GB", threads=2), catalogue=linked, populated={view.name})
    columns.empty()
    put(columns.connection, view, data)
    return columns, view


def match(connection: duckdb.DuckDBPyConnection, linked: Catalogue, view: RegisterView) -> None:
    """Who is entitled to what: the part of a run that every peer does, too; the reading out of the columns included."""
    found = policies_of(view, DAY)
    incoming, _ = Facts.read(subjects_sql(linked, view, found, DAY), connection, view, found, DAY).matched()
    connection.register("incoming_entitled", incoming)
    connection.execute("CREATE OR REPLACE TEMP TABLE entitled AS SELECT * FROM incoming_entitled")
    connection.unregister("incoming_entitled")


def matched_again(facts: Facts, connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
    """The same with the columns at hand, as every peer has its own and as a second run finds them: who is entitled, and the sums of it."""
    incoming, _ = facts.matched()
    connection.register("incoming_entitled", incoming)
    found = summed(connection, "incoming_entitled")
    connection.unregister("incoming_entitled")
    return found


def summed(connection: duckdb.DuckDBPyConnection, table: str = "entitled") -> tuple[int, int, int]:
    """What came out."""
    [row] = connection.execute(f"SELECT count(*), sum(_id * (policy + 1) % {PRIME}), sum(asked) FROM {table}").fetchall()
    return checksum(*row)


def measured(policies: list[Policy], data: pa.Table, times: int) -> dict[str, Any]:
    """Everything that is measured of ours, in seconds; ``sampled`` is the checksum of the first rows alone."""
    call_command("migrate", verbosity=0, interactive=False)
    columns, view = open_columns(policies, data)
    connection, linked = columns.connection, columns.catalogue
    first = [seconds(partial(match, connection, linked, view)) for _ in range(times)]
    sampled = connection.execute(f"SELECT count(*), sum(_id * (policy + 1) % {PRIME}), sum(asked) FROM entitled WHERE _id <= {SAMPLE}").fetchone()
    found: dict[str, Any] = {"first": first, "checksum": summed(connection), "sampled": [int(value or 0) for value in sampled or ()]}
    connection.execute("DROP TABLE entitled")
    asked = policies_of(view, DAY)
    facts, again = Facts.read(subjects_sql(linked, view, asked, DAY), connection, view, asked, DAY), []
    found["seconds"] = [seconds(partial(lambda kept: kept.append(matched_again(facts, connection)), again)) for _ in range(times)]
    assert set(again) == {found["checksum"]}
    one = asked[0]
    begun = perf_counter()
    with matched(columns, view, DAY) as run:
        found["whole"] = perf_counter() - begun
        found["what_if"] = median_ms(partial(what_if, run, one, view), 9) / 1000
        found["again"] = median_ms(partial(rematch, run, [7]), 5) / 1000
    found["one"] = median_ms(partial(answers, columns, view, [7], DAY), 5) / 1000
    begun = perf_counter()
    found["near"] = len(near_misses(columns, view, one, DAY, 10_000))
    found["near_seconds"] = perf_counter() - begun
    return found
