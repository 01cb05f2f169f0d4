"""The tables are what the ledger says: replayed they come out equal, and whatever was changed beside it is named."""

from itertools import zip_longest
from typing import Any

import pytest
from django.db import connection, models, transaction

from bihuan.foundation import projections, replaying
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Duty, Entry, Event, Figure, Member, Office, Secret, Verdict
from bihuan.foundation.projections import EXEMPT, KEPT, KINDS, PROJECTED
from bihuan.foundation.verify import verify
from tests.audit import tampering
from tests.foundation.city import NOW
from tests.foundation.deeds import do_everything

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def lived_in(small_city: None) -> None:
    """The small city after every action was done in it."""
    do_everything()


def columns() -> list[tuple[type[models.Model], str]]:
    return [
        (model, field.attname)
        for model in PROJECTED
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in KEPT.get(model, {})
    ]


def another(field: Any, value: Any) -> Any:
    """A value of the same kind that is not this one."""
    if isinstance(field, models.ForeignKey):
        keys = field.related_model._default_manager.exclude(pk=value).values_list("pk", flat=True)
        return keys.first()
    match field:
        case models.BooleanField():
            return not value
        case models.DateTimeField():
            return NOW.replace(year=2031)
        case models.DateField():
            return NOW.replace(year=2031).date()
        case models.IntegerField():
            return (value or 0) + 1
        case models.JSONField():
            return ["别的"]
        case _:
            return "别的" if value != "别的" else "另外的"


def test_after_every_action_the_replayed_tables_are_equal(lived_in: None) -> None:
    comparison = replaying.compare()
    assert comparison.differences == ()
    assert comparison.rows > 60
    assert verify().sound


def test_every_kind_of_entry_was_replayed(lived_in: None) -> None:
    others = {"city.invented", "tables.rebuilt", "duties.changed", "entries.recorded"}
    assert set(KINDS) - set(Event.objects.values_list("kind", flat=True)) <= others


def test_every_table_has_rows_to_compare(lived_in: None) -> None:
    assert [model.__name__ for model in PROJECTED if not model._default_manager.exists()] == []


def test_a_change_of_any_column_beside_the_ledger_is_named(lived_in: None) -> None:
    with replaying.scratch() as using, tampering():
        last = replaying.catch_up(using, 0)
        by_model: dict[type[models.Model], list[str]] = {}
        for model, column in columns():
            by_model.setdefault(model, []).append(column)
        # One column of each table at a time: they are all named, and nothing else is.
        for together in zip_longest(*([(model, column) for column in of] for model, of in by_model.items())):
            with transaction.atomic():
                changed = sorted((change(model, column) for model, column in filter(None, together)))
                found = replaying.compared(using, last).differences
                transaction.set_rollback(True)
            assert sorted((one.table, one.field) for one in found) == [(table, field) for table, field, _ in changed]
            assert all(number in one.row for one, (*_, number) in zip(sorted(found, key=lambda one: (one.table, one.field)), changed, strict=True))


def change(model: type[models.Model], column: str) -> tuple[str, str, str]:
    """Give the newest row of a table another value beside the ledger; gives the table, the column and the row's own key."""
    row = model._default_manager.latest("pk")
    field = next(field for field in model._meta.concrete_fields if field.attname == column)
    model._default_manager.filter(pk=row.pk).update(**{column: another(field, getattr(row, column))})
    return model._meta.db_table, column, str(row.pk)


def test_a_row_removed_or_added_beside_the_ledger_is_named(lived_in: None) -> None:
    with tampering():
        gone = Figure.objects.latest("id").pk
        Figure.objects.filter(pk=gone).delete()
        Office.objects.create(code="假单位", name="假单位", kind="county", path="/假单位/", seq=1)
    found = {(one.table, one.row.split()[0], one.ledger, one.found) for one in replaying.compare().differences}
    assert found == {("foundation_figure", str(gone), "有", "无"), ("foundation_office", "假单位", "无", "有")}


def test_a_rebuild_puts_back_what_the_ledger_says_and_keeps_the_passwords(lived_in: None) -> None:
    password = Member.objects.get(pk="新人").password
    assert password
    with tampering():
        Entry.objects.update(title="改过的")
        Verdict.objects.all().delete()
        Duty.objects.update(level=9)
    before = replaying.rebuild(NOW)
    assert before.count > 3
    assert replaying.compare().count == 0
    assert Member.objects.get(pk="新人").password == password
    assert body_of(Event.objects.latest("seq")) == {"differences": before.count}


def test_every_table_is_either_built_from_the_ledger_or_exempt_for_a_reason() -> None:
    names = {entry if isinstance(entry, str) else entry._meta.db_table for entry in (*PROJECTED, *EXEMPT)}
    assert set(connection.introspection.table_names()) == names
    assert all(len(reason) > 10 for reason in EXEMPT.values())
    assert not {model for model in PROJECTED if model in EXEMPT}


def test_a_kind_this_version_does_not_know_stops_the_replay() -> None:
    event = Event(seq=1, at=NOW, kind="entry.teleported", body="{}")
    with pytest.raises(projections.UnknownKind, match="teleported"):
        projections.apply(event)


def test_what_was_forgotten_is_nowhere_in_the_database(lived_in: None) -> None:
    """Neither the ledger nor any table still holds the contact's name, phone, or the person's; the chain verifies all the same."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            text = repr(cursor.fetchall())
            assert not [word for word in ("李四", "13912345678", "新人本名") if word in text], table
    assert Secret.objects.filter(erased=True).count() >= 4
    assert verify().sound
