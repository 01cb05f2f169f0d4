"""The firms of the demo city: nobody real, the same every time, and enough of them that policies pay, miss and ask."""

from datetime import timedelta

import pytest

from bihuan.academy import firms
from bihuan.academy.before import PACKS
from bihuan.academy.city import move_in
from bihuan.academy.diary import Diary, moment, person
from bihuan.academy.invented import Invented, invent
from bihuan.academy.lives import GO_LIVE, TODAY
from bihuan.academy.names import FIRM_MARK
from bihuan.academy.people import SUPERVISOR
from bihuan.computing import tables
from bihuan.computing.linking.proposals import open_pairs
from bihuan.computing.matching import ask, matched, totals
from bihuan.foundation.actions import adopt
from bihuan.foundation.grammar.credit_codes import credit_code
from bihuan.foundation.grammar.packs import load_pack
from bihuan.foundation.loading import shipped
from bihuan.foundation.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None) -> Invented:
    """People, the pack, and the firms."""
    invented = invent()
    move_in(invented)
    adopt(person(SUPERVISOR), load_pack(shipped()["enterprise_policy"]).files, None, moment(GO_LIVE - timedelta(days=4)))
    diary = Diary()
    firms.write(diary, invented)
    for deed in diary.deeds():
        deed.run(deed.at)
    person.cache_clear()
    return invented


def test_every_firm_is_marked_and_has_a_code_of_no_place(city: Invented) -> None:
    rows = list(Entry.objects.filter(register=firms.REGISTER).values_list("key", "title"))
    waiting = [key for key, _name in rows if key.startswith("待核")]
    assert (len(rows), len(waiting)) == (firms.MOST + len(firms.TWICE), len(firms.TWICE))
    rows = [row for row in rows if row[0] not in waiting]
    assert all(name.endswith(FIRM_MARK) and credit_code(code).startswith(firms.PLACE) for code, name in rows)
    assert city.enterprise() in {name for _, name in rows}


def test_the_firms_registered_twice_are_put_forward_and_nobody_else(city: Invented) -> None:
    columns = tables.current(TODAY)
    view = columns.catalogue.registers[firms.REGISTER]
    keys = dict(Entry.objects.filter(register=firms.REGISTER).values_list("pk", "key"))
    found = [(keys[pair.left], keys[pair.right]) for pair in open_pairs(columns, view)]
    assert len(found) == len(firms.TWICE)
    assert all(not left.startswith("待核") and right.startswith("待核") for left, right in found)


def test_policies_pay_miss_and_ask_for_what_is_missing(city: Invented) -> None:
    assert "enterprise_policy" in PACKS
    columns = tables.current(TODAY)
    with matched(columns, columns.catalogue.registers[firms.REGISTER], TODAY) as run:
        found = totals(run)
        bars = {row["bar"] for row in ask(run, "SELECT DISTINCT bar FROM allotted")}
    assert sum(total.paid > 0 for total in found) >= 20
    assert sum(total.unknown for total in found) > 100
    assert {"", "higher", "unless", "budget"} <= bars
