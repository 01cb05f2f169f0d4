"""Take a file apart in a process that can do no harm: little memory, little time, no environment, no files to open or write.

The child is a module of ours. It reads the file from standard input, calls :func:`restrain` before it looks at it, and writes lines of
JSON; the parent believes nothing but the shape of those lines, and only where the child came to its end.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a child may use: bytes of address space, seconds of processor, bytes it may write. ``files`` may be open at once."""

    memory: int
    processor_seconds: int
    written: int
    files: int = 16


def restrain(bounds: Bounds) -> None:
    """Bound this process: memory, processor time, the size of what it writes; no core dumps, hardly any open files."""
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.processor_seconds, bounds.processor_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.written, bounds.written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (bounds.files, bounds.files))


@contextmanager
def answer_of(module: str, arguments: Sequence[str], content: bytes, wall_seconds: int) -> Iterator[IO[bytes] | None]:
    """What the child ``module`` wrote about ``content``; None where it did not come to its end by itself in time."""
    with TemporaryFile() as given, TemporaryFile() as answer:
        given.write(content)
        given.seek(0)
        ended = _run([sys.executable, "-s", "-B", "-m", module, *arguments], wall_seconds, given, answer)
        answer.seek(0)
        yield answer if ended else None


def _run(command: Sequence[str], wall_seconds: int, given: IO[bytes], answer: IO[bytes]) -> bool:
    """Run the child to its end, or to the end of its time. Whether it came to an end by itself."""
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"}
    process = subprocess.Popen(command, stdin=given, stdout=answer, stderr=subprocess.DEVNULL, env=environment, cwd=_ROOT)  # noqa: S603 - our own program and numbers
    try:
        return process.wait(wall_seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        process.kill()
        process.wait()
