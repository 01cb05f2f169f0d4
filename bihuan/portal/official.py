"""A paper as a Word file in the layout of GB/T 9704-2012, for people to read, sign and send: documents (文件) and letters (函)."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.section import Section, _Footer
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from bihuan.portal import word_tables
from bihuan.portal.cited import COLUMNS, NOTE, TITLE_TEXT, Cited
from bihuan.portal.layout import (
    ANCHOR,
    ANNEX,
    ANNEX_NAME,
    CAPTION,
    CELLS,
    DATE,
    HEAD,
    IMPRINT,
    LETTER_HEAD,
    LETTER_NUMBER,
    LOOKS,
    MARK,
    NAME,
    NOTICE,
    NUMBER,
    OF_KIND,
    PAGE,
    PLAIN,
    REMARK,
    RULE,
    SENDER,
    SMALL,
    TO,
    head_size,
    imprint_lines,
    mark_of,
    signed_indents,
    title_indent,
)
from bihuan.portal.printed import Block, Printed
from bihuan.portal.wordml import blank, dress, packed, page_number, paragraph, ruled, sized


def docx(words: Printed, cited: Sequence[Cited] = ()) -> bytes:
    """The paper as the bytes of a .docx; the same paper gives the same bytes. ``cited``: the sources of its figures, printed as an annex."""
    word = blank(LOOKS)
    _around(word, words)
    _top(word, words)
    for block in words.blocks:
        _block(word, block)
    _sign(word, words, annexed=bool(cited))
    if cited:
        _annex(word, cited)
    if lines := imprint_lines(words):
        word_tables.add_imprint(word, lines, IMPRINT)
    paragraph(word, ANCHOR)
    return packed(word, words.title, words.sender, words.day)


# --- around the text


def _around(word: Word, words: Printed) -> None:
    """Page numbers in the outer corners; on every page of what is not issued, a mark; a letter's red lines on its first page."""
    section = word.sections[0]
    section.header_distance, section.footer_distance = Mm(30 if words.letter else 15), Mm(20 if words.letter else 23)
    word.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        dress(header.paragraphs[0], MARK, mark_of(words))
    _numbered(section.footer, right=True)
    _numbered(section.even_page_footer, right=False)
    if words.letter:
        _letter_lines(section, words)


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
    sized(head, head_size(words.red_head, LETTER_HEAD))
    ruled(head, "bottom", "thickThinSmallGap", 24, 11)
    dress(foot, RULE)
    ruled(foot, "bottom", "thinThickSmallGap", 24, 1)
    for line in (head, foot):
        line.paragraph_format.left_indent, line.paragraph_format.right_indent = Mm(-8), Mm(-6)


# --- the text


def _top(word: Word, words: Printed) -> None:
    """The head, the number under it, the red rule, the title, and whom it goes to."""
    if words.letter:
        number = paragraph(word, LETTER_NUMBER, words.number)
        if words.mark:
            dress(number, MARK, mark_of(words))
    else:
        paragraph(word, PLAIN)
        sized(paragraph(word, HEAD, words.red_head), head_size(words.red_head, HEAD))
        ruled(paragraph(word, NUMBER, words.number), "bottom", "single", 18, 11)
    _balanced(paragraph(word, NAME, words.title), words.title)
    if words.to:
        paragraph(word, TO, words.to)


def _balanced(line: Paragraph, title: str) -> None:
    if indent := title_indent(title):
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(indent)


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
    for look, text, indent in zip((SENDER, DATE), (words.sender, words.dated), signed_indents(words), strict=True):
        paragraph(word, look, text).paragraph_format.right_indent = Pt(indent)


def _hold_last(word: Word) -> None:
    """Keep the last paragraph of the body, or the last two rows of a table that ends it, on the page of the signature."""
    last = word.element.body[-2]  # the section's properties stand behind it
    held = [last] if last.tag == qn("w:p") else [line for row in last.tr_lst[-2:] for line in row.iter(qn("w:p"))]
    for line in held:
        format_ = Paragraph(line, word._body).paragraph_format
        format_.keep_with_next = format_.keep_together = True


def _annex(word: Word, cited: Sequence[Cited]) -> None:
    """Where each figure comes from, on a page of its own."""
    start = paragraph(word, ANNEX, "附件")
    start.paragraph_format.page_break_before = True
    paragraph(word, ANNEX_NAME, TITLE_TEXT)
    paragraph(word, REMARK, NOTE)
    word_tables.add(word, COLUMNS, [one.cells for one in cited], SMALL)
