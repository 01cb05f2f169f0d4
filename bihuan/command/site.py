"""Set Django up for a command, and refuse a database that could lose what it has answered for."""

import os

import django
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from bihuan.command.outcomes import Refused


def open_site() -> None:
    """Set Django up; raise `Refused` where the configuration or the database will not do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    django.setup()
    try:
        found = checks.run_checks(databases=[DEFAULT_DB_ALIAS])
    except OperationalError as error:
        where = connections[DEFAULT_DB_ALIAS].settings_dict
        place = f"{where['NAME']} {where.get('HOST', '')}".strip()
        raise Refused(f"连不上数据库 {place}：{error}".strip(), f"Cannot reach the database {place}: {error}".strip()) from error
    serious = "\n".join(str(message) for message in found if message.is_serious())
    if serious:
        raise Refused(serious, serious)
