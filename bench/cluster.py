"""Every enterprise against every policy on a cluster of this machine: Sail reading the columns as Parquet. `python -m bench.cluster [--quick] [--rows N]`.

Sail runs in this process, so the peak of memory is of both. What it finds is held against what the columns find: the same rows, policies and 分.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
from argparse import ArgumentParser
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa

from bench._measuring import Sheet, seconds
from bench._ours import DAY, match, open_columns, summed
from bench._policies import columns, policies
from bihuan.computing.copies import Copy, copied
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.payables import policies_of
from bihuan.foundation.grammar.views import RegisterView

TIMES = 3


def main() -> int:
    """Measure; the exit code is 1 where the cluster finds anything else."""
    parser = ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--policies", type=int, default=200)
    options = parser.parse_args()
    if find_spec("pysail") is None:
        print("  left out: `make cluster` puts Sail in")
        return 0
    rows = options.rows or (50_000 if options.quick else 1_000_000)
    sheet, size = Sheet(), f"{rows:,} × {options.policies}"
    held, view = open_columns(policies(options.policies), columns(rows))
    match(held.connection, held.catalogue, view)
    ours = summed(held.connection)
    with tempfile.TemporaryDirectory(prefix="bihuan-columns-") as folder:
        copies: list[Copy] = []
        took = seconds(lambda: copies.append(copied(held, Path(folder))))
        sheet.note("集群·列写成 Parquet the columns copied as Parquet", rows, took, "s")
        sheet.note("集群·副本大小 size of the copy", rows, sum(file.stat().st_size for file in copies[0].folder.iterdir()) / 1e6, "MB")
        found = _on_sail(sheet, size, held, view, copies[0])
    with held.cursor() as cursor:
        cursor.register("incoming", found)
        cursor.execute("CREATE OR REPLACE TEMP TABLE entitled AS SELECT * FROM incoming")
        same = summed(cursor) == ours
    print(f"  {ours[0]:,} matches; {'the same here and there' if same else 'DIFFERENT on the cluster'}")
    sheet.finish()
    return 0 if same else 1


def _on_sail(sheet: Sheet, size: str, held: Columns, view: RegisterView, copy: Copy) -> pa.Table:
    """Who is entitled to what, several times; what came out the last time."""
    # By name: measured only where the packages of a cluster are there.
    clusters, entitling = import_module("bihuan.computing.clusters"), import_module("bihuan.computing.entitling")
    server = import_module("pysail.spark").SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    address = f"sc://127.0.0.1:{server.listening_address[1]}"
    found: list[tuple[pa.Table, dict[int, int]]] = []
    with clusters.connected(address) as session:
        cluster = clusters.Cluster(session, address, held, copy)
        once = partial(entitling.entitled_on, cluster, view, policies_of(view, DAY), DAY)
        took = [seconds(lambda: found.append(once())) for _ in range(TIMES)]
    sheet.note("集群·谁应得多少 matching on Sail, amounts and unknowns included", size, statistics.median(took), "s")
    sheet.note("集群·峰值内存，含 Sail peak memory, Sail included", size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "MB")
    return found[-1][0]


if __name__ == "__main__":
    sys.exit(main())
