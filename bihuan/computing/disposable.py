"""What is kept beside the data under the digest of a file and may be thrown away at any time: JSON, whole or not at all."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from django.conf import settings


def place_of(folder: str, digest: str) -> Path:
    """Where something about a file is kept."""
    return Path(settings.BIHUAN_HOME) / folder / digest[:2] / f"{digest}.json"


def put(place: Path, said: object) -> None:
    """Keep it; whoever looks sees all of it or what was there before."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, delete=False) as file:
        json.dump(said, file, ensure_ascii=False)
    Path(file.name).replace(place)
