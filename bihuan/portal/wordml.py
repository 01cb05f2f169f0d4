"""The page and the letters of GB/T 9704-2012 in WordprocessingML: 22 lines of 28 characters, named fonts, and a file without the clock in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Word
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.rel import Relationships
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from bihuan.portal.fonts import BEYOND, FANGSONG, LATIN, OTHERS, SONG
from bihuan.portal.layout import BODY, BOTTOM, LEFT, LINE, RED, RIGHT, TOP, TRACKING, Look, fitting

_KEPT_STYLES = frozenset({"Normal", "Default Paragraph Font", "Normal Table", "No List", "header", "footer"})
_UNUSED_PARTS = ("stylesWithEffects", "numbering", "webSettings", "customXml", "thumbnail", "extended-properties", "fontTable")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def element(tag: str, *children: Any, **attributes: str | int) -> Any:
    """One element of the ``w:`` namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def blank(looks: tuple[Look, ...]) -> Word:
    """An empty document with these styles and no others, on the standard's page."""
    return Document(BytesIO(_template(looks)))


@cache
def _template(looks: tuple[Look, ...]) -> bytes:
    """python-docx's own template has 400 KB of styles to read through; what remains of it is read for every paper."""
    word = Document()
    package = word.part.package
    assert package is not None
    for rels in (package.rels, word.part.rels):
        _drop(rels)
    fonts = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, _font_table(), package)
    word.part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)
    _restyle(word, looks)
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(TOP), Mm(BOTTOM), Mm(LEFT), Mm(RIGHT)
    properties = section._sectPr  # python-docx has no public way to the grid
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    # Lines only: with `linesAndChars` LibreOffice gives each character of size 3 two cells.
    properties.append(element("docGrid", type="lines", linePitch=round(LINE * 20)))
    written = BytesIO()
    word.save(written)
    return written.getvalue()


def _drop(rels: Relationships) -> None:
    for key in [key for key, rel in rels.items() if rel.reltype.rpartition("/")[2] in _UNUSED_PARTS]:
        del rels[key]


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(others)}"/></w:font>' for name, others in OTHERS.items() if name != LATIN
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{fonts}</w:fonts>'.encode()


def _restyle(word: Word, looks: Iterable[Look]) -> None:
    styles = word.styles.element
    for style in styles.findall(qn("w:style")):
        if style.find(qn("w:name")).get(qn("w:val")) not in _KEPT_STYLES:
            styles.remove(style)
    defaults = styles.find(qn("w:docDefaults"))
    defaults[:] = [
        element("rPrDefault", element("rPr", _fonts(FANGSONG), _size(BODY), element("lang", val="en-US", eastAsia="zh-CN"))),
        element("pPrDefault", element("pPr", element("spacing", before=0, after=0))),
    ]
    word.settings.element.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    styles.extend(_style(look) for look in looks)


def _style(look: Look) -> Any:
    keeps = (element("keepNext"), element("keepLines")) if look.keep else ()
    indent = (element("ind", firstLineChars=look.indent * 100, firstLine=int(look.indent * look.size * 20)),) if look.indent else ()
    spacing = element("spacing", before=round(look.before * 20), after=0, line=round(look.line * 20), lineRule="exact")
    colour = (element("color", val=look.colour),) if look.colour else ()
    tracking = (element("spacing", val=TRACKING),) if look.size == BODY else ()
    return element(
        "style",
        element("name", val=look.name),
        element("basedOn", val="Normal"),
        element("qFormat"),
        element("pPr", *keeps, element("widowControl", val=0), element("snapToGrid", val=0), spacing, *indent, element("jc", val=look.align)),
        element("rPr", _fonts(look.font), *colour, *tracking, _size(look.size)),
        type="paragraph", customStyle=1, styleId=look.key,
    )  # fmt: skip


def _fonts(font: str) -> Any:
    return element("rFonts", ascii=LATIN if font != SONG else SONG, hAnsi=LATIN if font != SONG else SONG, eastAsia=font, cs=LATIN)


def _size(points: float) -> Any:
    return element("sz", val=round(points * 2))


# --- words


def paragraph(word: Word, look: Look, text: str = "") -> Paragraph:
    """A paragraph at the end of the document."""
    added = word.add_paragraph()
    dress(added, look, text)
    return added


def dress(target: Paragraph, look: Look, text: str = "") -> None:
    """Give a paragraph its style and its words."""
    target._p.style = look.key
    target._p.extend(runs(text, look.font))


def runs(text: str, font: str, *, named: bool = False) -> Iterator[Any]:
    """The text as runs: only ever text, in the style's font, or in one that has the characters which that font lacks.

    ``named``: the style has another font, so name this one.
    """
    for other, letters in groupby(_with_fonts(fitting(text), font), key=lambda pair: pair[1]):
        words = element("t")
        words.text = "".join(letter for letter, _other in letters)
        words.set(qn("xml:space"), "preserve")
        fonts = {"eastAsia": other or font} if other or named else {}
        if other == BEYOND:
            fonts |= {"ascii": other, "hAnsi": other}
        # Quotation marks and dashes are East Asian here, not Latin.
        yield element("r", element("rPr", element("rFonts", hint="eastAsia", **fonts)), words)


def _with_fonts(text: str, font: str) -> Iterator[tuple[str, str]]:
    """Each character with the font it needs instead of the style's; marks and variants stay with the character before them."""
    other = ""
    for letter in text:
        if not (unicodedata.combining(letter) or unicodedata.category(letter) == "Mn"):
            other = _other_font(letter, font)
        yield letter, other


@cache
def _other_font(letter: str, font: str) -> str:
    if ord(letter) > 0xFFFF:
        return BEYOND
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return OTHERS[font][0] if "\u3400" <= letter <= "\ufaff" else ""
    return ""


def sized(target: Paragraph, points: float) -> None:
    """Give a paragraph's words another size than its style's."""
    for properties in target._p.iterfind(f"{qn('w:r')}/{qn('w:rPr')}"):
        properties.append(_size(points))


def ruled(target: Paragraph, side: str, kind: str, eighths: int, points: int, colour: str = RED) -> None:
    """A rule above or below a paragraph: its thickness in eighths of a point, its distance in points."""
    rule = element("pBdr", element(side, val=kind, sz=eighths, space=points, color=colour))
    target._p.get_or_add_pPr().insert_element_before(rule, "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")


def page_number(target: Paragraph) -> None:
    """Add the number of the page, between dashes."""
    code = element("instrText")
    code.text = "PAGE"
    target._p.extend([
        *runs("— ", SONG),
        element("r", element("fldChar", fldCharType="begin")), element("r", code), element("r", element("fldChar", fldCharType="end")),
        *runs(" —", SONG),
    ])  # fmt: skip


# --- the file


def packed(word: Word, title: str, sender: str, day: date) -> bytes:
    """The file. The same words give the same bytes: its properties come from the paper, and no part of it knows when it was written."""
    facts = word.core_properties
    facts.title, facts.author, facts.last_modified_by = (fitting(text)[:255] for text in (title, sender, sender))
    facts.comments, facts.language = "", "zh-CN"
    facts.created = facts.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)
    facts.revision = 1
    written, out = BytesIO(), BytesIO()
    word.save(written)
    with ZipFile(written) as loose, ZipFile(out, "w") as fixed:
        for name in sorted(loose.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            fixed.writestr(entry, loose.read(name))
    return out.getvalue()
