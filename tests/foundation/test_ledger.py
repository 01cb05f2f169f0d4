"""The ledger: what it refuses to hold, how it chains, what the database refuses to change."""

import hashlib
import json
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation import ledger, triggers
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import record, seal
from bihuan.foundation.ledger import LedgerRefused, New, canonical, digest, is_canonical, read_after, writing
from bihuan.foundation.models import Event
from bihuan.foundation.verify import verify
from tests.foundation.city import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def append(**body: Any) -> Event:
    with writing():
        return ledger.append(New("member.signed_in", body, "王县", NOW))


@given(values)
def test_the_canonical_text_of_a_value_says_the_same_value_and_is_its_own_canonical_text(value: Any) -> None:
    try:
        text = canonical(value)
    except LedgerRefused:
        return  # two keys that are one in NFC
    assert canonical(json.loads(text)) == text
    assert is_canonical(text)
    assert text == unicodedata.normalize("NFC", text)
    assert text.encode("utf-8").decode("utf-8") == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [('{"a":"\\\\u0000"}', True), ('{"a":"\\u0000"}', False), ('{"a":"e\u0301"}', False), ('{"a":"\\u00e9"}', False), ('{"b":1,"a":1}', False)],
)
def test_another_spelling_is_told_from_the_canonical_one(text: str, canonical: bool) -> None:
    try:
        assert is_canonical(text) == canonical
    except LedgerRefused:
        assert not canonical


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), {"a": 0.1}, "\ud800", "a\0b", {1: "a"}, 2**63, b"x", {"\u00e9": 1, "e\u0301": 2}, {1, 2}, NOW],
    ids=repr,
)
def test_what_two_languages_would_write_differently_is_refused(value: Any) -> None:
    with pytest.raises(LedgerRefused):
        canonical(value)


def test_money_of_the_largest_city_survives_the_ledger_and_the_database() -> None:
    fen = 1_234_567_890_123_456  # 12,345,678,901,234.56 yuan
    append(fen=fen)
    assert json.loads(Event.objects.get(seq=1).body)["fen"] == fen


def test_entries_are_numbered_without_a_gap_and_each_names_the_hash_before_it() -> None:
    events = [append(number=number) for number in range(5)]
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    assert [event.prev for event in events] == [ledger.START, *(event.hash for event in events[:-1])]
    assert [event.seq for event in read_after(2, limit=2)] == [3, 4]


def test_anybody_can_compute_a_hash_again_from_the_table_alone() -> None:
    """A second verifier, of a few lines, that uses none of our code."""
    append(text="濮阳县 “在建”", amount=100)
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, actor, kind, register, entry, body, prev, hash FROM foundation_event")
        seq, actor, kind, register, entry, body, prev, kept = cursor.fetchone()
    at = Event.objects.get().at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    whole = {"actor": actor, "at": at, "body": json.loads(body), "entry": entry, "kind": kind, "register": register, "seq": seq}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256((prev + text).encode()).hexdigest() == kept


def test_a_rolled_back_entry_leaves_no_gap() -> None:
    append()
    with writing():
        append()
        transaction.set_rollback(True)
    assert append().seq == 2


def test_an_entry_is_appended_inside_a_transaction_only(transactional_db: None) -> None:
    append()
    with pytest.raises(LedgerRefused, match="writing"):
        ledger.append(New("member.signed_in", {}, "王县", NOW))
    assert Event.objects.count() == 1


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(LedgerRefused, match="时区"), writing():
        ledger.append(New("member.signed_in", {}, "王县", datetime(2025, 7, 8)))  # noqa: DTZ001


@pytest.mark.parametrize("statement", ["UPDATE foundation_event SET actor = '别人'", "DELETE FROM foundation_event WHERE seq = 1"])
def test_the_database_itself_refuses_to_change_the_ledger(statement: str) -> None:
    append()
    assert triggers.stand()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_triggers_that_were_taken_away_are_put_back() -> None:
    triggers.take_down(connection)
    assert not triggers.stand()
    for _ in range(2):
        triggers.put_up(connection)
        assert triggers.stand()


def test_a_fork_of_the_chain_is_refused_by_the_database() -> None:
    first = append()
    twin = Event(seq=7, at=NOW, actor="", kind="", body="{}", prev=first.prev, hash="0" * 64, algorithm="sha256")
    with pytest.raises(DatabaseError), transaction.atomic():
        twin.save(force_insert=True)


def test_a_city_may_chain_with_sm3(settings: Any) -> None:
    append()
    settings.BIHUAN_HASH = "sm3"
    event = append()
    assert event.algorithm == "sm3"
    assert digest("sm3", "abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert verify().sound


def test_an_algorithm_nobody_vouches_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LedgerRefused, match="md5"):
        digest("md5", "abc")
    monkeypatch.setitem(ledger.KNOWN_ANSWERS, "sha512", "0" * 128)
    with pytest.raises(LedgerRefused, match="已知答案"):
        digest("sha512", "abc")


def test_a_checkpoint_reads_back_as_written() -> None:
    append()
    from_text = ledger.read_checkpoint(ledger.checkpoint(NOW).text())
    assert from_text == ledger.checkpoint(NOW)
    for broken in ("", "bihuan checkpoint\nsize 1", from_text.text().replace("size 1", "size one"), from_text.text()[:-60]):
        with pytest.raises(LedgerRefused):
            ledger.read_checkpoint(broken)


def test_a_seal_covers_everything_before_it() -> None:
    append()
    made = seal(SYSTEM, NOW)
    assert made.size == 1
    record(New("member.signed_in", {}, "王县", NOW + timedelta(days=1)))
    report = verify(made)
    assert report.sound
    assert report.uncovered == 2
