"""Columns on a cluster: any engine that speaks Spark Connect reads a copy of the columns and runs the plans that DuckDB runs here.

    with connected("sc://127.0.0.1:50051") as session:
        cluster = Cluster(session, columns, copied(columns, folder))
        league(cluster, view, item, day)

Nothing is written there: tables of a copy are views of one session. Before anything is asked, the engine is asked what must come out as we
know it; one that answers otherwise is refused. This module needs the packages of requirements-cluster.lock.
"""

from __future__ import annotations

import logging
import re
import socket
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import grpc
import pyarrow as pa

from bihuan.computing.copies import Copy
from bihuan.computing.engine import Record, tables_in
from bihuan.computing.tables import Columns
from bihuan.environment import where_of
from bihuan.foundation.evaluating import TooSlow
from bihuan.foundation.grammar.clustered import NotForClusters, to_spark

with warnings.catch_warnings():
    # The client says at every import that it was not tried with pandas 3; of pandas we use nothing.
    warnings.simplefilter("ignore", FutureWarning)
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

# What fails is said by ClusterFailed, once.
logging.getLogger("pyspark.sql.connect.logging").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]")

T = TypeVar("T")

SECONDS = 600.0
"""How long one query may take there."""

REACHING = 5.0
"""How long a cluster may take to answer the first time."""

HEARING = 2.0
"""How long a cluster may take to hear that it should stop."""

RETRIES = 3
"""How often a call is made again that found nobody; a second or two in all, then the cluster is gone."""


class ClusterFailed(Exception):
    """A cluster cannot be used, or stopped in the middle. ``zh`` and ``en`` say what, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en


@contextmanager
def connected(address: str) -> Iterator[SparkSession]:
    """A session with the cluster at ``sc://host:port``, tried out. Raises ClusterFailed where nobody answers or answers come out wrong."""
    where = where_of(address)
    _reach(where)
    session = _asked(where, lambda: SparkSession.builder.remote(address).create())
    try:
        session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
        _try_out(session, where)
        yield session
    finally:
        session.stop()


def _reach(where: str) -> None:
    parts = urlsplit(where)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 15002), REACHING).close()
    except OSError as error:
        raise ClusterFailed(
            f"连不上集群 {where}（{error}）。请看集群是否在运行、地址是否写对（BIHUAN_CLUSTER）；在本机试用先执行 bihuan cluster start；"
            "不用集群则写 --engine local。",
            f"No cluster answers at {where} ({error}). Is it running, and is BIHUAN_CLUSTER right? To try one on this machine, run "
            "`bihuan cluster start` first; to do without, write --engine local.",
        ) from error


_PROBES: tuple[tuple[str, Any], ...] = (
    ("SELECT SUM(CAST(x AS DECIMAL(38, 0))) FROM VALUES (9223372036854775807), (1) AS t(x)", Decimal(2**63)),
    ("SELECT CAST(0.55e0 * CAST(100 AS DOUBLE) AS DOUBLE)", 0.55 * 100),
    ("SELECT CAST(CAST(9000000000000000 AS DOUBLE) / 3e0 AS DOUBLE)", 9e15 / 3),
    (r"SELECT 'it\'s \\ %_'", "it's \\ %_"),
    ("SELECT DATE_ADD(CAST('2024-02-28' AS DATE), 2)", date(2024, 3, 1)),
    ("SELECT COUNT(*) FROM VALUES (1), (NULL) AS t(x) WHERE NOT x <=> 1", 1),
    ("SELECT ROW_NUMBER() OVER (PARTITION BY x ORDER BY y DESC) FROM VALUES (1, 2) AS t(x, y)", 1),
)
"""What a cluster must answer so; each is something that some engine answers otherwise."""

_MUST_FAIL = ("SELECT CAST(CAST(9223372036854775807 AS DECIMAL(38, 0)) + 1 AS BIGINT)", "SELECT raise_error('tried out')")
"""What a cluster must refuse, where some engine gives a wrong number."""


def _try_out(session: SparkSession, where: str) -> None:
    for key, value in (("spark.sql.session.timeZone", "Asia/Shanghai"), ("spark.sql.ansi.enabled", "true")):
        _asked(where, partial(session.conf.set, key, value))
    for sql, wanted in _PROBES:
        found = _asked(where, partial(_one, session, sql))
        if found != wanted:
            raise ClusterFailed(
                f"集群 {where} 算得不一样，不能用：{sql} 应为 {wanted!r}，它说 {found!r}。",
                f"The cluster at {where} computes otherwise and cannot be used: {sql} must be {wanted!r}, and it says {found!r}.",
            )
    for sql in _MUST_FAIL:
        try:
            found = _one(session, sql)
        except (PySparkException, grpc.RpcError):
            continue
        raise ClusterFailed(
            f"集群 {where} 溢出时不报错，不能用：{sql} 应报错，它说 {found!r}。",
            f"The cluster at {where} does not refuse what is out of range and cannot be used: {sql} must fail, and it says {found!r}.",
        )


