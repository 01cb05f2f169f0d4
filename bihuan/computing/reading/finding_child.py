"""The process in which the lines of a document that somebody sent become findings: little memory, little time, nothing else to do.

It reads a JSON list of lines from standard input and writes one JSON object a line for each finding, then one that says it came to its end.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from bihuan.computing.reading.findings import findings
from bihuan.foundation.confined import Bounds, restrain
from bihuan.foundation.sheets.cells import MB

BOUNDS = Bounds(memory=1024 * MB, processor_seconds=40, written=64 * MB)


def main() -> int:
    """Read the lines, print what is found in them."""
    lines = json.loads(sys.stdin.buffer.read())
    restrain(BOUNDS)
    for one in findings(lines):
        sys.stdout.write(json.dumps(asdict(one)) + "\n")
    sys.stdout.write('{"end": true}\n')
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
