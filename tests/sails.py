"""Clusters for tests: Spark Connect on loopback, in a process of its own, gone when the block ends. Sail, and Apache Spark where there is one."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

NO_SPARK = "no Apache Spark 4 here: name one in SPARK_HOME (the folder `pyspark` of a virtual environment with pyspark==4.2.0 will do); it needs Java 17"
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


_SPARK = (
    "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--master", "local[2]", "--conf", "spark.ui.enabled=false",
    "--conf", "spark.connect.grpc.binding.address=127.0.0.1", "--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.driver.bindAddress=127.0.0.1",
    "--conf", "spark.sql.shuffle.partitions=2", "--conf", "spark.log.level=OFF",
)  # fmt: skip


def spark_home() -> Path | None:
    """The Apache Spark that SPARK_HOME names, if it can serve and there is Java."""
    home = Path(os.environ.get("SPARK_HOME", ""))
    serves = os.environ.get("SPARK_HOME") and list(home.glob("jars/spark-connect_*.jar"))
    return home if serves and shutil.which("java") else None


@contextmanager
def sparking(home: Path, work: Path) -> Iterator[str]:
    """The address of an Apache Spark of one's own; it leaves what it writes in ``work``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = [str(home / "bin" / "spark-submit"), *_SPARK, "--conf", f"spark.connect.grpc.binding.port={port}", "spark-internal"]
    with (work / "spark.log").open("wb") as log:
        process = subprocess.Popen(asked, cwd=work, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(port, process)
            yield f"sc://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        assert process.poll() is None, "Spark ended before it served; see spark.log"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError("Spark did not serve within two minutes")
