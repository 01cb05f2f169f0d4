"""The front end's set-up: an icon sprite that is complete, translations that are compiled, nothing done twice."""

import gettext
import os
from pathlib import Path

import polib
import pytest

from bihuan import assets

TABLER = {
    "width": 24,
    "height": 24,
    "icons": {"flag": {"body": '<path d="M5 5v16"/>'}, "wide": {"body": "<g/>", "width": 48}},
    "aliases": {"banner": {"parent": "flag"}},
}


def test_the_sprite_holds_each_icon_under_the_name_the_pages_use() -> None:
    assert assets.sprite(["banner", "wide"], TABLER) == (
        '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="i-banner" viewBox="0 0 24 24"><path d="M5 5v16"/></symbol>'
        '<symbol id="i-wide" viewBox="0 0 48 24"><g/></symbol></svg>\n'
    )


def test_an_icon_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(assets.AssetsRefused, match="no icon flagg"):
        assets.sprite(["flagg"], TABLER)


def test_icon_names_stand_one_a_line_and_may_be_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = tmp_path / "icons.txt"
    names.write_text("# lights\nflag\n\nbell  # due soon\nflag\n", "utf-8")
    monkeypatch.setattr(assets, "ICON_NAMES", names)
    assert assets.icon_names() == ["bell", "flag"]


def test_a_translation_is_compiled_when_it_changed_and_only_then(tmp_path: Path) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalogue.append(polib.POEntry(msgid="红灯", msgstr="Red"))
    source = tmp_path / "django.po"
    catalogue.save(str(source))
    assert assets.compile_catalogues([source]) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("红灯") == "Red"
    assert assets.compile_catalogues([source]) == []
    later = source.with_suffix(".mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    assert assets.compile_catalogues([source]) != []


def test_what_was_built_is_whole() -> None:
    if not assets.VENDOR.is_dir():
        pytest.skip("the front end is not set up here: make assets")
    for name in assets.COPIED:
        text = (assets.VENDOR / name).read_text("utf-8")
        assert len(text) > 20_000
        assert "sourceMappingURL" not in text
    sprite = (assets.VENDOR / "icons.svg").read_text("utf-8")
    assert [name for name in assets.icon_names() if f'id="i-{name}"' not in sprite] == []
