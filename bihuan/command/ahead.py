"""What a web worker reads when it starts, while nobody waits for it yet: of a large city it takes a minute, and the first visitor would wait it out."""

import logging

import duckdb
from django.db import DatabaseError, connections

from bihuan import clock
from bihuan.computing import names, tables

log = logging.getLogger("bihuan.web")


def read() -> None:
    """Read the columns and the names of this process. Where that fails the first page that needs them tries again, and says what is wrong."""
    try:
        tables.current(clock.now().date())
        names.current()
    except (DatabaseError, duckdb.Error, LookupError, ValueError):
        log.exception("the columns could not be read ahead")
    finally:
        connections.close_all()
