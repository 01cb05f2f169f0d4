"""Long work that writes: the page that shows how far it is, what came of it, a refusal, and a process killed in the middle."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client

from bihuan import clock
from bihuan.computing.facts import Progress
from bihuan.foundation.models import Event, Member, PayList
from bihuan.portal import errands, policies
from bihuan.portal.errands import Errand
from tests.computing import firms
from tests.computing.conftest import DAY
from tests.computing.small import moment
from tests.conftest import ROOT

DRAFT = f"/policies/{firms.REGISTER}/draft/"
ASKED = Errand("拟表人", "拟表", "企业主库", "/there/", "已拟表，待复核")


@pytest.fixture
def city(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A firm that is to be paid, in a register that counts as large."""
    at = moment(DAY)
    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(policies, "LARGE", 0)
    firms.build(at)
    firms.firm(1, at, {"revenue": 10_000, "research": 400}, above_scale="是", size="小型", graduates="4")
    return at


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(Member.objects.get(pk=name))
    return client


def followed(client: Client, address: str) -> tuple[str, str]:
    """Look at the page of an errand until it leads on or has come to nothing: where it leads, and what it says."""
    for _look in range(200):
        answer = client.get(address)
        if answer.status_code == 302:
            return answer["Location"], ""
        text = answer.content.decode()
        if 'role="alert"' in text:
            return "", text
        time.sleep(0.05)
    raise AssertionError("it came to no end")


def test_a_list_of_a_large_register_is_drafted_and_confirmed_while_the_page_says_how_far_it_is(city: datetime) -> None:
    drafting, reviewing, confirming = map(signed_in, ("拟表人", "复核人", "批准人"))
    sent = drafting.post(DRAFT, {"on": "2025-07-08", "title": "上半年兑付表"})
    assert sent["Location"].startswith("/errands/")
    here, _ = followed(drafting, sent["Location"])
    paylist = PayList.objects.get()
    assert (here, paylist.title, paylist.payments.count()) == (f"/payments/{paylist.pk}/", "上半年兑付表", paylist.count)
    assert confirming.get(sent["Location"]).status_code == 404, "an errand is seen by whoever sent it"
    reviewing.post(f"{here}review/")
    assert reviewing.post(f"{here}confirm/")["Location"].startswith("/errands/")
    assert confirming.post(f"{here}drop/", {"reason": ""}).status_code in (403, 422)
    assert followed(confirming, confirming.post(f"{here}confirm/")["Location"]) == (here, "")
    assert PayList.objects.get().state == "confirmed"
    assert confirming.post(f"{here}confirm/").status_code == 404, "it was confirmed"


def test_what_is_refused_is_said_on_the_page_and_nothing_is_written(city: datetime) -> None:
    client = signed_in("拟表人")
    before = Event.objects.count()
    _, text = followed(client, client.post(DRAFT, {"on": "2020-01-01", "title": "太早"})["Location"])
    assert "没有一户可兑付" in text
    assert Event.objects.count() == before


def test_asked_for_twice_it_is_done_once_and_says_how_far_it_is() -> None:
    let_go, begun = threading.Event(), list[int]()

    def slow(_matching: Progress, writing: Progress) -> str:
        begun.append(1)
        writing(3, 8)
        let_go.wait(20)
        return "/here/"

    first, second = (errands.begin(ASKED, ("twice",), slow) for _time in range(2))
    assert first == second
    wait(lambda: errands.seen("拟表人", first), "running", 3)
    let_go.set()
    wait(lambda: errands.seen("拟表人", first), "done", 3)
    assert begun == [1]
    assert errands.seen("别人", first) is None
    assert errands.seen("拟表人", "../secret-key") is None


def test_before_anything_is_counted_it_says_that_the_register_is_read(city: datetime) -> None:
    let_go = threading.Event()

    def reading(_matching: Progress, _writing: Progress) -> str:
        let_go.wait(20)
        return "/here/"

    name = errands.begin(ASKED, ("reading",), reading)
    text = signed_in("拟表人").get(f"/errands/{name}/").content.decode()
    let_go.set()
    assert "正在取出台账里的数" in text
    assert "已算" not in text
    wait(lambda: errands.seen("拟表人", name), "done", 0)


def wait(look: Callable[[], Errand | None], state: str, part: int) -> None:
    for _look in range(200):
        found = look()
        if found and (found.state, found.part) == (state, part):
            return
        time.sleep(0.05)
    raise AssertionError(found)


@pytest.mark.slow
def test_whoever_is_killed_leaves_an_errand_that_is_gone_and_may_be_begun_again() -> None:
    script = (
        "import django, time; django.setup()\n"
        "from bihuan.portal import errands\n"
        "asked = errands.Errand('拟表人', '拟表', '企业主库', '/there/', '已拟表，待复核')\n"
        "print(errands.begin(asked, ('killed',), lambda _matching, _writing: time.sleep(60)), flush=True)\n"
        "time.sleep(60)\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bihuan.settings", "BIHUAN_HOME": str(settings.BIHUAN_HOME), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        running = errands.seen("拟表人", name)
        process.send_signal(signal.SIGKILL)
    gone = errands.seen("拟表人", name)
    assert [one.state for one in (running, gone) if one] == ["running", "gone"]
    assert errands.begin(ASKED, ("killed",), lambda _matching, _writing: "/again/") == name
    wait(lambda: errands.seen("拟表人", name), "done", 0)
