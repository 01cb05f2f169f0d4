"""Folders beside the database for what is put by for a day: how far long work is, editions of packs that are looked at. None of it counts for anything."""

import re
import time
from pathlib import Path

from django.conf import settings

KEPT = 24 * 3600
"""So many seconds a thing is kept."""

NAME = re.compile("[0-9a-f]{40}")
"""What a thing is called: nothing that leads out of its folder."""


def folder(name: str) -> Path:
    """A folder of things put by; those of days gone by are swept out."""
    place: Path = settings.BIHUAN_HOME / name
    place.mkdir(mode=0o700, exist_ok=True)
    for file in place.iterdir():
        try:
            if time.time() - file.stat().st_mtime > KEPT:
                file.unlink(missing_ok=True)
        except FileNotFoundError:  # somebody else swept it out
            continue
    return place


def write(place: Path, text: str) -> None:
    """Write a file whole or not at all, so that no reader meets half of it."""
    draft = place.with_suffix(".part")
    draft.write_text(text, "utf-8")
    draft.replace(place)
