"""A Sail server for tests: Spark Connect on loopback, in a process of its own, gone when the block ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec

LACKING = "pysail and pyspark-client are not installed: make cluster"

_SERVE = """
import sys
from pysail.spark import SparkConnectServer
server = SparkConnectServer(ip="127.0.0.1", port=0)
server.start(background=True)
print(server.listening_address[1], flush=True)
sys.stdin.read()
"""


def installed() -> bool:
    """Whether there is what such a server and its client need."""
    return find_spec("pysail") is not None and find_spec("pyspark") is not None


@dataclass
class Sail:
    """A server that runs. ``address`` as a setting has it."""

    process: subprocess.Popen[str]
    address: str

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()


@contextmanager
def sailing() -> Iterator[Sail]:
    """A server of one's own."""
    environ = {**os.environ, "RUST_LOG": "error"}
    process = subprocess.Popen([sys.executable, "-c", _SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ)
    assert process.stdout is not None
    try:
        yield Sail(process, f"sc://127.0.0.1:{process.stdout.readline().strip()}")
    finally:
        process.kill()
        process.wait()
