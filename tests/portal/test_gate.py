"""Too many requests at once are told to come again; nobody waits long, and signing in has a gate of its own."""

import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from bihuan.portal.gate import HEAVY, LOGIN, ORDINARY, PLACES, WAITING, Gate, kind_of, limit_requests

FACTORY = RequestFactory()


def test_a_third_request_waits_for_a_place_and_gets_it() -> None:
    running, go = threading.Semaphore(0), threading.Event()

    def slow(_request: HttpRequest) -> HttpResponse:
        running.release()
        go.wait(5)
        return HttpResponse("done")

    view = limit_requests(slow)
    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(view, FACTORY.get("/desk/")) for _ in range(3)]
        assert running.acquire(timeout=5)
        assert running.acquire(timeout=5)
        assert not running.acquire(timeout=0.1), "two at a time"
        go.set()
        assert {answer.result().status_code for answer in answers} == {200}


def test_whoever_finds_no_place_is_told_when_to_come_again() -> None:
    go = threading.Event()
    view = limit_requests(lambda _request: HttpResponse(str(go.wait(5))))
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(view, FACTORY.get("/desk/")) for _ in range(3)]
        [answered] = wait(answers, timeout=5, return_when=FIRST_COMPLETED).done  # the two inside are still running
        go.set()
    busy = answered.result()
    assert busy.status_code == 503
    assert busy.headers["Retry-After"] == "2"
    assert "此刻访问的人太多" in busy.content.decode()


def test_nobody_joins_a_queue_that_could_not_be_served_in_time() -> None:
    go = threading.Event()
    view = limit_requests(lambda _request: HttpResponse(str(go.wait(10))))
    places = PLACES[ORDINARY] * (1 + WAITING)
    with ThreadPoolExecutor(places + 1) as pool:
        inside = [pool.submit(view, FACTORY.get("/desk/")) for _ in range(places)]
        _filled(pool, places)
        assert view(FACTORY.get("/desk/", headers={"Cookie": "django_language=en"})).content.decode().count("Too many people are here just now")
        go.set()
        assert {answer.result().status_code for answer in inside} <= {200, 503}


def _filled(pool: ThreadPoolExecutor, places: int) -> None:
    """Wait until every one of the requests has a thread of its own."""
    end = time.monotonic() + 5
    while len(pool._threads) < places and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.1)


def test_a_slow_sign_in_takes_no_place_from_others() -> None:
    go = threading.Event()

    def view(request: HttpRequest) -> HttpResponse:
        if request.path == "/login/":
            go.wait(5)
        return HttpResponse()

    guarded = limit_requests(view)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(guarded, FACTORY.post("/login/"))
        assert guarded(FACTORY.get("/desk/")).status_code == 200
        go.set()
        assert slow.result().status_code == 200


def test_a_view_that_fails_gives_its_place_back() -> None:
    gate = Gate(1, wait=0.01)
    for _ in range(3):
        try:
            with gate.place():
                raise ZeroDivisionError
        except ZeroDivisionError:
            continue


def test_requests_are_sorted_by_what_they_cost() -> None:
    assert kind_of(FACTORY.post("/login/")) == kind_of(FACTORY.post("/demo/")) == LOGIN
    assert kind_of(FACTORY.get("/login/")) == kind_of(FACTORY.get("/desk/")) == ORDINARY
    assert kind_of(FACTORY.post("/uploads/3/confirm/")) == kind_of(FACTORY.get("/registers/a.b/export/list.csv")) == HEAVY
