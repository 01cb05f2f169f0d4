"""Who may ask for what: every address of the site, every role, every method, held against a table that people have read."""

import os
from pathlib import Path

from django.test import Client

from bihuan.foundation.models import Member
from bihuan.portal.urls import ADDRESSES
from tests.portal import matrix

TABLE = Path(__file__).with_name("permissions.txt")
OPENLY_DJANGOS = {"language/"}
"""Addresses that Django itself answers, for everybody: the choice of a language."""


def test_every_address_of_the_site_is_declared_with_its_roles() -> None:
    assert set(matrix.routes()) == {address.route for address in ADDRESSES} | OPENLY_DJANGOS


def test_everybody_gets_what_the_table_says(small_town: None) -> None:
    found = matrix.written()
    if os.environ.get("WRITE_PERMISSIONS"):
        TABLE.write_text(found, "utf-8")
    assert found == TABLE.read_text("utf-8")


def test_nothing_is_written_without_a_token(small_town: None) -> None:
    held = matrix.things()
    for username in ("wei", "du", "qi", "shen"):
        client = Client(enforce_csrf_checks=True)
        client.force_login(Member.objects.get(pk=username))
        for address in ADDRESSES:
            if "POST" in address.methods:
                answer = client.post(matrix.address_of(address.name, held), {"reason": "x"})
                assert answer.status_code == 403, (username, address.name)


def test_the_choice_of_a_language_needs_a_token_too(small_town: None) -> None:
    assert Client(enforce_csrf_checks=True).post("/language/", {"language": "en"}).status_code == 403
