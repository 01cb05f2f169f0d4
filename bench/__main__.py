"""`python -m bench [--quick]`: every benchmark, one after another, each in a process of its own; a full run writes docs/benchmarks.md.

A quick run leaves out the served site and takes about a minute. The ledger is measured on SQLite, and on PostgreSQL where BIHUAN_BENCH_DATABASE names an empty database.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench._measuring import Figure, machine, quick, table

ROOT = Path(__file__).resolve().parent.parent
LONG = ("site",)
"""Those that a quick run leaves out: it serves a city and opens a browser."""
PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> int:
    """Run them; the exit code is the first that is not 0."""
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as folder:
        kept = Path(folder) / "figures.json"
        environ = os.environ | {"BIHUAN_BENCH_JSON": str(kept)}
        plain = {name: value for name, value in environ.items() if name != "BIHUAN_BENCH_DATABASE"}
        for name in sorted(file.stem for file in Path(__file__).parent.glob("[a-z]*.py") if not (quick() and file.stem in LONG)):
            for around in [plain, environ] if name == "ledger" and plain != environ else [plain]:
                print(f"== bench.{name}", flush=True)
                done = subprocess.run([sys.executable, "-m", f"bench.{name}", *sys.argv[1:]], check=False, env=around, cwd=ROOT)
                if done.returncode:
                    return done.returncode
        kept_now = json.loads(kept.read_text("utf-8"))
        measured = [Figure(**{key: value for key, value in one.items() if key != "machine"}) for one in kept_now if "what" in one]
        compared = [f"{one['compared']}; {one['machine']}\n\n" + "\n".join(one["lines"]) for one in kept_now if "compared" in one]
    if not quick():
        PAGE.write_text(with_figures(PAGE.read_text("utf-8"), measured, compared), "utf-8")
        return subprocess.run([sys.executable, "-m", "bihuan.command", "docs"], check=False, cwd=ROOT).returncode
    return 0


def with_figures(page: str, measured: list[Figure], compared: list[str]) -> str:
    """The page with the goals at their largest size, which the READMEs repeat, with every figure, and with ours beside others."""
    goals = {one.what: one for one in measured if one.target}
    parts = {"bench": f"{machine()}, {datetime.now(UTC):%Y-%m-%d}\n\n{table(goals.values())}", "bench: all": table(measured), "bench: others": "\n\n".join(compared)}
    for name, text in parts.items():
        head, mark, rest = page.partition(f"<!-- {name} -->\n")
        page = f"{head}{mark}\n{text}\n\n<!-- end -->{rest.partition('<!-- end -->')[2]}"
    return page


if __name__ == "__main__":
    raise SystemExit(main())
