"""Papers as PDF: the grid measured on the page, the same bytes each time, words that stay words, characters that no font has."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.foundation.models import Paper
from bihuan.portal import fonts, pdf
from bihuan.portal.cited import Cited
from bihuan.portal.printed import printed
from tests.portal import town
from tests.portal.conftest import SignIn
from tests.portal.test_official import paper, parts

POINTS = 72 / 25.4
FIGURES = [Cited("完成率", "92.7%", "合计(实际完成投资)", "2026-05-31", 812)]
TABLE = {
    "title": "三库项目表",
    "heading": ["序号", "项目", "投资"],
    "lines": [[str(at), f"项目{at}", f"{at}.5"] for at in range(90)],
    "sources": [],
}


def made(cited: list[Cited] | None = None, **given: Any) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(pdf.pdf(printed(paper(**given)), cited or []).content)


def texts(book: pypdfium2.PdfDocument) -> list[str]:
    """The words of each page, without spaces and ends of lines."""
    return ["".join(page.get_textpage().get_text_range().split()) for page in book]


def letters(page: pypdfium2.PdfPage) -> Iterator[tuple[str, float, float, float, float]]:
    """Each character with its box in points from the page's lower left: left, bottom, right, top."""
    words = page.get_textpage()
    for at in range(words.count_chars()):
        yield words.get_text_range(at, 1), *words.get_charbox(at)


def lines_of(page: pypdfium2.PdfPage, letter: str) -> dict[float, list[float]]:
    """Where a character stands: by line, from the left."""
    lines: dict[float, list[float]] = {}
    for one, left, bottom, _right, _top in letters(page):
        if one == letter:
            lines.setdefault(round(bottom, 1), []).append(left)
    return lines