def _one(session: SparkSession, sql: str) -> Any:
    """The one value that a query gives."""
    return session.sql(sql).toArrow().column(0)[0].as_py()


def _asked(where: str, deed: Callable[[], T]) -> T:
    try:
        return deed()
    except (PySparkException, grpc.RpcError, ConnectionError) as error:
        said = _said(error)
        raise ClusterFailed(
            f"集群 {where} 没有算完：{said}。没有写入任何东西；集群恢复后重来，或写 --engine local 在本机算。",
            f"The cluster at {where} did not finish: {said}. Nothing was written; try again when it is back, or compute here with --engine local.",
        ) from error


def _said(error: Exception) -> str:
    """What an error says, in a line: of a call that failed, what the server said of it."""
    text = str(error).strip() or type(error).__name__
    details = re.search(r'details = "(.+)"', text)
    return (details[1] if details else text.splitlines()[0])[:300]


class Cluster:
    """The columns, asked on a cluster: what `computing.engine.Engine` asks for, over one copy of the columns."""

    dialect = "spark"

    def __init__(self, session: SparkSession, address: str, columns: Columns, copy: Copy) -> None:
        self.session, self.where, self.copy = session, where_of(address), copy
        self.catalogue, self.populated = columns.catalogue, columns.populated
        self.position, self.hash = copy.position, copy.hash
        self._there: set[str] = set()
        self._kept: dict[object, Any] = {}

    def ask(self, sql: str, values: Sequence[object] = (), seconds: float | None = None) -> list[Record]:
        """The rows of a plan, whole numbers as ints. Raises ClusterFailed, TooSlow."""
        found = self.table(self.write(sql, values), tables_in(sql), seconds or SECONDS)
        return [{name: _plain(value) for name, value in row.items()} for row in found.to_pylist()]

    def write(self, sql: str, values: Sequence[object] = ()) -> str:
        """A plan in Spark's SQL. Raises ClusterFailed where it cannot be said there."""
        try:
            if values:
                raise NotForClusters(f"values beside a query: {sql[:200]}")
            return to_spark(sql)
        except NotForClusters as error:
            raise ClusterFailed(
                f"这个计算集群算不了，请写 --engine local：{error}", f"A cluster cannot compute this; write --engine local: {error}"
            ) from error

    def keep(self, asked: object, tables: Sequence[str], answer: Callable[[], T]) -> T:
        """The answer, computed once: a copy never changes."""
        if asked not in self._kept:
            self._kept[asked] = answer()
        found: T = self._kept[asked]
        return found

    def table(self, spark: str, tables: Sequence[str], seconds: float = SECONDS) -> pa.Table:
        """The result of a query in Spark's SQL over some tables of the copy."""
        for table in tables:
            self._view(table, spark)
        late = threading.Event()
        timer = threading.Timer(seconds, self._give_up, [late])
        timer.start()
        try:
            found: pa.Table = _asked(self.where, lambda: self.session.sql(spark).toArrow())
        except (ClusterFailed, ValueError) as error:  # ValueError: the client finds that it has been closed
            if late.is_set():
                raise TooSlow(f"集群上的计算超过 {seconds:g} 秒，已停止。The calculation on the cluster was stopped after {seconds:g} seconds.") from error
            raise
        finally:
            timer.cancel()
        return found

    def _give_up(self, late: threading.Event) -> None:
        """Ask for an end, and go away: a server that is busy may not even hear the question."""
        late.set()
        asking = threading.Thread(target=self.session.interruptAll, daemon=True)
        asking.start()
        asking.join(HEARING)
        self.session.client.close()

    def _view(self, table: str, spark: str) -> None:
        for column in self.copy.withheld.get(table, ()):
            if re.search(rf"`{re.escape(column)}`", spark):
                raise ClusterFailed(
                    f"这个计算要用到 {table} 的个人信息字段 {column}，个人信息不出本机：请写 --engine local。",
                    f"This needs the personal field {column} of {table}, and personal data stay on this machine: write --engine local.",
                )
        if table not in self._there:
            file = str(self.copy.file_of(table).resolve())
            _asked(self.where, lambda: self.session.read.parquet(file).createOrReplaceTempView(table))
            self._there.add(table)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) else value
