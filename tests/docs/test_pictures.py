"""The pictures are of the pages, small, and all of them used."""

import re
import struct

from tests.docs.pages import OURS, ROOT, text_of

FOLDER = ROOT / "docs" / "pictures"
MOST_TOGETHER = 1_500_000


def size(name: str) -> tuple[int, int]:
    """Width and height as the frame of a JPEG file says."""
    content = (FOLDER / name).read_bytes()
    assert content[:2] == b"\xff\xd8"
    place = 2
    while content[place + 1] not in (0xC0, 0xC1, 0xC2):  # every segment before the frame says how long it is
        place += 2 + int.from_bytes(content[place + 2 : place + 4])
    height, width = struct.unpack(">HH", content[place + 5 : place + 9])
    return width, height


def test_together_they_weigh_little() -> None:
    assert sum(picture.stat().st_size for picture in FOLDER.iterdir()) <= MOST_TOGETHER


def test_every_picture_is_shown_somewhere_with_a_description() -> None:
    shown = {name for page in OURS for _, name in re.findall(r"!\[([^\]]+)\]\([^)]*pictures/([^)]+)\)", text_of(page))}
    assert {picture.name for picture in FOLDER.iterdir()} == shown


def test_they_are_of_a_desk_or_of_a_phone() -> None:
    for picture in FOLDER.iterdir():
        width, height = size(picture.name)
        assert width in (1440, 390), picture.name
        assert height <= 2400, picture.name
