"""Reading, linking and linting the packs that ship, and linking one more. `python -m bench.packs [--quick]`."""

from datetime import date
from pathlib import Path

from bench._measuring import Sheet, median_ms, quick
from bihuan.foundation.grammar.catalogue import link
from bihuan.foundation.grammar.lint import lint
from bihuan.foundation.grammar.packs import Pack, load_pack

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2025, 7, 8)


def read() -> list[Pack]:
    """Every pack that ships, read from its files."""
    return [load_pack(file.parent) for file in sorted((ROOT / "bihuan" / "applications").glob("*/pack.yaml"))]


def main() -> int:
    """Measure and print."""
    sheet, times = Sheet(), 3 if quick() else 7
    packs = read()
    count = sum(len(pack.mechanisms) for pack in packs)
    sheet.note("读入并检查 read and lint", f"{count} mechanisms", median_ms(lambda: lint(read(), DAY), times), "ms", most=2000)
    sheet.note("链接 link", f"{count} mechanisms", median_ms(lambda: link(packs), times), "ms")
    lamps = load_pack(ROOT / "tests" / "applications" / "lamps")
    sheet.note(
        "再加一包 link one more pack", f"{count + len(lamps.mechanisms)} mechanisms", median_ms(lambda: link([*packs, lamps]), times), "ms"
    )
    return sheet.finish()


if __name__ == "__main__":
    raise SystemExit(main())
