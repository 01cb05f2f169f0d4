"""Set Django up for a command, refuse a database that could lose what it has answered for, and say what is wrong with one that fails."""

import argparse
import os
from contextlib import suppress
from importlib import import_module

import django
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, ProgrammingError, connections
from django.db.migrations.executor import MigrationExecutor

from bihuan.command.outcomes import Refused
from bihuan.command.verbs import Verb


def run(verb: Verb, options: argparse.Namespace) -> int:
    """Do what a verb says on the site. A database without tables, damaged, full or locked is said in a sentence, not by a traceback."""
    open_site()
    function = getattr(import_module(verb.module), verb.run.partition(":")[2])
    try:
        return int(function(options))
    except ProgrammingError:  # PostgreSQL's word for a missing table, and everybody's for a mistake of ours
        refuse_missing_tables()
        raise
    except OperationalError as error:
        with suppress(DatabaseError):  # it fails so badly that it cannot be asked
            refuse_missing_tables()
        raise _failing(error) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        raise _failing(error) from error


def open_site() -> None:
    """Set Django up; raise `Refused` where the configuration or the database will not do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    django.setup()
    try:
        found = checks.run_checks(databases=[DEFAULT_DB_ALIAS])
    except OperationalError as error:
        raise Refused(f"连不上数据库 {_place()}：{error}".strip(), f"Cannot reach the database {_place()}: {error}".strip()) from error
    except DatabaseError as error:
        raise _failing(error) from error
    serious = "\n".join(str(message) for message in found if message.is_serious())
    if serious:
        raise Refused(serious, serious)


def refuse_missing_tables() -> None:
    """Raise `Refused` unless every migration has been applied."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Refused(
            f"数据库还差 {len(missing)} 步建表。请先执行：bihuan migrate",
            f"The database lacks {len(missing)} migrations. Run first: bihuan migrate",
        )


def _place() -> str:
    where = connections[DEFAULT_DB_ALIAS].settings_dict
    return f"{where['NAME']} {where.get('HOST', '')}".strip()


def _failing(error: DatabaseError) -> Refused:
    zh = f"数据库 {_place()} 出错：{str(error).strip()}。没有写完的那一步已撤回；请检查磁盘空间和数据库文件，必要时从备份恢复，再执行：bihuan verify"
    en = (
        f"The database {_place()} failed: {str(error).strip()}. The step that was not finished was taken back; "
        "look at disk space and the database file, restore a backup if need be, then run: bihuan verify"
    )
    return Refused(zh, en)
