"""The process in which a document that somebody sent is read for a model: which sentences to ask about, and what of an answer stands in the text.

It reads one JSON object from standard input: ``lines``, ``first`` (so many questions were asked before) and ``answer`` (null while there is none).
Without an answer it writes ``{total, asked, messages}``, with one ``{dropped, unread}`` behind a line for each proposal; then that it came to its end.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict

from bihuan.computing.reading.finding_child import BOUNDS
from bihuan.computing.reading.findings import proposed
from bihuan.computing.reading.passages import passages
from bihuan.computing.reading.proposing import AT_A_TIME, MOST, Dropped, messages, proposals, unsure
from bihuan.computing.reading.statements import statements
from bihuan.foundation.confined import restrain


def main() -> int:
    """Read the lines, print what is asked for."""
    given = json.loads(sys.stdin.buffer.read())
    restrain(BOUNDS)
    found = statements(passages(given["lines"]))
    questions = unsure(found)[:MOST]
    some = questions[given["first"] : given["first"] + AT_A_TIME]
    if given["answer"] is None:
        _say({"total": len(questions), "asked": len(some), "messages": messages(some)})
    else:
        dropped, unread = Counter[Dropped](), False
        try:
            taken, dropped = proposals(some, given["answer"])
        except ValueError:
            taken, unread = [], True
        for one in taken:
            _say({"finding": asdict(proposed(found, one)), "read": one.statement.kind})
        _say({"dropped": dict(dropped), "unread": unread})
    _say({"end": True})
    return 0


def _say(said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
