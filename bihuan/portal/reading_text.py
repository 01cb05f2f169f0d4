"""The text of a document, line by line, with every finding marked where it stands."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.computing import texts
from bihuan.computing.read_in import Place
from bihuan.foundation.models import Entry, Upload
from bihuan.foundation.sheets.cells import Unreadable
from bihuan.portal.visits import Shaped

MOST_LINES, MOST_LETTERS = 2_500, 400_000
"""A longer document shows the part around the findings that stand beside it."""

AROUND = 40

Mark = tuple[int, int, Entry]


@dataclass(frozen=True)
class Looked:
    """What of a document is looked at: the findings that stand beside the text, and a line that was asked for, 0 for none."""

    shown: Sequence[Entry]
    line: int = 0


def text_of(place: Place, upload: Upload, every: Sequence[Entry], looked: Looked, start: str, href: Callable[[Entry], str]) -> Shaped:
    """``lines`` [{number, pieces [{text, id, tone, done, href, first}]}]; ``cut`` where only a part is shown; ``gone`` says why there is no text."""
    try:
        lines = texts.lines_of(upload)
    except Unreadable as why:
        return {"lines": [], "cut": False, "gone": why.text(get_language() or "zh")}
    except (OSError, ValueError):
        return {"lines": [], "cut": False, "gone": _("存放的原件不在了或被改动，看不到原文；读出的语句仍在")}
    first, last = 1, len(lines)
    cut = len(lines) > MOST_LINES or sum(map(len, lines)) > MOST_LETTERS
    if cut:
        numbers = [looked.line] if 0 < looked.line <= len(lines) else [_line(place, entry) for entry in looked.shown] or [1]
        first, last = max(1, min(numbers) - AROUND), min(len(lines), max(numbers) + AROUND)
    marks: dict[int, list[Mark]] = {}
    for entry in every:
        for number, begin, end in texts.spans_of(lines, _line(place, entry), str(entry.data.get(place.shape.quote) or "")):
            marks.setdefault(number, []).append((begin, end, entry))
    seen: set[int] = set()
    tones = {title: tone for tone, title in place.shape.kinds.items()}
    rows = []
    for number in range(first, last + 1):
        pieces = []
        for text, held in pieces_of(lines[number - 1], marks.get(number, ())):
            if held is None:
                pieces.append({"text": text, "id": 0})
                continue
            tone = tones.get(str(held.data.get(place.shape.kind)), "rule")
            pieces.append({"text": text, "id": held.pk, "tone": tone, "done": held.state != start, "href": href(held), "first": held.pk not in seen})
            seen.add(held.pk)
        if lines[number - 1].strip():
            rows.append({"number": number, "pieces": pieces})
    return {"lines": rows, "cut": cut, "gone": ""}


def _line(place: Place, entry: Entry) -> int:
    value = entry.data.get(place.shape.line)
    return value if isinstance(value, int) else 1


def pieces_of(line: str, marks: Iterable[Mark]) -> list[tuple[str, Entry | None]]:
    """A line cut where marks begin and end. Where two lie over one another, the shorter shows: it says more exactly what was found."""
    held: list[Entry | None] = [None] * len(line)
    for begin, end, entry in sorted(marks, key=lambda mark: mark[0] - mark[1]):
        held[begin:end] = [entry] * (min(end, len(line)) - begin)
    pieces: list[tuple[str, Entry | None]] = []
    for letter, whose in zip(line, held, strict=True):
        if pieces and pieces[-1][1] is whose:
            pieces[-1] = (pieces[-1][0] + letter, whose)
        else:
            pieces.append((letter, whose))
    return pieces
