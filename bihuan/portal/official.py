"""A paper as a Word file in the layout of GB/T 9704-2012, for people to read, sign and send: documents (文件) and letters (函)."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.section import Section, _Footer
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from bihuan.foundation.models import Paper
from bihuan.portal import word_tables
from bihuan.portal.cited import COLUMNS, NOTE, TITLE_TEXT, Cited
from bihuan.portal.printed import Block, Printed, printed
from bihuan.portal.wordml import (
    BODY,
    CHARACTER,
    HEI,
    KAI,
    LINE,
    RED,
    SONG,
    TITLE,
    Look,
    blank,
    dress,
    packed,
    page_number,
    paragraph,
    ruled,
    sized,
)

TEXT = Look("gw-text", "公文正文", align="both", indent=2)
PLAIN = Look("gw-plain", "公文顶格", align="both")
HEAD = Look("gw-head", "公文发文机关标志", TITLE, 44, "center", line=52, before=62, colour=RED)
LETTER_HEAD = Look("gw-letter-head", "信函发文机关标志", TITLE, 36, "center", line=42, colour=RED)
NUMBER = Look("gw-number", "公文发文字号", align="center", before=2 * LINE)
LETTER_NUMBER = Look("gw-letter-number", "信函发文字号", align="right", before=BODY * 7 / 8)
NAME = Look("gw-title", "公文标题", TITLE, 22, "center", line=33, before=2 * LINE, keep=True)
TO = Look("gw-to", "公文主送", align="both", before=LINE)
FIRST = Look("gw-heading", "公文一级标题", HEI, align="both", indent=2, keep=True)
SECOND = Look("gw-subheading", "公文二级标题", KAI, align="both", indent=2, keep=True)
CAPTION = Look("gw-caption", "公文表题", TITLE, align="center", before=LINE / 4, keep=True)
NOTICE = Look("gw-notice", "公文附件说明", align="both", indent=2, before=LINE, keep=True)
SENDER = Look("gw-sender", "公文署名", align="right", before=LINE, keep=True)
DATE = Look("gw-date", "公文成文日期", align="right")
ANNEX = Look("gw-annex", "公文附件", HEI)
ANNEX_NAME = Look("gw-annex-title", "公文附件标题", TITLE, 22, "center", line=33, before=LINE, keep=True)
REMARK = Look("gw-remark", "公文表注", size=12, line=20, align="both")
MARK = Look("gw-mark", "公文草稿标记", HEI, 14, "right", line=18, colour=RED)
PAGE = Look("gw-page", "公文页码", SONG, 14, line=14)
RULE = Look("gw-rule", "信函下线", size=1, line=1)
IMPRINT = Look("gw-imprint", "公文版记", size=14, line=24)
ANCHOR = Look("gw-anchor", "公文版记锚点", size=1, line=1)
CELLS = (
    Look("gw-cell-1", "公文表格", size=12, line=20), Look("gw-cell-2", "公文表格小", size=10.5, line=17), Look("gw-cell-3", "公文表格密", size=9, line=14),
)  # fmt: skip
LOOKS = (
    TEXT, PLAIN, HEAD, LETTER_HEAD, NUMBER, LETTER_NUMBER, NAME, TO, FIRST, SECOND, CAPTION, NOTICE, SENDER, DATE, ANNEX, ANNEX_NAME, REMARK,
    MARK, PAGE, RULE, IMPRINT, ANCHOR, *CELLS,
)  # fmt: skip
OF_KIND = {"heading": FIRST, "subheading": SECOND, "text": TEXT}

WARNING = {"草稿": "未编号、未印发，数以印发时重新核算为准", "作废": "此稿已作废，不得使用"}


def docx(paper: Paper, cited: Sequence[Cited] = ()) -> bytes:
    """The paper as the bytes of a .docx; the same paper gives the same bytes. ``cited``: the sources of its figures, printed as an annex."""
    words = printed(paper)
    word = blank(LOOKS)
    _around(word, words)
    _top(word, words)
    for block in words.blocks:
        _block(word, block)
    _sign(word, words, annexed=bool(cited))
    if cited:
        _annex(word, cited)
    if not words.letter:  # the standard gives letters none
        word_tables.add_imprint(word, [(words.sender, f"{words.dated}印发")], IMPRINT)
    paragraph(word, ANCHOR)
    return packed(word, paper.title, words.sender, paper.issued_on or paper.drafted_on)


# --- around the text


def _around(word: Word, words: Printed) -> None:
    """Page numbers in the outer corners; on every page of what is not issued, a mark; a letter's red lines on its first page."""
    section = word.sections[0]
    section.header_distance, section.footer_distance = Mm(30 if words.letter else 15), Mm(20 if words.letter else 23)
    word.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        dress(header.paragraphs[0], MARK, _mark(words))
    _numbered(section.footer, right=True)
    _numbered(section.even_page_footer, right=False)
    if words.letter:
        _letter_lines(section, words)


