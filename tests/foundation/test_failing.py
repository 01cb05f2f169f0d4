"""Whatever statement fails, an action is done wholly or not at all, and doing it again works."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.foundation.deeds import DEEDS

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Failing:
    """Fails the Nth statement that writes."""

    def __init__(self, at: int) -> None:
        self.at, self.seen = at, 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().startswith(READS):
            self.seen += 1
            if self.seen == self.at:
                raise OperationalError("disk I/O error")
        return execute(sql, params, many, context)


def dump() -> dict[str, list[str]]:
    """Every row of every table, in a fixed order."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


@pytest.mark.usefixtures("small_city")
def test_an_action_that_fails_at_any_statement_has_done_nothing() -> None:
    statements = 0
    for name, deed in DEEDS:
        before = dump()
        for number in range(1, 100):
            failing = Failing(number)
            with connection.execute_wrapper(failing):
                try:
                    deed()
                except OperationalError:
                    assert dump() == before, f"{name}: half done when statement {number} failed"
                else:
                    break
        assert dump() != before, f"{name}: did nothing at all"
        assert failing.seen == number - 1, f"{name}: a failed statement was swallowed"
        statements += number - 1
    assert statements > 2 * len(DEEDS), "each action writes at least an entry and its trace in a table"


@pytest.mark.usefixtures("small_city")
def test_the_harness_itself_finds_an_action_that_is_half_done() -> None:
    """A control: two appends without a common transaction are caught."""

    def two_deeds() -> None:
        for _name, deed in DEEDS[:2]:
            deed()

    before = dump()
    with connection.execute_wrapper(Failing(4)), pytest.raises(OperationalError):
        two_deeds()
    assert dump() != before
