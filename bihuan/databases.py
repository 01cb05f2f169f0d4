"""Refuse to start on a database that could lose what it has answered for; keep one quick.

`tend` keeps it quick as it grows. `durable` is a Django system check (the foundation registers it); each finding says what is wrong and how to put it right.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from bihuan import sqlite

SAFE_COMMITS = {"on", "remote_write", "remote_apply"}
OLDEST_POSTGRES = 140000


def durable(
    app_configs: Sequence[AppConfig] | None = None,  # the signature Django calls
    databases: Iterable[str] | None = None,
    **_options: Any,
) -> list[checks.CheckMessage]:
    """Every reason why the named databases (default: none, as Django asks) may not be used."""
    found: list[checks.CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        found += postgres_problems(connection) if connection.vendor == "postgresql" else sqlite_problems(connection)
    return found


def sqlite_problems(connection: BaseDatabaseWrapper) -> list[checks.CheckMessage]:
    """What is wrong with this SQLite: the library, the journal, the sync level or the kind of transaction."""
    found: list[checks.CheckMessage] = []
    if sqlite.version() < sqlite.NEEDED:
        needed, have = (".".join(map(str, version)) for version in (sqlite.NEEDED, sqlite.version()))
        found.append(_refuse("E001", f"SQLite {have} 可能丢失已提交的写入，需要 {needed} 以上", "pip install pysqlite3==0.6.1"))
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        found.append(_refuse("E002", "SQLite 的事务不是 IMMEDIATE", 'OPTIONS = {"transaction_mode": "IMMEDIATE"}'))
    wanted = {
        "journal_mode": {"wal", "memory"} if _in_memory(connection) else {"wal"},
        "synchronous": {"2", "3"},
        "foreign_keys": {"1"},
        "mmap_size": {"0"},
        "secure_delete": {"1"},
    }
    for name, good in wanted.items():
        value = _ask(connection, f"PRAGMA {name}") or "0"
        if value not in good:
            found.append(_refuse("E003", f"SQLite 的 {name} 是 {value}", f"PRAGMA {name}={sorted(good)[-1]}"))
    return found


def postgres_problems(connection: BaseDatabaseWrapper) -> list[checks.CheckMessage]:
    """What is wrong with this PostgreSQL: settings that let a confirmed commit vanish, or text that is not UTF-8."""
    found: list[checks.CheckMessage] = []
    version = int(_ask(connection, "SHOW server_version_num"))
    if version < OLDEST_POSTGRES:
        found.append(_refuse("E011", f"PostgreSQL 版本号 {version} 太旧，需要 14 以上", "请升级 PostgreSQL"))
    wanted = {
        "fsync": {"on"},
        "full_page_writes": {"on"},
        "synchronous_commit": SAFE_COMMITS,
        "server_encoding": {"UTF8"},
        "transaction_isolation": {"read committed"},
    }
    for name, good in wanted.items():
        value = _ask(connection, f"SHOW {name}")
        if value not in good:
            found.append(_refuse("E012", f"PostgreSQL 的 {name} 是 {value}", f"{name} = {sorted(good)[0]}"))
    if _ask(connection, "SHOW data_checksums") != "on":
        found.append(
            checks.Warning(
                "PostgreSQL 没有启用数据页校验和，磁盘悄悄坏掉时不会被发现。PostgreSQL runs without data checksums: silent disk faults stay unseen.",
                hint="pg_checksums --enable",
                id="bihuan.W013",
            )
        )
    return found


def tend(connection: BaseDatabaseWrapper) -> None:
    """Have the database look at what its tables hold by now, so that it finds its rows the short way. Outside a transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
        else:
            # Without it SQLite reads 100,000 rows of a register to find thirty by their ids.
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("PRAGMA optimize=0x10002")


def _refuse(code: str, what: str, remedy: str) -> checks.Error:
    return checks.Error(
        f"{what}：已确认的写入可能丢失。This database may lose a confirmed write.", hint=f"应为 Should be: {remedy}", id=f"bihuan.{code}"
    )


def _in_memory(connection: BaseDatabaseWrapper) -> bool:
    name = str(connection.settings_dict["NAME"])
    return ":memory:" in name or "mode=memory" in name


def _ask(connection: BaseDatabaseWrapper, question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return str(row[0]) if row else ""
