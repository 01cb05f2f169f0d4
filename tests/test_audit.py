"""The audit that every test runs under catches each way of writing behind the ledger's back, and lets the one way pass."""

from collections.abc import Callable

import pytest
from django.db import connection

from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import OfficeGiven, set_office
from bihuan.foundation.models import Office
from tests.audit import tampering, watching
from tests.foundation.city import NOW


def _raw() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_office SET name = '改过的'")


def _saved() -> None:
    office = Office.objects.get()
    office.name = "改过的"
    office.save()


BYPASSES: dict[str, Callable[[], object]] = {
    "save": _saved,
    "update": lambda: Office.objects.update(name="改过的"),
    "create": lambda: Office.objects.create(code="乙县", name="乙县", kind="county", path="/乙县/", seq=1),
    "bulk_create": lambda: Office.objects.bulk_create([Office(code="乙县", name="乙县", kind="county", path="/乙县/", seq=1)]),
    "delete": lambda: Office.objects.all().delete(),
    "a raw statement": _raw,
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", BYPASSES)
def test_a_bypass_is_caught(way: str) -> None:
    set_office(SYSTEM, OfficeGiven("甲县", "county"), NOW)
    with tampering(), watching() as audit:
        BYPASSES[way]()
    assert len(audit.unrecorded()) == 1


@pytest.mark.django_db
def test_an_action_passes() -> None:
    with watching() as audit:
        set_office(SYSTEM, OfficeGiven("甲县", "county"), NOW)
    assert audit.writes
    assert audit.unrecorded() == []