def _mark(words: Printed) -> str:
    return f"{words.mark}　{WARNING[words.mark]}" if words.mark else ""


def _numbered(footer: _Footer, *, right: bool) -> None:
    """The number of the page, one character in from the right or the left."""
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    dress(line, PAGE)
    page_number(line)
    line.paragraph_format.alignment = 2 if right else 0
    line.paragraph_format.right_indent = line.paragraph_format.left_indent = Pt(PAGE.size)


def _letter_lines(section: Section, words: Printed) -> None:
    """The sender's name 30 mm from the top over a red double rule, another 20 mm from the foot, both 170 mm wide, and no page number."""
    section.different_first_page_header_footer = True
    head, foot = section.first_page_header.paragraphs[0], section.first_page_footer.paragraphs[0]
    dress(head, LETTER_HEAD, words.red_head)
    sized(head, _fitting(words.red_head, LETTER_HEAD))
    ruled(head, "bottom", "thickThinSmallGap", 24, 11)
    dress(foot, RULE)
    ruled(foot, "bottom", "thinThickSmallGap", 24, 1)
    for line in (head, foot):
        line.paragraph_format.left_indent, line.paragraph_format.right_indent = Mm(-8), Mm(-6)


def _fitting(text: str, look: Look) -> float:
    """Points: the look's size, or less, so that the red words stay on one line."""
    return min(look.size, 438 // max(len(text), 1))


# --- the text


def _top(word: Word, words: Printed) -> None:
    """The head, the number under it, the red rule, the title, and whom it goes to."""
    if words.letter:
        number = paragraph(word, LETTER_NUMBER, words.number)
        if words.mark:
            dress(number, MARK, _mark(words))
    else:
        paragraph(word, PLAIN)
        sized(paragraph(word, HEAD, words.red_head), _fitting(words.red_head, HEAD))
        ruled(paragraph(word, NUMBER, words.number), "bottom", "single", 18, 11)
    _balanced(paragraph(word, NAME, words.title), words.title)
    paragraph(word, TO, words.to)


def _balanced(line: Paragraph, title: str) -> None:
    """Let a title of several lines break into lines of about one length, instead of leaving a word alone on the last."""
    whole = 438 / NAME.size
    lines = -(-_length(title) // whole)
    if lines > 1:
        spare = max(whole - _length(title) / lines - 1.5, 0)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(spare / 2 * NAME.size)


def _block(word: Word, block: Block) -> None:
    if block.kind != "table":
        paragraph(word, OF_KIND[block.kind], block.text)
        return
    if block.title:
        paragraph(word, CAPTION, block.title)
    word_tables.add(word, block.columns, block.rows, CELLS)


def _sign(word: Word, words: Printed, *, annexed: bool) -> None:
    """Name and date, never alone on a page; the date begins two characters behind the name, as the standard asks."""
    _hold_last(word)
    if annexed:
        paragraph(word, NOTICE, f"附件：{TITLE_TEXT}")
    name, date = _length(words.sender), _length(words.dated)
    behind = max(name - date, 2)
    ahead = behind + date + 2 - name
    _indented(paragraph(word, SENDER, words.sender), ahead)
    _indented(paragraph(word, DATE, words.dated), behind)


def _hold_last(word: Word) -> None:
    """Keep the last paragraph of the body, or the last two rows of a table that ends it, on the page of the signature."""
    last = word.element.body[-2]  # the section's properties stand behind it
    held = [last] if last.tag == qn("w:p") else [line for row in last.tr_lst[-2:] for line in row.iter(qn("w:p"))]
    for line in held:
        format_ = Paragraph(line, word._body).paragraph_format
        format_.keep_with_next = format_.keep_together = True


def _indented(line: Paragraph, characters: float) -> None:
    line.paragraph_format.right_indent = Pt(characters * CHARACTER)


def _length(text: str) -> float:
    """In characters; a digit is half of one."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)


def _annex(word: Word, cited: Sequence[Cited]) -> None:
    """Where each figure comes from, on a page of its own."""
    start = paragraph(word, ANNEX, "附件")
    start.paragraph_format.page_break_before = True
    paragraph(word, ANNEX_NAME, TITLE_TEXT)
    paragraph(word, REMARK, NOTE)
    word_tables.add(word, COLUMNS, [one.cells for one in cited], (CELLS[1], CELLS[1], CELLS[2]))
