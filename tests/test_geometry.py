"""The sketch map: only the counties asked for, only their names and boundaries, and a city's own map in its place."""

import json
from pathlib import Path

import pytest

from bihuan import assets, environment
from bihuan.geometry import compact, wrong_with

RING = [[[115.1234567, 35.5], [115.2, 35.5], [115.2, 35.7], [115.1234567, 35.5]]]


def district(name: str, code: str) -> dict[str, object]:
    return {"type": "Feature", "properties": {"name": name, "gb": f"156{code}", "area": 1}, "geometry": {"type": "Polygon", "coordinates": RING}}


def test_only_the_counties_of_the_city_are_kept_small() -> None:
    found = compact({"features": [district("南县", "410902"), district("北县", "410901"), district("邻县", "411002")]}, "4109")
    assert [one["properties"] for one in found["features"]] == [{"name": "北县"}, {"name": "南县"}]
    assert found["features"][0]["geometry"]["coordinates"][0][0] == [115.12346, 35.5]


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("not json", "GeoJSON"), ('{"features": [{"properties": {}}]}', "name"), ('{"features": []}', "no feature"),
        ('{"features": [{"properties": {"name": "北县"}, "geometry": {"type": "Point"}}]}', "Point"),
    ],
)  # fmt: skip
def test_what_is_no_map_is_refused_with_the_reason(text: str, because: str, tmp_path: Path) -> None:
    assert because in wrong_with(text)
    file = tmp_path / "map.json"
    file.write_text(text, "utf-8")
    with pytest.raises(environment.SettingRefused, match="BIHUAN_MAP"):
        environment.MAP.read({"BIHUAN_MAP": str(file)})


def test_a_citys_own_map_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    file.write_text(json.dumps(compact({"features": [district("北县", "410901")]}, "41")), "utf-8")
    assert environment.MAP.read({"BIHUAN_MAP": str(file)}) == file
    assert environment.MAP.read({}) is None
    with pytest.raises(environment.SettingRefused, match="folder"):
        environment.MAP.read({"BIHUAN_MAP": str(tmp_path)})


@pytest.mark.parametrize("text", ["濮阳", "41", "41090x"])
def test_what_is_no_division_code_is_refused(text: str) -> None:
    with pytest.raises(environment.SettingRefused, match="BIHUAN_MAP_AREA"):
        environment.MAP_AREA.read({"BIHUAN_MAP_AREA": text})


def test_the_sketch_that_was_made_is_small_and_whole() -> None:
    if not assets.MAP.is_file():
        pytest.skip("no sketch map here: the package could not be reached at set-up")
    text = assets.MAP.read_text("utf-8")
    assert wrong_with(text) == ""
    assert len(json.loads(text)["features"]) == 6
    assert len(text) < 16_000
