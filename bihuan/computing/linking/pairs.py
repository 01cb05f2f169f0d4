"""Pairs of rows that are probably one thing: found by what they share, weighed by Splink on a DuckDB of their own.

Splink's model is that of Fellegi and Sunter. It is imported when it is first needed, reads nothing but the table handed over, and the DuckDB it
runs on can reach no file and no network. The same rows give the same pairs: what is counted is counted over a sample that the ids decide.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations
from typing import Any

import duckdb
import pyarrow as pa

from bihuan.computing.linking.likeness import WAYS, Step, Way
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar.duplicates import Duplicates

LARGEST_BLOCK, LARGEST_HELPING = 60, 12
"""What more rows than this share brings no two of them together: something telling, and two helpful things."""

SAMPLE = 2_000
"""Rows of which every pair is looked at, to count how often two different things agree."""

EXPECTED = 0.05
"""The share of rows that are written twice, before anything is known."""

MEMORY = "3GB"
CORES = min(4, os.cpu_count() or 1)

Weights = dict[str, tuple[int, float]]
"""By field: which step of its comparison, from 0, and its weight. A field that either row lacks is left out."""


@dataclass(frozen=True)
class Pair:
    """Two rows by their ids, the smaller one first, how probably they are one thing, and what says so."""

    left: int
    right: int
    weight: float
    probability: float
    fields: Weights


def suspected(rows: pa.Table, shape: Duplicates, *, cores: int = CORES) -> list[Pair]:
    """The pairs that are at least as probable as the register asks, the likeliest first. `rows` are those of `rows.one_form`."""
    if rows.num_rows < 2:
        return []
    with closing(sandbox(MEMORY, threads=cores)) as connection:
        _put(connection, rows, shape)
        found = _block(connection, shape)
        return _weighed(connection, shape, rows.num_rows) if found else []


def _put(connection: duckdb.DuckDBPyConnection, rows: pa.Table, shape: Duplicates) -> None:
    """The rows as a table, with how many share each value of which that is asked."""
    connection.register("given", rows)
    shared, joins = "", ""
    for place, (key, way) in enumerate(_ways(shape).items()):
        if _is_counted(way):
            column = _column(key, way.counted)
            shared += f', c{place}.n AS "{column}_n"'
            joins += f' LEFT JOIN (SELECT "{column}" AS v, count(*) AS n FROM given WHERE "{column}" IS NOT NULL GROUP BY ALL) c{place} ON c{place}.v = given."{column}"'
    connection.execute(f"CREATE TABLE subjects AS SELECT given.*{shared} FROM given{joins} ORDER BY id")
    connection.unregister("given")


def _ways(shape: Duplicates) -> dict[str, Way]:
    return {key: WAYS[compared.as_] for key, compared in shape.compare.items()}


def _column(key: str, ending: str) -> str:
    return f"{key}{ending}"


def _is_counted(way: Way) -> bool:
    return any("_n_l" in step.sql for step in way.steps)


# --- which rows are held against each other


def _block(connection: duckdb.DuckDBPyConnection, shape: Duplicates) -> int:
    """Put every two rows that share something telling, or two helpful things of different fields, into ``pairs``; gives how many."""
    ways = _ways(shape)
    telling = [(_column(key, ending),) for key, way in ways.items() for ending in way.telling]
    helping = [(key, _column(key, ending)) for key, way in ways.items() for ending in way.helping]
    shared: list[tuple[str, ...]] = [*telling, *((left, right) for (one, left), (other, right) in combinations(helping, 2) if one != other)]
    connection.execute("CREATE TABLE found (l BIGINT, r BIGINT)")
    for columns in shared:
        most = LARGEST_BLOCK if len(columns) == 1 else LARGEST_HELPING
        listed = ", ".join(f'"{column}"' for column in columns)
        there = " AND ".join(f'"{column}" IS NOT NULL' for column in columns)
        same = " AND ".join(f'a."{column}" = b."{column}"' for column in columns)
        connection.execute(
            f"INSERT INTO found WITH few AS (SELECT {listed} FROM subjects WHERE {there} GROUP BY ALL HAVING count(*) BETWEEN 2 AND {most}), "
            f"held AS (SELECT id, {listed} FROM subjects SEMI JOIN few USING ({listed})) "
            f"SELECT a.id, b.id FROM held a JOIN held b ON {same} AND a.id < b.id"
        )
    connection.execute("CREATE TABLE pairs AS SELECT DISTINCT l AS join_key_l, r AS join_key_r, '0' AS match_key FROM found")
    connection.execute("DROP TABLE found")
    counted = connection.execute("SELECT count(*) FROM pairs").fetchone()
    return int(counted[0]) if counted else 0


# --- how much each agreement weighs


def _weighed(connection: duckdb.DuckDBPyConnection, shape: Duplicates, rows: int) -> list[Pair]:
    splink = import_module("splink")
    api = splink.DuckDBAPI(connection)
    settings = _settings(shape, rows)
    learnt = _learnt(connection, splink, api, settings)
    linker = splink.Linker(api.register("subjects"), learnt, log_level=logging.ERROR)
    linker.table_management.register_blocked_pairs_for_predict(api.register("pairs"))
    scored = linker.inference.predict(threshold_match_probability=shape.probability, warning_mode="never")
    return _pairs(connection, scored.physical_name, linker, shape)


def _settings(shape: Duplicates, rows: int) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only", "unique_id_column_name": "id", "probability_two_random_records_match": min(0.01, 2 * EXPECTED / (rows - 1)),
        "comparisons": [_comparison(key, way) for key, way in _ways(shape).items()], "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": True, "retain_intermediate_calculation_columns": False,
    }  # fmt: skip


def _comparison(key: str, way: Way) -> dict[str, Any]:
    missing = way.missing.format(key)
    nothing = {"sql_condition": f'"{missing}_l" IS NULL OR "{missing}_r" IS NULL', "label_for_charts": "missing", "is_null_level": True}
    return {"output_column_name": key, "comparison_levels": [nothing, *(_level(key, step) for step in way.steps)]}


def _level(key: str, step: Step) -> dict[str, Any]:
    stated = {} if step.unlike is None else {"u_probability": step.unlike, "fix_u_probability": True}
    return {"sql_condition": step.sql.format(key), "label_for_charts": step.en, "m_probability": step.alike, "fix_m_probability": True, **stated}


def _learnt(connection: duckdb.DuckDBPyConnection, splink: Any, api: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """The settings with what the register itself says of how often two different things agree, for the comparisons that state nothing of it."""
    open_ = [one for one in settings["comparisons"] if any("u_probability" not in level for level in one["comparison_levels"][1:])]
    if not open_:
        return settings
    connection.execute(f"CREATE TABLE sampled AS SELECT * FROM subjects ORDER BY hash(id), id LIMIT {SAMPLE}")
    linker = splink.Linker(api.register("sampled"), {**settings, "comparisons": open_}, log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLE * SAMPLE, min_count_per_level=None, num_chunks=1)
    for one, counted in zip(open_, linker.misc.save_model_to_json()["comparisons"], strict=True):
        for level, learnt in zip(one["comparison_levels"][1:], counted["comparison_levels"][1:], strict=True):
            level["u_probability"] = min(0.999, max(1 / SAMPLE**2, float(learnt.get("u_probability") or 0)))
    return settings


def _pairs(connection: duckdb.DuckDBPyConnection, table: str, linker: Any, shape: Duplicates) -> list[Pair]:
    weights = {key: _weights(one) for key, one in zip(shape.compare, linker.misc.save_model_to_json()["comparisons"], strict=True)}
    gammas = ", ".join(f'"gamma_{key}"' for key in shape.compare)
    found = connection.execute(
        f"SELECT id_l, id_r, match_weight, match_probability, {gammas} FROM {table} ORDER BY match_weight DESC, id_l, id_r"
    ).fetchall()
    pairs = []
    for left, right, weight, probability, *levels in found:
        fields = {key: (len(weights[key]) - 1 - level, weights[key][-1 - level]) for key, level in zip(shape.compare, levels, strict=True) if level >= 0}
        pairs.append(Pair(left, right, weight, probability, fields))
    return pairs


def _weights(comparison: Mapping[str, Any]) -> list[float]:
    """The weight of each step, from the same to different."""
    return [math.log2(level["m_probability"] / level["u_probability"]) for level in comparison["comparison_levels"] if not level.get("is_null_level")]
