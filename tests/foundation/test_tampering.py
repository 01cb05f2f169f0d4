"""Whoever changes the ledger behind its back is found: every field of an entry, every way of removing, inserting and exchanging."""

from typing import Any

import pytest
from django.db import connection

from bihuan.foundation import ledger
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import seal
from bihuan.foundation.ledger import Checkpoint, New, digest, text_of, writing
from bihuan.foundation.models import Event, Secret
from bihuan.foundation.verify import verify
from tests.foundation.city import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SIZE = 9
CHANGES = {
    "seq": 999,
    "at": "2020-01-01 00:00:00+00:00",
    "actor": "别人",
    "kind": "entry.changed",
    "register": "works.other",
    "entry": "P-999",
    "body": '{"amount":2}',
    "prev": "f" * 64,
    "hash": "f" * 64,
    "algorithm": "sm3",
}


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


@pytest.fixture
def unguarded(db: None) -> None:
    """A ledger of some entries, on a database whose owner has taken the triggers away."""
    with writing():
        for number in range(SIZE):
            ledger.append(New("member.signed_in", {"amount": number}, "王县", NOW, "works.projects", "P-001"))
    if connection.vendor == "sqlite":
        run("DROP TRIGGER event_refuses_update")
        run("DROP TRIGGER event_refuses_delete")
    else:
        run("ALTER TABLE foundation_event DISABLE TRIGGER USER")
    assert verify().sound


@pytest.mark.usefixtures("unguarded")
class TestWithoutACheckpoint:
    """What the chain finds by itself."""

    @pytest.mark.parametrize("seq", [1, 5, SIZE])
    @pytest.mark.parametrize("column", CHANGES)
    def test_a_changed_field_is_found_where_it_is(self, column: str, seq: int) -> None:
        run(f"UPDATE foundation_event SET {column} = %s WHERE seq = %s", CHANGES[column], seq)
        assert verify().first_bad == seq

    @pytest.mark.parametrize("seq", range(1, SIZE))
    def test_a_removed_entry_is_found(self, seq: int) -> None:
        run("DELETE FROM foundation_event WHERE seq = %s", seq)
        assert verify().first_bad == seq

    @pytest.mark.parametrize("seq", range(2, SIZE))
    def test_a_removed_entry_is_found_though_the_later_ones_close_ranks(self, seq: int) -> None:
        run("DELETE FROM foundation_event WHERE seq = %s", seq)
        for later in range(seq + 1, SIZE + 1):
            run("UPDATE foundation_event SET seq = %s WHERE seq = %s", later - 1, later)
        assert verify().first_bad == seq

    @pytest.mark.parametrize("seq", range(1, SIZE))
    def test_two_entries_exchanged_are_found(self, seq: int) -> None:
        for old, new in ((seq, 0), (seq + 1, seq), (0, seq + 1)):
            run("UPDATE foundation_event SET seq = %s WHERE seq = %s", new, old)
        assert verify().first_bad == seq

    @pytest.mark.parametrize("seq", range(1, SIZE))
    def test_an_inserted_entry_is_found(self, seq: int) -> None:
        for later in range(SIZE, seq, -1):
            run("UPDATE foundation_event SET seq = %s WHERE seq = %s", later + 1, later)
        Event(seq=seq + 1, at=NOW, actor="别人", kind="member.signed_in", body="{}", prev="e" * 64, hash="d" * 64, algorithm="sha256").save()
        assert verify().first_bad == seq + 1

    @pytest.mark.parametrize("body", ['{"amount": 4}', '{"amount":4,"amount":4}', '{"amount":4.0}', '{"amount":NaN}', "{", "[" * 20_000])
    def test_a_body_in_another_spelling_is_found(self, body: str) -> None:
        run("UPDATE foundation_event SET body = %s WHERE seq = 5", body)
        assert verify().first_bad == 5


def resealed_from(seq: int) -> None:
    """Compute every hash from an entry on again, as somebody with the database and the program could."""
    prev = Event.objects.get(seq=seq - 1).hash if seq > 1 else ledger.START
    for event in Event.objects.filter(seq__gte=seq).order_by("seq"):
        new = New(event.kind, {}, event.actor, event.at, event.register, event.entry)
        made = digest(event.algorithm, prev + text_of(event.seq, new, event.body))
        run("UPDATE foundation_event SET prev = %s, hash = %s WHERE seq = %s", f"{event.seq:064d}", made, event.seq)
        run("UPDATE foundation_event SET prev = %s WHERE seq = %s", prev, event.seq)
        prev = made


@pytest.mark.usefixtures("unguarded")
class TestWithACheckpoint:
    """What only a checkpoint kept outside finds; without one, it is not found."""

    @pytest.fixture
    def kept(self) -> Checkpoint:
        return ledger.checkpoint(NOW)

    @pytest.mark.parametrize("seq", range(1, SIZE + 1))
    def test_history_rewritten_with_all_its_hashes(self, seq: int, kept: Checkpoint) -> None:
        run("UPDATE foundation_event SET body = %s WHERE seq = %s", '{"amount":777}', seq)
        resealed_from(seq)
        assert verify().sound
        assert verify(kept).first_bad == SIZE

    @pytest.mark.parametrize("left", range(SIZE))
    def test_the_end_cut_off_or_an_old_copy_put_back(self, left: int, kept: Checkpoint) -> None:
        run("DELETE FROM foundation_event WHERE seq > %s", left)
        assert verify().sound
        assert not verify(kept).sound

    def test_an_old_copy_that_has_grown_beyond_the_checkpoint_again(self, kept: Checkpoint) -> None:
        run("DELETE FROM foundation_event WHERE seq > 3")
        with writing():
            for number in range(SIZE):
                ledger.append(New("member.signed_in", {"again": number}, "王县", NOW))
        assert verify().sound
        assert verify(kept).first_bad == SIZE

    def test_what_is_newer_than_the_checkpoint_is_not_protected_and_said_to_be_so(self, kept: Checkpoint) -> None:
        with writing():
            ledger.append(New("member.signed_in", {}, "王县", NOW))
        run("UPDATE foundation_event SET body = %s WHERE seq = %s", '{"amount":777}', SIZE + 1)
        resealed_from(SIZE + 1)
        report = verify(kept)
        assert report.sound
        assert report.uncovered == 1

    def test_a_seal_inside_the_ledger_that_names_another_history(self) -> None:
        seal(SYSTEM, NOW)
        run("UPDATE foundation_event SET body = replace(body, '\"size\":9', '\"size\":8') WHERE seq = %s", SIZE + 1)
        resealed_from(SIZE + 1)
        assert verify().first_bad == SIZE + 1


@pytest.mark.usefixtures("small_city")
def test_personal_data_changed_behind_the_ledgers_back_are_found() -> None:
    assert verify().sound
    secret: Any = Secret.objects.filter(subject="member 王县").first()
    Secret.objects.filter(pk=secret.pk).update(value='"别人"')
    assert not verify().sound
