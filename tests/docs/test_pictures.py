"""The pictures are of the pages, small, and all of them used."""

import re
import struct

from tests.docs.pages import OURS, ROOT, text_of

FOLDER = ROOT / "docs" / "pictures"
MOST_TOGETHER = 1_500_000


def size(name: str) -> tuple[int, int]:
    """Width and height as the head of a PNG file says."""
    head = (FOLDER / name).read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_together_they_weigh_little() -> None:
    assert sum(picture.stat().st_size for picture in FOLDER.iterdir()) <= MOST_TOGETHER


def test_every_picture_is_shown_somewhere_with_a_description() -> None:
    shown = {name for page in OURS for _, name in re.findall(r"!\[([^\]]+)\]\([^)]*pictures/([^)]+)\)", text_of(page))}
    assert {picture.name for picture in FOLDER.iterdir()} == shown


def test_they_are_of_a_desk_or_of_a_phone() -> None:
    for picture in FOLDER.iterdir():
        width, height = size(picture.name)
        assert width in (1440, 780), picture.name
        assert height <= 2400, picture.name
