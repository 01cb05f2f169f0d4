"""A file becomes lines of text. What others sent is taken apart in a limited child process; nothing in it is ever run or fetched.

========  ==========================================================================================================
txt, md   UTF-8, UTF-16 by its mark, GB18030; a file that mixes encodings is decoded line by line
html      the text of its blocks, one line each; scripts and styles are left out
docx      the text of paragraphs and table rows
pdf       its text layer, page by page; a scan without one is refused, and told so
limits    50 MB, 2,000 pages, 3 million characters, 1 GB of memory, 60 s of processor, 120 s of wall time
========  ==========================================================================================================
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bihuan.foundation.confined import answer_of
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.sheets.cells import MB, Unreadable

Kind = Literal["txt", "html", "docx", "pdf"]

LARGEST = 50 * MB
MOST_LETTERS = 3_000_000
WALL_SECONDS = 120

_CHILD = "bihuan.computing.reading.child"
_ZIP, _PDF, _OLD_OFFICE = b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body|<\?xml[^>]*>\s*<!doctype html|<\?xml[^>]*>\s*<html)", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """A file as lines, counted from 1. ``note`` says what was odd about it, empty where nothing was; both languages."""

    name: str
    kind: Kind
    lines: tuple[str, ...]
    note: tuple[str, str] = ("", "")


def read_document(path: Path) -> Document:
    """The lines of a txt, html, docx or pdf. Raises Unreadable, which says what is wrong and what to do; nothing else."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise _refused(f"打不开文件 {path}：{error.strerror}", f"cannot open {path}: {error.strerror}") from error
    return document_of(content, path.name)


def document_of(content: bytes, name: str) -> Document:
    """The lines of a file already in memory, by its content; ``name`` only helps to say what it is not."""
    kind = kind_of(content, name)
    lines: list[str] = []
    note = ("", "")
    with answer_of(_CHILD, [kind, str(MOST_LETTERS)], content, WALL_SECONDS) as answer:
        finished = False
        for said in map(json.loads, answer or ()):
            if "refused" in said:
                raise _refused(*said["refused"])
            lines += said.get("lines", [])
            note = tuple(said["note"]) if "note" in said else note
            finished = "end" in said
    if not finished:
        raise _refused(
            "太大或太复杂，在限定的时间和内存内读不完；请拆成几个文件，或另存为 txt",
            "it is too large or too intricate to be read within the time and memory allowed; split it, or save it as txt",
        )
    return Document(name, kind, tuple(lines), note)


def kind_of(content: bytes, name: str) -> Kind:
    """What a file is, by its first bytes. Raises Unreadable for what is no document that can be read."""
    if not content.strip():
        raise _refused("文件是空的", "the file is empty")
    if len(content) > LARGEST:
        raise _refused(f"文件超过 {LARGEST // MB} MB；请拆成几个文件", f"the file is larger than {LARGEST // MB} MB; split it")
    if content.startswith(_PDF) or b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(_OLD_OFFICE):
        raise _old_office(content)
    if content.startswith(_ZIP):
        if b"word/" in content:
            return "docx"
        raise _refused(
            "压缩包里没有 Word 正文，这不是 docx；请另存为 docx、pdf 或 txt",
            "the archive holds no Word text and is no docx; save it as docx, pdf or txt",
        )
    if _MARKUP.match(content[:2000].lstrip(b"\xef\xbb\xbf")):
        return "html"
    if content[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\0" in content[:4000]:
        suffix = name.rpartition(".")[2][:12]
        raise _refused(
            f"这不是文字文件（.{suffix}）；请另存为 docx、pdf 或 txt", f"this is no text (.{suffix}); save it as docx, pdf or txt"
        )
    return "txt"


def _old_office(content: bytes) -> Unreadable:
    if _ENCRYPTED in content:
        return _refused("文件加了密；请去掉密码后再读", "the file is encrypted; remove the password first")
    return _refused("这是旧版 Word（.doc）或 WPS 格式；请另存为 docx", "this is an old Word (.doc) or WPS file; save it as docx")


def _refused(what: str, what_en: str) -> Unreadable:
    return Unreadable(Refused(what, what_en))
