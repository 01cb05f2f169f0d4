"""`bihuan cluster`: the settings of the cluster, one on this machine to try, the columns written out, and whether it computes the same."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, Refused, print_json
from bihuan.computing.copies import Copy, copied
from bihuan.computing.engine import TooSlow
from bihuan.computing.matching import Elsewhere
from bihuan.computing.paylists import fresh
from bihuan.computing.tables import Columns
from bihuan.environment import where_of
from bihuan.foundation import loading

MOST = 5
"""So many differences are printed of one thing."""


def cluster(options: Namespace) -> int:
    """Do what was asked for. Nothing is ever written to a cluster."""
    if options.deed == "show":
        print(f"BIHUAN_ENGINE={settings.BIHUAN_ENGINE}\nBIHUAN_CLUSTER={where_of(settings.BIHUAN_CLUSTER)}\nBIHUAN_COLUMNS={settings.BIHUAN_COLUMNS}")
        return OK
    if options.deed == "start":
        return _start()
    day = _day(options.at)
    columns = fresh(loading.catalogue(day))
    try:
        return _copy(columns, options) if options.deed == "copy" else _check(columns, day, options)
    finally:
        columns.connection.close()


def _day(written: str | None) -> date:
    try:
        return date.fromisoformat(written) if written else clock.today()
    except ValueError as error:
        raise Refused(f"--at {written} 不是日期，例：--at 2025-12-31", f"--at {written} is not a date; write --at 2025-12-31") from error


def _installed(module: str) -> ModuleType:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise Refused(
            f"没有装集群用的软件包（缺 {error.name}）：请执行 make cluster", f"What a cluster needs is not installed ({error.name} is missing): run `make cluster`"
        ) from error


def _start() -> int:
    """Sail, in this process, on this machine only: it asks nobody who they are."""
    parts, where = urlsplit(settings.BIHUAN_CLUSTER), where_of(settings.BIHUAN_CLUSTER)
    if parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise Refused(
            f"BIHUAN_CLUSTER={where} 不在本机；start 只在本机起一个试用的，它不认人，不对外开",
            f"BIHUAN_CLUSTER={where} is not this machine; `start` only makes one here to try: it asks nobody who they are, so it is not opened to others",
        )
    server = _installed("pysail.spark").SparkConnectServer(ip=parts.hostname, port=parts.port)
    print(say(f"Sail 在 {where}，按 Ctrl C 停止", f"Sail at {where}; Ctrl C stops it"), flush=True)
    try:
        server.start(background=False)
    except OSError as error:
        raise Refused(
            f"在 {where} 起不来（{error}）：端口被占用时，可能已经起了一个；或改 BIHUAN_CLUSTER 的端口",
            f"Nothing could be started at {where} ({error}): where the port is taken, one may be running already; or change the port in BIHUAN_CLUSTER",
        ) from error
    except KeyboardInterrupt:
        server.stop()
    return OK


def _copied(columns: Columns) -> Copy:
    try:
        return copied(columns, settings.BIHUAN_COLUMNS)
    except OSError as error:
        raise Refused(
            f"列写不到 {settings.BIHUAN_COLUMNS}（{error}）：请看目录权限和剩余空间，或改 BIHUAN_COLUMNS",
            f"The columns cannot be written to {settings.BIHUAN_COLUMNS} ({error}): look at its rights and free space, or change BIHUAN_COLUMNS",
        ) from error


def _copy(columns: Columns, options: Namespace) -> int:
    copy = _copied(columns)
    withheld = {table: list(names) for table, names in copy.withheld.items()}
    if options.format == "json":
        print_json({"folder": str(copy.folder), "position": copy.position, "hash": copy.hash, "withheld": withheld})
        return OK
    print(say(f"列已写到 {copy.folder}，账本第 {copy.position} 条", f"The columns are in {copy.folder}, at entry {copy.position} of the ledger"))
    for table, names in withheld.items():
        print(say(f"  {table} 不含个人信息字段 {'、'.join(names)}", f"  {table} without the personal fields {', '.join(names)}"))
    return OK


@contextmanager
def _clustered(columns: Columns) -> Iterator[Any]:
    """The cluster of the settings over a copy of the columns; what goes wrong on it is refused in words."""
    clusters = _installed("bihuan.computing.clusters")
    try:
        with clusters.connected(settings.BIHUAN_CLUSTER) as session:
            yield clusters.Cluster(session, settings.BIHUAN_CLUSTER, columns, _copied(columns))
    except clusters.ClusterFailed as error:
        raise Refused(error.zh, error.en) from error
    except TooSlow as error:
        raise Refused(str(error), str(error)) from error


@contextmanager
def entitling(engine: str, columns: Columns) -> Iterator[Elsewhere | None]:
    """Where a run finds who is entitled: None for here."""
    if engine == "local":
        yield None
        return
    with _clustered(columns) as cluster:
        yield partial(_installed("bihuan.computing.entitling").entitled_on, cluster)


def _check(columns: Columns, day: date, options: Namespace) -> int:
    agreeing = _installed("bihuan.computing.agreeing")
    with _clustered(columns) as cluster:
        found = list(agreeing.compared(columns, cluster, day))
    wrong = [one for one in found if one.differing]
    if options.format == "json":
        print_json([{"what": one.what, "answers": one.answers, "differing": [[str(part) for part in line] for line in one.differing]} for one in found])
        return PROBLEMS if wrong else OK
    for one in wrong:
        print(f"✗ {one.what}")
        for of, here, there in one.differing[:MOST]:
            print(say(f"    {of}：本机 {here}，集群 {there}", f"    {of}: {here} here, {there} there"))
    answers = sum(one.answers for one in found)
    print(say(f"问了 {len(found)} 项，{answers} 个答案，{len(wrong)} 项不同", f"{len(found)} questions, {answers} answers, {len(wrong)} questions answered otherwise"))
    return PROBLEMS if wrong else OK
