"""The text of documents that were kept: their lines, and where a quote stands in them.

Reading a file again takes a process of its own, and of a long pdf many seconds. So the lines are kept beside the data, under the file's
digest; that folder may be thrown away, it fills again. Lines that were kept stay as they were when the document was read: what was found in
it names them by number.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from bihuan.computing.disposable import place_of, put
from bihuan.computing.reading.documents import document_of
from bihuan.foundation import actions
from bihuan.foundation.models import Upload

FOLDER = "texts"
"""Where in the data folder they are kept."""


def lines_of(upload: Upload) -> tuple[str, ...]:
    """The lines of a document that was kept; the same bytes always give the same lines. Raises Unreadable, FileNotFoundError, ValueError."""
    return _lines(upload.digest, upload.name, upload.pk)


def keep_lines(digest: str, lines: Sequence[str]) -> None:
    """Keep the lines of a file under its digest; whoever looks sees all of them or none."""
    put(place_of(FOLDER, digest), list(lines))


@lru_cache(maxsize=16)
def _lines(digest: str, name: str, number: int) -> tuple[str, ...]:
    content = actions.content_of(Upload.objects.get(pk=number))  # a file that is gone or changed is said to be so, whatever was kept of it
    try:
        return tuple(json.loads(place_of(FOLDER, digest).read_text("utf-8")))
    except (OSError, ValueError):
        lines = document_of(content, name).lines
        keep_lines(digest, lines)
        return lines


Span = tuple[int, int, int]
"""In a line (from 1): from which character to which."""


def spans_of(lines: Sequence[str], line: int, quote: str) -> list[Span]:
    """Where a quote stands, from its line on: a span in each line it runs through; the whole line where it was printed otherwise."""
    wanted = "".join(quote.split())
    if not 1 <= line <= len(lines) or not wanted:
        return []
    letters = [(at, place) for at in range(line, min(line + 8, len(lines)) + 1) for place, letter in enumerate(lines[at - 1]) if not letter.isspace()]
    text = "".join(lines[at - 1][place] for at, place in letters)
    start = text.find(wanted)
    if start < 0:
        return [(line, 0, len(lines[line - 1]))]
    spans: dict[int, tuple[int, int]] = {}
    for at, place in letters[start : start + len(wanted)]:
        spans[at] = (spans.get(at, (place, place))[0], place + 1)
    return [(at, begin, end) for at, (begin, end) in spans.items()]
