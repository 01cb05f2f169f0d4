"""What the ledger says to a reader: every kind of entry has its words, and a row's timeline speaks of that row alone."""

import pytest
from django.utils import translation

from bihuan.foundation.models import Event
from bihuan.foundation.projections import KINDS
from bihuan.portal import events
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
    assert [change["new"] for change in told["changes"]] == ["工程月报 2025-07"]


def test_a_timeline_says_record_and_not_how_many_others_were(sign_in: SignIn) -> None:
    page = sign_in("ling").get(f"/rows/{town.work('W-11').pk}/?tab=history")
    assert [event["what"] for event in page.context["history"]][-1] == "登记"
