"""The map of a board: shaded areas, points in the colours of a light, the same as a table, and what stands there without boundaries."""

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from bihuan.portal import maps
from bihuan.portal.maps import Area, Measure
from tests.portal.conftest import SignIn


@pytest.fixture
def own_map(settings: Settings, tmp_path: Path) -> Path:
    """A city's own map: one county of two."""
    file = tmp_path / "map.json"
    ring = [[[115, 35], [116, 35], [116, 36], [115, 35]]]
    file.write_text(json.dumps({"features": [{"properties": {"name": "北县"}, "geometry": {"type": "Polygon", "coordinates": ring}}]}), "utf-8")
    settings.BIHUAN_MAP = file
    return file


def areas(*values: float | None) -> list[Area]:
    return [Area(f"{number}县", value, "无数据" if value is None else f"{value:g}", "?") for number, value in enumerate(values)]


def bands(*values: float | None, measure: Measure) -> list[str]:
    return [one["band"] for one in maps.city_map("m", "", areas(*values), measure)["areas"]]


def test_three_classes_hold_about_equally_many_values() -> None:
    assert bands(90, 80, 70, 60, 50, 40, measure=Measure("")) == ["1", "1", "2", "2", "3", "3"]
    assert bands(5, 5, None, measure=Measure("")) == ["1", "1", "none"]
    assert bands(measure=Measure("")) == []


def test_what_falls_short_of_the_line_is_a_class_of_its_own() -> None:
    assert bands(90, 80, 70, measure=Measure("", 75)) == ["1", "2", "low"]
    assert bands(90, 80, 70, measure=Measure("", 85, lower_is_better=True)) == ["low", "1", "2"]


def test_every_class_is_told_in_words(own_map: Path) -> None:
    shown = maps.city_map("m", "", areas(90, 80, 70, 60, None), Measure("", 65, "低于 65"))
    assert [(one["band"], one["text"]) for one in shown["legend"]] == [("1", "90"), ("2", "80"), ("3", "70"), ("low", "低于 65"), ("none", "无数据")]


def test_areas_without_boundaries_stand_beside_the_map(own_map: Path) -> None:
    shown = maps.city_map("m", "", [Area("北县", 1, "1", "?"), Area("示范区", 2, "2", "?")], Measure(""))
    assert [one["name"] for one in shown["apart"]] == ["示范区"]
    assert [one["drawn"] for one in shown["areas"]] == [True, False]
    assert not shown["sketch"]


def test_the_boundaries_may_be_kept_by_browsers_until_they_change(own_map: Path, sign_in: SignIn) -> None:
    client = sign_in("ling")
    found = maps.geometry()
    assert found
    answer = client.get(f"/map/{found.digest}.json")
    assert answer.json()["features"][0]["properties"]["name"] == "北县"
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/map/0.json").status_code == 404


def test_without_boundaries_the_page_shows_the_table(settings: Settings, tmp_path: Path, sign_in: SignIn) -> None:
    settings.BIHUAN_MAP = tmp_path / "nothing.json"
    page = sign_in("ling").get("/board/city.works/")
    assert page.context["map"]["geometry"] == ""
    html = page.content.decode()
    assert "没有地图边界，以表格代替" in html
    assert "data-map" not in html


def test_the_map_and_its_table_say_what_the_lists_say(own_map: Path, sign_in: SignIn) -> None:
    client = sign_in("ling")
    for measure in client.get("/board/city.works/").context["measures"]:
        page = client.get(f"/board/city.works/{measure['href']}")
        for area in page.context["map"]["areas"]:
            assert area["name"] in page.content.decode()
            rows = client.get(area["href"])
            assert rows.status_code == 200
            if measure["title"] in ("红灯数", "行数"):
                assert rows.context["total"] == area["value"], (measure["title"], area)
