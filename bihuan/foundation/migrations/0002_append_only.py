"""The database itself refuses to change or delete an entry of the ledger."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from bihuan.foundation import triggers


def forbid_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    triggers.put_up(editor.connection)


def allow_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away, for the way back from this migration."""
    triggers.take_down(editor.connection)


class Migration(migrations.Migration):
    """Append-only triggers on the ledger."""

    dependencies = [("foundation", "0001_initial")]
    operations = [migrations.RunPython(forbid_changes, allow_changes)]
