"""`python -m bench [--quick]`: every benchmark, one after another, each in a process of its own."""

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run them; the exit code is the first that is not 0."""
    names = sorted(file.stem for file in Path(__file__).parent.glob("[a-z]*.py"))
    for name in names:
        arguments = ["20000"] if name == "ledger" and "--quick" in sys.argv else [one for one in sys.argv[1:] if name != "ledger"]
        print(f"== bench.{name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"bench.{name}", *arguments], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
