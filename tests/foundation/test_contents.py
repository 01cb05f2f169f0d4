"""The kind of a file is what its bytes are, whatever its name says."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from bihuan.foundation.contents import kind_of, picture_of


def packed(*names: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (b"\xff\xd8\xff\xe0....JFIF", "图片"),
        (b"\x89PNG\r\n\x1a\n....", "图片"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "图片"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "手机照片"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "办公文档"),
        (packed("[Content_Types].xml", "word/document.xml"), "办公文档"),
        (packed("OFD.xml", "Doc_0/Document.xml"), "办公文档"),
        ("会议纪要：同意。".encode(), "文字"),
        ("会议纪要：同意。".encode("gb18030"), "文字"),
    ],
)
def test_what_serves_as_evidence_is_known_by_its_bytes(content: bytes, title: str) -> None:
    kind = kind_of(content)
    assert kind
    assert kind.title == title
    assert bool(kind.picture) == bool(picture_of(content))


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0 a program", b"\x7fELF\x02", b"#!/bin/sh\nrm", b"<svg onload=x>", b"  <!doctype html><script>", "\ufeff<html>".encode(),
        packed("a.exe"), packed("[Content_Types].xml", "word/vbaProject.bin"), b"\0\0\0\x18ftypisom a film", b"\x80\x00\xff nothing known",
    ],
)  # fmt: skip
def test_programs_pages_archives_and_macros_are_not_kept(content: bytes) -> None:
    assert kind_of(content) is None


def test_a_picture_is_told_by_its_first_bytes_alone() -> None:
    assert picture_of(b"\xff\xd8\xff" + b"x" * 61) == "image/jpeg"
    assert picture_of("照片.jpg".encode()) == ""
