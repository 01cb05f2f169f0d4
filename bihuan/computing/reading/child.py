"""The process in which a document is taken apart. It reads the file from standard input and writes lines of JSON, as :mod:`confined` says."""

from __future__ import annotations

import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import pypdfium2
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bihuan.foundation.confined import Bounds, restrain

BOUNDS = Bounds(memory=1024 * 1024 * 1024, processor_seconds=60, written=64 * 1024 * 1024, files=32)
MOST_PAGES = 2000
LARGEST_PART = 100 * 1024 * 1024

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLOCKS = frozenset("p div br li tr h1 h2 h3 h4 h5 h6 table section article header footer title dt dd blockquote pre".split())
_UNSEEN = frozenset("script style noscript template svg".split())
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SCAN = 8
"""Characters a page; below it, on average, a pdf has no text layer worth the name."""


class _Refusal(Exception):
    """Why a file is not read, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.reason = [zh, en]


def main(kind: str, letters: int) -> int:
    """Read standard input as ``kind`` and write its lines to standard output."""
    restrain(BOUNDS)
    content = sys.stdin.buffer.read()
    read = {"txt": _text, "html": _html, "docx": _docx, "pdf": _pdf}[kind]
    try:
        left = letters
        for line in read(content):
            left -= len(line) + 1
            if left < 0:
                raise _Refusal(f"文字超过 {letters} 个字；请拆成几个文件", f"there are more than {letters} characters; split the file")
            _say({"lines": [line]})
        _say({"end": True})
    except _Refusal as refusal:
        _say({"refused": refusal.reason})
    except (
        ParseError,
        DefusedXmlException,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        KeyError,
        pypdfium2.PdfiumError,
    ):
        _say({"refused": ["文件已损坏；请用原来的软件打开检查后另存", "the file is damaged; open it where it was made and save it again"]})
    except MemoryError:
        _say({"refused": ["内容太多，读不完；请拆成几个文件", "there is too much in it to read; split it"]})
    sys.stdout.flush()
    return 0


def _text(content: bytes) -> Iterator[str]:
    """The lines of a text file."""
    text, mixed = _decoded(content)
    if mixed:
        _say({"note": [f"文件混用了编码，{mixed} 行按另一种编码读", f"the file mixes encodings; {mixed} line(s) were read in another one"]})
    yield from re.split(r"\r\n|\r|\n|\f|\u2028|\u2029", text)


def _decoded(content: bytes) -> tuple[str, int]:
    """The text of a file, and how many of its lines were in another encoding than the rest."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace"), 0
    for name in ("utf-8", "gb18030"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "utf-8" or not _mixed(content):
            return text, 0
    lines = [_line(line) for line in content.split(b"\n")]
    return "\n".join(text for text, _ in lines), min(sum(odd for _, odd in lines), sum(not odd for _, odd in lines))


def _mixed(content: bytes) -> bool:
    """Whether a file that passes as GB18030 holds lines that are UTF-8: three such lines are no accident, one of many characters neither."""
    lines = [line for line in content.split(b"\n") if not line.isascii()]
    return any(_is_utf8(line) and len(line) >= 9 for line in lines)


def _is_utf8(line: bytes) -> bool:
    try:
        return bool(re.search("[\u4e00-\u9fff]{3}", line.decode("utf-8")))
    except UnicodeDecodeError:
        return False


def _line(line: bytes) -> tuple[str, bool]:
    """One line by itself; whether it was GB18030."""
    try:
        return line.decode("utf-8"), False
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace"), True


class _Blocks(HTMLParser):
    """Collects the text of a page, one line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; a cell stands apart from the one before it."""
        if tag in _UNSEEN:
            self.hidden += 1
        elif tag in _BLOCKS:
            self.lines.append("")
        elif tag in ("td", "th"):
            self.lines[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        """A block ends its line."""
        if tag in _UNSEEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        """Text, with the line breaks of its source taken as blanks."""
        if not self.hidden:
            self.lines[-1] += re.sub(r"\s+", " ", data)


def _html(content: bytes) -> Iterator[str]:
    named = _CHARSET.search(content[:4000])
    text = ""
    if named and named[1].lower() not in (b"utf-8", b"utf8"):
        encoding = "gb18030" if named[1].lower().startswith(b"gb") else named[1].decode("ascii", "replace")
        try:
            text = content.decode(encoding, "replace")
        except LookupError:
            text = ""
    blocks = _Blocks()
    blocks.feed(text or _decoded(content)[0])
    blocks.close()
    yield from (line.strip() for line in blocks.lines if line.strip())


def _docx(content: bytes) -> Iterator[str]:
    """Paragraphs and table rows of the main part of a Word file."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        part = archive.getinfo("word/document.xml")
        if part.flag_bits & 1:
            raise _Refusal("文件加了密；请去掉密码后再读", "the file is encrypted; remove the password first")
        if part.file_size > LARGEST_PART:
            raise _Refusal("正文太大，读不完；请拆成几个文件", "its text is too large to read; split the file")
        with archive.open(part) as text:
            yield from _paragraphs(iterparse(text, events=("start", "end"), forbid_dtd=True))


def _paragraphs(events: Iterable[tuple[str, Any]]) -> Iterator[str]:
    line, cells, depth = "", [""], 0
    for event, element in events:
        tag = str(element.tag).removeprefix(_WORD)
        if event == "start":
            depth += tag == "tr"
            continue
        if tag == "t":
            line += element.text or ""
        elif tag in ("tab", "br", "cr"):
            line += " "
        elif tag == "p" and depth:
            cells[-1] += line
            line = ""
        elif tag == "tc":
            cells.append("")
        elif tag == "tr":
            depth -= 1
            yield "\t".join(cells).rstrip("\t")
            cells = [""]
        elif tag == "p":
            yield line
            line = ""
        if tag in ("p", "tr"):
            element.clear()


def _pdf(content: bytes) -> Iterator[str]:
    """The text layer, page by page. Refuses an encrypted file and a scan."""
    try:
        book = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise _Refusal("文件加了密；请去掉密码后再读", "the file is encrypted; remove the password first") from error
        raise
    if len(book) > MOST_PAGES:
        raise _Refusal(f"超过 {MOST_PAGES} 页；请拆成几个文件", f"it has more than {MOST_PAGES} pages; split it")
    pages = [_page(book, number) for number in range(len(book))]
    if sum(len(re.sub(r"\s", "", page)) for page in pages) < _SCAN * len(pages):
        raise _Refusal(
            "这份 pdf 没有文字层，像是扫描件；请用带文字的版本，或先做文字识别",
            "this pdf has no text layer and looks like a scan; use a version with text, or have its text recognised first",
        )
    for page in pages:
        yield from re.split(r"\r\n|\r|\n", page)
        yield ""


def _page(book: pypdfium2.PdfDocument, number: int) -> str:
    """The text of one page; characters that pdfium uses for a soft hyphen at a line's end are dropped."""
    page = book[number]
    text = page.get_textpage()
    found = str(text.get_text_range()).replace("\ufffe", "").replace("\u0002", "")
    text.close()
    page.close()
    return found


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, separators=(",", ":")))
    sys.stdout.write("\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], int(sys.argv[2])))
