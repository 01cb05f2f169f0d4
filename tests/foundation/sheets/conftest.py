"""A small city with a few projects, and the ways the tests check and confirm a sheet."""

from collections.abc import Callable

import pytest

from bihuan.foundation.actions import receive_upload
from bihuan.foundation.sheets.checking import check
from bihuan.foundation.sheets.confirming import ANY_COLUMNS, Agreed, Confirmed, confirm
from bihuan.foundation.sheets.findings import Asked, Checked
from bihuan.foundation.sheets.reading import read_sheet
from tests.foundation import city

Check = Callable[..., Checked]
Confirm = Callable[..., Confirmed]


@pytest.fixture
def projects(small_city: None) -> None:
    """P-001 to P-003 in 濮阳县, P-004 in 清丰县."""
    for code in ("P-001", "P-002", "P-003"):
        city.project(code)
    city.project("P-004", "清丰县")


@pytest.fixture
def checked() -> Check:
    """Check a file as somebody."""

    def run(content: bytes, *, period: str = "", who: str = "王县", name: str = "月报.xlsx", register: str = city.PROJECTS) -> Checked:
        return check(read_sheet(content, name), Asked(register, "", period), city.actor(who), city.NOW)

    return run


@pytest.fixture
def confirmed() -> Confirm:
    """Send a file and confirm it as somebody."""

    def run(
        content: bytes, *, period: str = "", who: str = "王县", name: str = "月报.xlsx", agreed: Agreed | None = None, register: str = city.PROJECTS
    ) -> Confirmed:
        actor = city.actor(who)
        upload = receive_upload(actor, register, ANY_COLUMNS, name, content, city.NOW)
        return confirm(upload, Asked(register, "", period), agreed or Agreed(), actor, city.NOW)

    return run