class TestPage:
    """The standard's numbers, measured on the page."""

    def test_a_full_page_has_22_lines_of_28_characters_on_one_grid(self) -> None:
        page = made(parts=[{"text": "濮" * 2000}])[2]
        assert [round(side / POINTS) for side in page.get_size()] == [210, 297]
        lines = lines_of(page, "濮")
        assert (len(lines), {len(line) for line in lines.values()}) == (22, {28})
        assert {round(above - below, 1) for above, below in pairwise(lines)} <= {28.9, 29.0}
        for line in lines.values():
            assert {round(right - left, 1) for left, right in pairwise(sorted(line))} == {15.8}
            assert min(line) / POINTS == pytest.approx(28, abs=0.5)

    def test_the_parts_stand_in_their_order_and_the_imprint_at_the_foot_of_the_last_page(self) -> None:
        book = made(FIGURES)
        whole = "".join(texts(book))
        order = [
            "文件",
            "濮重项办〔2026〕5号",
            "关于2026年5月",
            "各县（区）人民政府：",
            "一、总体情况",
            "（一）部分项目滞后。",
            "附件：数据来源",
            "2026年6月11日",
            "合计(实际完成投资)",
        ]
        places = [whole.index(words) for words in order]
        assert places == sorted(places)
        foot = [bottom / POINTS for one, _left, bottom, _right, _top in letters(book[len(book) - 1]) if one == "印"]
        assert 35 < foot[-1] < 45
        assert "印发" not in "".join(texts(book)[:-1])

    def test_page_numbers_stand_outside_below_the_text(self) -> None:
        book = made(parts=[{"text": "濮" * 2000}])
        for at, page in enumerate(book, start=1):
            number = [
                (left / POINTS, bottom / POINTS)
                for one, left, bottom, _right, _top in letters(page)
                if one == str(at) and bottom < 35 * POINTS
            ]
            assert len(number) == 1
            assert (number[0][0] > 150) is bool(at % 2), "right on odd pages, left on even ones"
            assert 22 < number[0][1] < 30

    def test_a_table_repeats_its_head_on_every_page(self) -> None:
        pages = [text for text in texts(made(parts=[*parts()[:2], TABLE, {"text": "完。"}])) if "项目" in text and "投资" in text]
        assert len(pages) > 2
        assert all("序号项目投资" in text for text in pages)
        whole = "".join(pages)
        assert [at for at in range(90) if f"项目{at}{at}.5" not in whole] == []

    @pytest.mark.parametrize("characters", [130, 158, 186, 214, 242, 270, 2000, 2028])
    def test_the_signature_never_stands_alone(self, characters: int) -> None:
        for last in ({"text": "濮" * characters}, {**TABLE, "title": "", "lines": TABLE["lines"][: characters // 8]}):
            pages = texts(made(parts=[{"text": "一、情况"}, last]))
            signed = next(text for text in pages if "2026年6月11日" in text and "重大项目办2026" in text)
            assert "濮濮" in signed or "项目" in signed.replace("重大项目办", "").replace("项目办", ""), pages

    def test_a_letter_has_neither_imprint_nor_first_page_number(self) -> None:
        book = made(title="关于对甲项目实施红牌约谈的督办函", parts=[{"text": "请于三日内反馈。" * 60}])
        first, second = texts(book)[:2]
        assert "文件" not in first
        assert "—1—" not in first
        assert "—2—" in second
        assert "印发" not in first + second

    def test_what_is_not_issued_is_marked_on_every_page(self) -> None:
        draft = texts(made(state="draft", issued_on=None, parts=[TABLE]))
        assert all("草稿未编号、未印发" in text for text in draft)
        assert not any("草稿" in text for text in texts(made(parts=[TABLE])))


class TestText:
    """Words stay words."""

    @pytest.mark.parametrize(
        "words",
        [
            '#read("/etc/passwd")',
            "#panic()",
            "$x^2$",
            "@label",
            "<label>",
            "\\ \\u{41}",
            "`code`",
            "*bold* _it_",
            "= heading",
            "// no",
            "{{7*7}}",
            '"; #x',
            "-- --- ...",
        ],
    )
    def test_no_word_is_read_as_markup(self, words: str) -> None:
        book = made(
            title=words, sender=words, recipient=words, parts=[{"text": words}, {"title": words, "heading": [words], "lines": [[words]]}]
        )
        found = "".join(texts(book))
        assert found.count("".join(words.split())) >= 5
        assert "root:" not in found

    @settings(max_examples=6, deadline=None)
    @given(st.text(max_size=40))
    def test_any_text_gives_a_file_that_opens(self, text: str) -> None:
        content = [{"text": text}, {"title": text, "heading": [text], "lines": [[text]]}]
        assert len(made(title=text, recipient=text, sender=text, parts=content)) >= 1

    def test_a_character_that_no_font_has_is_named_and_the_file_made_all_the_same(self) -> None:
        lacking = pdf.pdf(printed(paper(parts=[{"text": "甲\U0003ffffa乙\ue123。"}])))
        assert lacking.missing == ("\U0003ffff", "\ue123"), "also one that each font draws as it likes"
        assert pdf.pdf(printed(paper(parts=[{"text": "\ue123"}]))).missing == ("\ue123",)
        assert "甲" in "".join(texts(pypdfium2.PdfDocument(lacking.content)))
        assert pdf.pdf(printed(paper())).missing == ()


class TestFile:
    """The bytes."""

    def test_the_same_paper_gives_the_same_bytes(self) -> None:
        first = pdf.pdf(printed(paper()), FIGURES).content
        pdf._made.cache_clear()
        assert pdf.pdf(printed(paper()), FIGURES).content == first
        assert pdf.pdf(replace(printed(paper()), day=date(2026, 6, 12)), FIGURES).content != first

    def test_it_is_an_archive_file_of_the_day_of_issue(self) -> None:
        content = pdf.pdf(printed(paper())).content
        assert b"pdfaid:part>2" in content
        facts = pypdfium2.PdfDocument(content).get_metadata_dict()
        assert (facts["Title"], facts["CreationDate"][:10]) == ("关于2026年5月排名情况的通报", "D:20260611")


class TestFonts:
    """What is installed, and what stands in."""

    def test_stand_ins_are_said_for_fonts_that_are_not_installed_and_for_no_others(self) -> None:
        for font, used in fonts.stand_ins():
            assert font.lower() not in fonts.families()
            assert not used or used in fonts.chain(font)
        assert Counter(font for font, _used in fonts.stand_ins()).most_common(1)[0][1] == 1

    def test_both_files_take_their_fonts_from_one_list(self) -> None:
        told = pdf._settings()["fonts"]
        assert set(told) == set(fonts.OTHERS)


def test_a_paper_is_taken_away_as_pdf_and_its_page_says_what_it_lacks(sign_in: SignIn) -> None:
    number = Paper.objects.get(entry=town.work()).pk
    client = sign_in("wei")
    answer = client.get(f"/papers/{number}/pdf/")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert f"/papers/{number}/fonts/" in client.get(f"/papers/{number}/").content.decode()
    assert client.get(f"/papers/{number}/fonts/").context["missing"] == ()
    assert sign_in("nan").get(f"/papers/{number}/pdf/").status_code == 404
