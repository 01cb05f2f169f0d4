"""The fonts official papers are set in, what stands in for each where it is not installed, and which of them this machine has."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import typst

FANGSONG, TITLE, HEI, KAI, SONG, LATIN = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体", "Times New Roman"
OTHERS = {
    FANGSONG: ("仿宋", "FangSong", "方正仿宋_GBK", "华文仿宋", "FandolFang R", "Noto Serif CJK SC"),
    TITLE: ("方正小标宋_GBK", "小标宋", "华文中宋", "Noto Serif CJK SC"),
    HEI: ("方正黑体_GBK", "SimHei", "Noto Sans CJK SC"),
    KAI: ("楷体", "KaiTi", "方正楷体_GBK", "华文楷体", "FandolKai", "Noto Serif CJK SC"),
    SONG: ("SimSun", "Noto Serif CJK SC"),
    LATIN: ("Liberation Serif", "Tinos", "TeX Gyre Termes", "Libertinus Serif"),
}
"""What stands in for a font, the first that is installed; the first of all also has the characters beyond GB 2312."""
BEYOND = "SimSun-ExtB"
"""For characters outside the basic plane, as they occur in names."""
LAST = (BEYOND, "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC", "Source Han Sans SC")
"""Asked for a character that neither a font nor its stand-ins have; after these, whatever font of the machine has it."""


@cache
def installed() -> typst.Fonts:
    """The fonts of this machine and those that the Typst compiler brings along. Read once in a process: a new font wants a restart."""
    return typst.Fonts()


@cache
def families() -> dict[str, str]:
    """The names of the installed families, by their names in small letters."""
    return {family.lower(): family for family in installed().families()}


@cache
def chain(font: str) -> tuple[str, ...]:
    """The installed families that set a font, the one that is asked first in front. Empty where the machine has none of them."""
    wanted = (font, *OTHERS[font], *(() if font == LATIN else LAST))
    return tuple(dict.fromkeys(families()[name.lower()] for name in wanted if name.lower() in families()))


@cache
def stand_ins(fonts: Sequence[str] = (TITLE, FANGSONG, HEI, KAI, SONG, LATIN)) -> tuple[tuple[str, str], ...]:
    """The fonts this machine lacks, each with the one that stands in for it; with nothing where none does."""
    first = {font: next(iter(chain(font)), "") for font in fonts}
    return tuple((font, used) for font, used in first.items() if used.lower() != font.lower())
