"""A paper as a Word file in the layout of GB/T 9704-2012, for people to read, sign and send: documents (文件) and letters (函)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from docx.document import Document as Word
from docx.section import Section, _Footer, _Header
from docx.shared import Mm, Pt

from bihuan.foundation.models import Paper
from bihuan.portal import word_tables
from bihuan.portal.cited import HEADING, Cited
from bihuan.portal.printed import APPENDIX, Block, Printed, printed
from bihuan.portal.wordml import AREA_WIDTH, BODY, CHARACTERS, HEI, KAI, LINE, RED, SONG, TITLE, Look, blank, dress, packed, page_number, paragraph, ruled

TEXT = Look("gw-text", "公文正文", align="both", indent=2)
TO = Look("gw-to", "公文主送", before=LINE, align="both")
HEAD = Look("gw-head", "公文发文机关标志", TITLE, 44, "center", line=52, before=35 / 25.4 * 72 - LINE - 8, colour=RED)
LETTER_HEAD = Look("gw-letter-head", "信函发文机关标志", TITLE, 36, "center", line=42, colour=RED)
NUMBER = Look("gw-number", "公文发文字号", align="center", before=2 * LINE)
LETTER_NUMBER = Look("gw-letter-number", "信函发文字号", align="right", before=BODY * 7 / 8)
NAME = Look("gw-title", "公文标题", TITLE, 22, "center", line=33, keep=True)
FIRST = Look("gw-heading", "公文一级标题", HEI, align="both", indent=2, keep=True)
SECOND = Look("gw-subheading", "公文二级标题", KAI, align="both", indent=2, keep=True)
CAPTION = Look("gw-caption", "公文表题", TITLE, align="center", before=LINE / 4, keep=True)
SIGN = Look("gw-sign", "公文落款", align="right", keep=True)
MARK = Look("gw-mark", "公文草稿标记", HEI, align="right", line=18, colour=RED)
PAGE = Look("gw-page", "公文页码", SONG, 14, line=14)
FOOT = Look("gw-foot", "公文信函下线", size=1, line=1)
IMPRINT = Look("gw-imprint", "公文版记", size=14, line=24)
ANCHOR = Look("gw-anchor", "公文版记锚点", size=1, line=1)
CELLS = tuple(Look(f"gw-cell-{at}", f"公文表格{at}", size=size, line=size * 1.5) for at, size in enumerate((12, 10.5, 9), start=1))
LOOKS = (TEXT, TO, HEAD, LETTER_HEAD, NUMBER, LETTER_NUMBER, NAME, FIRST, SECOND, CAPTION, SIGN, MARK, PAGE, FOOT, IMPRINT, ANCHOR, *CELLS)

OF_KIND = {"heading": FIRST, "subheading": SECOND, "text": TEXT}
AFTER_RULE = {False: 2 * LINE, True: 2 * LINE}
WARNING = "未经印发，数以印发时重新核算为准"


def docx(paper: Paper, cited: Sequence[Cited] = ()) -> bytes:
    """The paper as .docx bytes; the same paper gives the same bytes. ``cited``: the sources of its figures, printed as an appendix."""
    words = printed(paper)
    word = blank(LOOKS)
    _pages(word, words)
    _top(word, words)
    for block in words.blocks:
        _block(word, block)
    _end(word, words, appended=bool(cited))
    if cited:
        _appendix(word, cited)
    if not words.letter:
        lines = [(words.sender, f"{words.dated}印发")]
        word_tables.add_imprint(word, lines, IMPRINT)
    paragraph(word, ANCHOR)
    return packed(word, paper.title, words.sender, paper.issued_on or paper.drafted_on)


# --- around the text


def _pages(word: Word, words: Printed) -> None:
    """Page numbers, outside on both sides; a mark on every page of what is not issued; a letter's red lines on its first page."""
    section = word.sections[0]
    section.header_distance, section.footer_distance = Mm(30 if words.letter else 15), Mm(23)
    word.settings.odd_and_even_pages_header_footer = True
    _numbered(section.footer, "right")
    _numbered(section.even_page_footer, "left")
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        dress(header.paragraphs[0], MARK, f"{words.mark}（{WARNING}）" if words.mark else "")
    if words.letter:
        _letter_lines(section, words)


def _numbered(footer: _Footer, side: Align) -> None:
    """The number of the page in its outer corner, one character in."""
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    dress(line, PAGE)
    page_number(line)
    aside(line, side, PAGE.size)


def _letter_lines(section: Section, words: Printed) -> None:
    """A letter's first page: the sender's name 30 mm from the top over a red double rule, another 20 mm from the foot, no number."""
    section.different_first_page_header_footer = True
    head, foot = section.first_page_header.paragraphs[0], section.first_page_footer.paragraphs[0]
    dress(head, LETTER_HEAD, words.red_head)
    size_to_fit(head, words.red_head, LETTER_HEAD.size)
    ruled(head, "bottom", "thickThinSmallGap", 24, 11)
    dress(foot, FOOT)
    ruled(foot, "bottom", "thinThickSmallGap", 24, 8)
    for line in (head, foot):
        line.paragraph_format.left_indent, line.paragraph_format.right_indent = Mm(-8), Mm(-6)  # 170 mm wide, in the middle of the sheet


# --- the text


def _top(word: Word, words: Printed) -> None:
    """The head, the number under it, the red rule, the title, and whom it goes to."""
    if words.letter:
        paragraph(word, LETTER_NUMBER, words.number or words.mark)
    else:
        paragraph(word, TEXT)
        size_to_fit(paragraph(word, HEAD, words.red_head), words.red_head, HEAD.size)
        ruled(paragraph(word, NUMBER, words.number), "bottom", "single", 18, 11)
    for line in title_lines(words.title):
        name = paragraph(word, NAME, line)
        name.paragraph_format.space_before = Pt(2 * LINE) if line == title_lines(words.title)[0] else Pt(0)
    if words.to:
        paragraph(word, TO, words.to)
    else:
        paragraph(word, TEXT)


def title_lines(title: str) -> list[str]:
    """A title in lines of about the same length, none longer than 19 characters of size 2."""
    count = -(-len(title) // TITLE_LINE)
    length = -(-len(title) // count) if count else 0
    return [title[at : at + length] for at in range(0, len(title), length)] if count else [""]
