"""The city's map: areas shaded by a measure, rows as points, and always the same as a table.

The geometry is the city's own approved map (`BIHUAN_MAP`) or the sketch made at set-up; without either the pages show the table alone.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing.points import Point
from bihuan.portal import words
from bihuan.portal.visits import Shaped, Visit, query

SKETCH = Path(settings.BUILD) / "vendor" / "map.json"
CLASSES = ("1", "2", "3")
"""Bands of shading, the strongest first; ``low`` marks what falls short of a line and ``none`` what has no value."""

YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Geometry:
    """A map as served: its text, its digest, and the names of its areas."""

    text: str
    digest: str
    names: frozenset[str]
    sketch: bool


@dataclass(frozen=True)
class Area:
    """One area: the name its boundary has, its value in words, the list behind it. ``value`` is None without data."""

    name: str
    value: float | None
    text: str
    href: str


@dataclass(frozen=True)
class Measure:
    """What areas are shaded by. ``line``: what a value must reach (or, where less is better, must not pass); ``line_text`` says what falls short."""

    title: str
    line: float | None = None
    line_text: str = ""
    lower_is_better: bool = False


def geometry() -> Geometry | None:
    """The map in use; None where there is neither the city's own nor the sketch."""
    path = settings.BIHUAN_MAP or SKETCH
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    return _read(path, changed, path == SKETCH)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, sketch: bool) -> Geometry:  # noqa: FBT001  a key of the cache
    text = path.read_text("utf-8")
    names = frozenset(str(one["properties"]["name"]) for one in json.loads(text)["features"])
    return Geometry(text, hashlib.sha256(text.encode()).hexdigest()[:16], names, sketch)


def geometry_file(visit: Visit, digest: str) -> HttpResponseBase:
    """The boundaries as GeoJSON; the address changes with them, so browsers may keep them."""
    found = geometry()
    if found is None or found.digest != digest:
        raise Http404
    kept = {"Cache-Control": f"private, max-age={YEAR}, immutable"}
    return HttpResponse(found.text, content_type="application/geo+json", headers=kept)


def city_map(ident: str, title: str, areas: Sequence[Area], measure: Measure, points: Sequence[Shaped] = (), note: str = "") -> Shaped:
    """A map as components/map.html draws it. Areas that the geometry does not know stand beside it in a table; so do all where there is none."""
    found = geometry()
    names = found.names if found else frozenset[str]()
    bands = _bands([area.value for area in areas], measure)
    shaped: list[Shaped] = [
        {"name": area.name, "value": area.value, "text": area.text, "band": band, "href": area.href, "drawn": area.name in names}
        for area, band in zip(areas, bands, strict=True)
    ]
    return {
        "id": ident, "title": title, "note": note, "measure": measure.title, "areas": shaped, "points": list(points),
        "apart": [one for one in shaped if not one["drawn"]] if found else [],
        "geometry": reverse("map", args=[found.digest]) if found else "", "name": found.digest if found else "",
        "sketch": bool(found and found.sketch), "legend": _legend(areas, bands, measure),
        "lights": [{"colour": colour, "text": words.colour_word(colour)} for colour in words.COLOURS if any(one["colour"] == colour for one in points)],
    }  # fmt: skip


def shaped_points(found: Sequence[Point], size_text: Mapping[int, str], on: str = "") -> list[Shaped]:
    """Rows as points: the shape and colour of their light, the area of the symbol by their size. `size_text` holds sizes in words, by row; `on` is a day gone by."""
    largest = max((point.size or 0 for point in found), default=0) or 1
    return [
        {
            "name": point.title, "at": [round(point.longitude, 5), round(point.latitude, 5)], "colour": point.colour or "none",
            "word": words.colour_word(point.colour) if point.colour else "", "text": size_text.get(point.id, ""), "office": point.office,
            "size": round(((point.size or 0) / largest) ** 0.5, 3), "href": reverse("row", args=[point.id]) + query(on=on),
        }
        for point in found
    ]  # fmt: skip


def _bands(values: Sequence[float | None], measure: Measure) -> list[str]:
    """The band of each value: short of the line, or one of three classes that hold about equally many different values."""
    good = sorted({value for value in values if value is not None and not _short(value, measure)}, reverse=True)
    bands = []
    for value in values:
        if value is None:
            bands.append("none")
        elif _short(value, measure):
            bands.append("low")
        else:
            bands.append(CLASSES[good.index(value) * len(CLASSES) // len(good)])
    return bands


def _short(value: float, measure: Measure) -> bool:
    if measure.line is None:
        return False
    return value > measure.line if measure.lower_is_better else value < measure.line


def _legend(areas: Sequence[Area], bands: Sequence[str], measure: Measure) -> list[Shaped]:
    """What each band that occurs means, in words: the least and the greatest value in it."""
    legend: list[Shaped] = []
    for band in CLASSES:
        held = sorted(((area.value, area.text) for area, has in zip(areas, bands, strict=True) if has == band and area.value is not None))
        if held:
            least, most = held[0][1], held[-1][1]
            legend.append({"band": band, "text": least if least == most else _("%(least)s 至 %(most)s") % {"least": least, "most": most}})
    if "low" in bands:
        legend.append({"band": "low", "text": measure.line_text})
    if "none" in bands:
        legend.append({"band": "none", "text": _("无数据")})
    return legend
