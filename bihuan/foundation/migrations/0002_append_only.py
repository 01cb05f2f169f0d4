"""The database itself refuses to change or delete an entry of the ledger."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = """
CREATE TRIGGER event_refuses_{name} BEFORE {verb} ON foundation_event BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
"""
VERBS = ("UPDATE", "DELETE")
POSTGRES = """
CREATE FUNCTION bihuan_append_only() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'the ledger is append-only'; END$$;
CREATE TRIGGER event_refuses_change BEFORE UPDATE OR DELETE ON foundation_event FOR EACH ROW EXECUTE FUNCTION bihuan_append_only();
CREATE TRIGGER event_refuses_truncate BEFORE TRUNCATE ON foundation_event FOR EACH STATEMENT EXECUTE FUNCTION bihuan_append_only();
"""


def forbid_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place on either database."""
    if editor.connection.vendor == "sqlite":
        for verb in VERBS:
            editor.execute(SQLITE.format(name=verb.lower(), verb=verb))
    else:
        editor.execute(POSTGRES)


def allow_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away, for the way back from this migration."""
    if editor.connection.vendor == "sqlite":
        for verb in VERBS:
            editor.execute(f"DROP TRIGGER event_refuses_{verb.lower()}")
    else:
        editor.execute("DROP FUNCTION bihuan_append_only() CASCADE")


class Migration(migrations.Migration):
    """Append-only triggers on the ledger."""

    dependencies = [("foundation", "0001_initial")]
    operations = [migrations.RunPython(forbid_changes, allow_changes)]
