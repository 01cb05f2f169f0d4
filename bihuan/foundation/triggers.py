"""The triggers by which the database itself refuses to change or delete an entry of the ledger."""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = """
CREATE TRIGGER event_refuses_{name} BEFORE {verb} ON foundation_event BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
"""
VERBS = ("UPDATE", "DELETE")
POSTGRES = """
CREATE OR REPLACE FUNCTION bihuan_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'the ledger is append-only'; END$$;
CREATE TRIGGER event_refuses_change BEFORE UPDATE OR DELETE ON foundation_event FOR EACH ROW EXECUTE FUNCTION bihuan_append_only();
CREATE TRIGGER event_refuses_truncate BEFORE TRUNCATE ON foundation_event FOR EACH STATEMENT EXECUTE FUNCTION bihuan_append_only();
"""
POSTGRES_AWAY = """
DROP TRIGGER IF EXISTS event_refuses_change ON foundation_event;
DROP TRIGGER IF EXISTS event_refuses_truncate ON foundation_event;
"""


def stand(using: str = "default") -> bool:
    """Whether both stand and are enabled."""
    connection = connections[using]
    query = (
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'event_refuses_%'"
        if connection.vendor == "sqlite"
        else "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'event_refuses_%' AND tgenabled = 'O'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: tuple[int] = cursor.fetchone()
    return found[0] == len(VERBS)


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Put them in place on either database, whatever is left of them."""
    take_down(connection)
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(POSTGRES)
            return
        for verb in VERBS:
            cursor.execute(SQLITE.format(name=verb.lower(), verb=verb))


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Take away those that are there."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(POSTGRES_AWAY)
            return
        for verb in VERBS:
            cursor.execute(f"DROP TRIGGER IF EXISTS event_refuses_{verb.lower()}")
