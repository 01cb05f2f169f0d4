"""What makes a site a demo city, and the mark that keeps it one: whoever asks a demo city something later asks it on its own day.

Only the city of the embedded database has such a mark: it lies in the folder beside its database and goes with it. A site on
PostgreSQL is told by the environment alone, so that a folder left behind cannot open a real city's one-click logins.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bihuan import environment

HELD = {environment.DEMO.name: "on", environment.TODAY.name: "2024-07-10", environment.CITY.name: "濮阳市（演示）"}
"""The settings of a demo city, where nobody set them otherwise: one-click logins, a clock held at one day, a name that says so."""


def with_mark(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ`, completed by what the mark in its folder says. What is given counts more; only an embedded database is asked.

    Raises `environment.SettingRefused` for a mark that cannot be read: a city on another day than its own is worse than none.
    """
    given = dict(environ)
    path = _mark(environment.HOME.read(given))
    if all(name in given for name in HELD) or environment.DATABASE.read(given) or not path.exists():
        return given
    try:
        kept = {str(name): str(value) for name, value in json.loads(path.read_text("utf-8")).items() if name in HELD}
    except (OSError, ValueError, AttributeError) as error:
        raise environment.SettingRefused(
            f"演示城市的记号 {path} 读不出来（{error}）。请执行 bihuan demo 重写它；若这里不是演示城市，请删去这个文件。\n"
            f"The mark of the demo city, {path}, cannot be read ({error}). Run bihuan demo to write it again; if this is no demo city, remove the file."
        ) from error
    return {**kept, **{name: value for name, value in given.items() if value.strip()}}


def mark(home: Path, day: date, city: str) -> None:
    """Write what the demo city in `home` is held at, for every command after this one. Whole or not at all."""
    path = _mark(home)
    held = {environment.DEMO.name: "on", environment.TODAY.name: day.isoformat(), environment.CITY.name: city}
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", "utf-8")
    draft.replace(path)


def is_marked(home: Path) -> bool:
    """Whether the city in `home` is a demo city by its mark."""
    return _mark(home).exists()


def _mark(home: Path) -> Path:
    return home / "demo.json"
