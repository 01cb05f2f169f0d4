"""What the ledger says to a reader: every kind of entry has its words, and a row's timeline speaks of that row alone."""

import pytest
from django.test import RequestFactory
from django.utils import translation

from bihuan.foundation import ledger
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.excerpts import Excerpts, apart
from bihuan.foundation.models import Event, Trace
from bihuan.foundation.projections import KINDS
from bihuan.portal import events
from bihuan.portal.visits import Visit
from tests.portal import town
from tests.portal.conftest import SignIn


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_entry_is_worded_in_both_languages(kind: str) -> None:
    with translation.override("zh-hans"):
        chinese = events.kind_word(kind)
    with translation.override("en"):
        english = events.kind_word(kind)
    assert chinese != kind
    assert not chinese.isascii()
    assert english not in (kind, chinese)
    assert english.isascii()


def test_a_rows_timeline_tells_only_of_its_own_duties(sign_in: SignIn) -> None:
    shared = Event.objects.filter(kind="duties.changed").latest("seq")
    assert "W-10" in shared.body
    assert "W-20" in shared.body
    page = sign_in("ling").get(f"/rows/{town.work('W-10').pk}/?tab=history")
    (told,) = [event for event in page.context["history"] if event["seq"] == shared.seq]
    assert [change["new"] for change in told["changes"]] == ["工程月报（2025年7月）"]


def test_a_timeline_says_record_and_not_how_many_others_were(sign_in: SignIn) -> None:
    page = sign_in("ling").get(f"/rows/{town.work('W-11').pk}/?tab=history")
    assert [event["what"] for event in page.context["history"]][-1] == "登记"


def test_what_is_read_of_a_long_entry_says_of_a_row_what_the_whole_says(sign_in: SignIn) -> None:
    sign_in("ling")
    visit = Visit(RequestFactory().get("/"), SYSTEM, None, town.NOW, ledger.head())
    compared = set[str]()
    for trace in Trace.objects.select_related("entry"):
        event, row = Event.objects.get(pk=trace.seq), trace.entry
        of_row = Event(seq=event.seq, kind=event.kind, actor=event.actor, at=event.at, register=event.register, body=apart(event.body).about(row))
        assert events.timeline(visit, [of_row], row, 1_000) == [said | {"hash": ""} for said in events.timeline(visit, [event], row, 1_000)]
        compared.add(event.kind)
    assert {"entries.recorded", "figures.recorded", "judged", "duties.changed"} <= compared


def test_an_entry_is_taken_apart_once_and_the_oldest_is_let_go() -> None:
    kept, body = Excerpts(most=100), '{"rows":[{"data":{},"id":7,"key":"A"}]}'
    assert kept.held(1, "a") is None
    assert kept.put(1, "a", body) is kept.held(1, "a")
    assert kept.held(1, "b") is None
    kept.put(2, "c", body)
    kept.held(1, "a")
    kept.put(3, "d", body)
    assert [kept.held(seq, digest) is not None for seq, digest in ((1, "a"), (2, "c"), (3, "d"))] == [True, False, True]
