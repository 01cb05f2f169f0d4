"""What every answer tells the browser."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

from bihuan.portal.uploads import ALONE
from bihuan.portal.urls import ADDRESSES
from tests.portal import matrix
from tests.portal.conftest import SignIn

PORTAL = Path(__file__).resolve().parents[2] / "bihuan" / "portal"


def test_every_answer_is_strict_and_kept_by_nobody(sign_in: SignIn) -> None:
    held = matrix.things()
    for client in (Client(), sign_in("shi"), sign_in("shen")):
        for address in ADDRESSES:
            answer = client.get(matrix.address_of(address.name, held))
            policy = ALONE if answer.headers["Content-Type"].startswith("image/") else settings.CONTENT_SECURITY_POLICY
            assert answer.headers["Content-Security-Policy"] == policy, address.name
            assert "no-store" in answer.headers["Cache-Control"], address.name
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_policy_lets_nothing_in_from_outside() -> None:
    allowed = dict(part.strip().split(" ", 1) for part in settings.CONTENT_SECURITY_POLICY.split(";"))
    assert allowed["default-src"] == "'none'"
    assert allowed["script-src"] == "'self'"
    assert allowed["frame-ancestors"] == allowed["base-uri"] == "'none'"
    assert "http" not in settings.CONTENT_SECURITY_POLICY


def test_a_picture_somebody_sent_in_may_do_nothing_at_all() -> None:
    allowed = {part.strip() for part in ALONE.split(";")}
    assert {"default-src 'none'", "form-action 'none'", "frame-ancestors 'none'", "sandbox"} <= allowed
    assert not any(part.startswith(("script-src", "connect-src")) or "http" in part for part in allowed)


@override_settings(SECURE_HSTS_SECONDS=31_536_000)
def test_behind_https_browsers_are_told_to_stay_there(small_town: None) -> None:
    assert Client().get("/login/", secure=True).headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_pages_of_an_error_are_strict_too(small_town: None) -> None:
    answer = Client().get("/no/such/page/")
    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"] == settings.CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("module", sorted(PORTAL.glob("*.py")), ids=lambda path: path.stem)
def test_views_hold_no_writes_and_no_unguarded_reads(module: Path) -> None:
    """Tables are asked in the package `guarded` alone (`cited` looks up the sources of a paper it was given); everything is written by actions."""
    text = module.read_text("utf-8")
    if module.stem != "cited":
        assert re.findall(r"\.objects\b|_default_manager", text) == []
    assert re.findall(r"\.(?:save|delete)\(\)|\.(?:create|bulk_create|update_or_create)\(|csrf_exempt|mark_safe|\|safe\b", text) == []


def test_a_page_travels_at_a_fraction_of_its_size_and_never_twice_the_same(sign_in: SignIn) -> None:
    client = sign_in("shi")
    whole = client.get("/registers/city.works/")
    sent = [client.get("/registers/city.works/", headers={"Accept-Encoding": "gzip"}) for _ in range(2)]
    assert {answer.headers["Content-Encoding"] for answer in sent} == {"gzip"}
    assert max(len(answer.content) for answer in sent) < len(whole.content) / 3
    assert sent[0].content != sent[1].content
