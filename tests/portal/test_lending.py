"""However many threads a server has, it holds as many connections to the database as requests run at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from bihuan.foundation import ledger
from bihuan.portal.gate import ORDINARY, PLACES, limit_requests
from bihuan.portal.lending import lend_connection

DESK = RequestFactory().get("/desk/")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_threads_take_turns_with_the_connections_of_the_places() -> None:
    used, together = list[BaseDatabaseWrapper](), threading.Barrier(PLACES[ORDINARY])

    def asks(_request: HttpRequest) -> HttpResponse:
        together.wait(10)
        used.append(connections["default"])
        return HttpResponse(str(ledger.head()[0]))

    view = limit_requests(lend_connection(asks))
    with ThreadPoolExecutor(12) as pool:
        answers = [answer.result() for answer in [pool.submit(view, DESK) for _ in range(12)]]
        left_open = [connection is not None for connection in pool.map(lambda _number: connections["default"].connection, range(12))]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"0")}
    assert len(set(map(id, used))) == PLACES[ORDINARY]
    assert not any(left_open)
    for one in used:
        one.close()


@pytest.mark.django_db
def test_a_thread_with_a_connection_keeps_its_own() -> None:
    connection.ensure_connection()
    seen = list[object]()
    lend_connection(lambda _request: seen.append(connections["default"].connection) or HttpResponse())(DESK)
    assert seen == [connection.connection]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_left_within_a_transaction_is_not_lent_on() -> None:
    left, used = iter((True, False)), list[tuple[BaseDatabaseWrapper, object]]()

    def asks(_request: HttpRequest) -> HttpResponse:
        ledger.head()
        used.append((connections["default"], connections["default"].connection))
        if next(left):
            connections["default"].set_autocommit(False)
        return HttpResponse()

    view = lend_connection(asks)
    with ThreadPoolExecutor(1) as pool:
        assert [pool.submit(view, DESK).result().status_code for _ in range(2)] == [200, 200]
    assert used[0][0] is used[1][0]
    assert used[0][1] is not used[1][1]
    used[0][0].close()
