"""Throw the demo city away: only a ledger that says of itself that its city is invented is ever emptied."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import call_command

from bihuan.academy.diary import person
from bihuan.foundation.actions import is_invented
from bihuan.foundation.actions.uploads import path_of
from bihuan.foundation.models import Upload


class NotInvented(RuntimeError):
    """The database holds a real city; nothing was touched."""


def clear() -> None:
    """Empty the database of a demo city, uploaded files included; the tables are gone afterwards. Raises NotInvented for any other.

    The ledger refuses deletions, so its tables are dropped by the way back of the migrations that made them.
    """
    if not is_invented():
        raise NotInvented("这不是演示城市，没有动它。\nThis is no demo city; it was left alone.")
    for digest in Upload.objects.values_list("digest", flat=True).distinct():
        default_storage.delete(path_of(digest))
    Session.objects.all().delete()
    person.cache_clear()
    call_command("migrate", "foundation", "zero", interactive=False, verbosity=0)
