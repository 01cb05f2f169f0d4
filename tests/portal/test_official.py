"""Papers as Word files: the page of GB/T 9704-2012, the same bytes each time, drafts marked, every figure with its source."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import given
from hypothesis import strategies as st

from bihuan.computing import follow, issuing
from bihuan.computing.sweep import sweep
from bihuan.foundation.access import SUPERVISOR, Actor
from bihuan.foundation.models import Event, Paper
from bihuan.portal import official
from bihuan.portal.cited import Cited, cited
from bihuan.portal.printed import NO_DATE, html_parts, printed
from tests.computing import small

SENTENCE = "2026年5月，全市完成投资 5 亿元，完成率 92.7%。"
COUNTIES = ("濮阳县", "华龙区", "南乐县")


def figure(name: str, value: str, offset: int) -> dict[str, Any]:
    return {"name": name, "value": value, "offset": offset, "kind": "indicator", "of": "major_projects.monthly_ranking.done", "group": "*"}


def parts() -> list[dict[str, Any]]:
    sources = [figure("全市完成投资", "5 亿元", SENTENCE.index(" 5 亿") + 1), figure("完成率", "92.7%", SENTENCE.index("92.7"))]
    lines = [[str(at), name, f"{100 - at}.5%", "—" if at == 3 else "+1"] for at, name in enumerate(COUNTIES, start=1)]
    return [
        {"text": "一、总体情况", "sources": []},
        {"text": SENTENCE, "sources": sources},
        {
            "title": "县（区）排名",
            "heading": ["名次", "单位", "完成率", "升降"],
            "lines": lines,
            "sources": [{"kind": "score", "of": "x.y.rank"}],
        },
        {"text": "（一）部分项目滞后。", "sources": []},
        {"text": "请各单位对照整改。", "sources": []},
    ]


def paper(**given: Any) -> Paper:
    """An issued bulletin, as far as nothing else is given."""
    content = {"parts": given.pop("parts", parts()), "sender": given.pop("sender", "市重大项目办"), "day": "2026-05-31"}
    facts = {
        "id": 7, "mechanism": "major_projects.monthly_ranking", "document": "bulletin", "register": "major_projects.investment", "period": "2026-05",
        "state": "issued", "title": "关于2026年5月排名情况的通报", "recipient": "各县（区）人民政府", "number": "濮重项办〔2026〕5号", "seq": 812,
        "drafted_on": date(2026, 6, 10), "issued_on": date(2026, 6, 11), "content": content, **given,
    }  # fmt: skip
    return Paper(**facts)


def docx(paper: Paper, sources: Sequence[Cited] = ()) -> bytes:
    return official.docx(printed(paper), sources)


def opened(made: bytes) -> Word:
    return Document(BytesIO(made))


def texts(word: Word) -> list[str]:
    return [line.text for line in word.paragraphs]


def line(word: Word, text: str) -> Paragraph:
    return next(one for one in word.paragraphs if one.text == text)


def below(one: Paragraph) -> Any:
    return one._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}")


def font(word: Word, one: Paragraph) -> tuple[str, float]:
    assert one.style is not None
    properties = one.style.element.rPr
    return properties.find(qn("w:rFonts")).get(qn("w:eastAsia")), int(properties.find(qn("w:sz")).get(qn("w:val"))) / 2


@pytest.fixture
def of_puyang(settings: Any) -> None:
    settings.BIHUAN_CITY = "濮阳市"


@pytest.mark.usefixtures("of_puyang")
class TestPage:
    """The standard's numbers."""

    def test_it_is_a4_with_the_margins_of_the_standard(self) -> None:
        section = opened(docx(paper())).sections[0]
        page = (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
        assert [round(length.mm) for length in page if length is not None] == [210, 297, 37, 35, 28, 26]

    def test_22_lines_of_28_characters_fit_and_23_or_29_do_not(self) -> None:
        style = opened(docx(paper())).styles["公文正文"]
        line_height = style.paragraph_format.line_spacing.pt
        assert 22 * line_height <= 225 / 25.4 * 72 < 23 * line_height
        tracking = int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
        assert 28 * (16 + tracking) <= 156 / 25.4 * 72 < 29 * (16 + tracking)

    def test_head_number_title_recipient_and_signature_stand_in_their_order(self) -> None:
        found = [text for text in texts(opened(docx(paper()))) if text]
        assert found[:5] == [
            "濮阳市重大项目办文件",
            "濮重项办〔2026〕5号",
            "关于2026年5月排名情况的通报",
            "各县（区）人民政府：",
            "一、总体情况",
        ]
        assert found[-2:] == ["濮阳市重大项目办", "2026年6月11日"]

    def test_each_part_has_its_type(self) -> None:
        word = opened(docx(paper()))
        assert font(word, line(word, "濮阳市重大项目办文件"))[0] == "方正小标宋简体"
        assert font(word, line(word, "关于2026年5月排名情况的通报")) == ("方正小标宋简体", 22)
        assert font(word, line(word, "一、总体情况")) == ("黑体", 16)
        assert font(word, line(word, "（一）部分项目滞后。")) == ("楷体_GB2312", 16)
        assert font(word, line(word, SENTENCE)) == ("仿宋_GB2312", 16)

    def test_fonts_that_are_not_installed_have_named_stand_ins(self) -> None:
        with ZipFile(BytesIO(docx(paper()))) as file:
            fonts = file.read("word/fontTable.xml").decode()
        assert '<w:font w:name="方正小标宋简体"><w:altName w:val="方正小标宋_GBK,' in fonts

    def test_a_red_rule_stands_under_the_number(self) -> None:
        rule = below(line(opened(docx(paper())), "濮重项办〔2026〕5号"))
        assert (rule.get(qn("w:color")), rule.get(qn("w:space"))) == ("E60012", "11")

    def test_page_numbers_are_outside_on_both_sides(self) -> None:
        word = opened(docx(paper()))
        section = word.sections[0]
        assert word.settings.odd_and_even_pages_header_footer
        sides = [(footer.paragraphs[0].alignment, footer.paragraphs[0].text) for footer in (section.footer, section.even_page_footer)]
        assert sides == [(2, "—  —"), (0, "—  —")]
        codes = [footer._element.find(f".//{qn('w:instrText')}").text for footer in (section.footer, section.even_page_footer)]
        assert codes == ["PAGE", "PAGE"]

    def test_the_signature_keeps_the_last_paragraph_on_its_page(self) -> None:
        word = opened(docx(paper()))
        assert line(word, "请各单位对照整改。").paragraph_format.keep_with_next
        assert word.styles["公文署名"].paragraph_format.keep_with_next
        tabled = opened(docx(paper(parts=parts()[:3])))
        assert tabled.tables[0].rows[-1].cells[0].paragraphs[0].paragraph_format.keep_with_next

    def test_the_date_begins_two_characters_behind_the_name(self) -> None:
        word = opened(docx(paper(sender="市重大项目建设指挥部办公室")))
        name, dated = line(word, "濮阳市重大项目建设指挥部办公室"), line(word, "2026年6月11日")
        step = 156 / 25.4 * 72 / 28
        start = {one.text: one.paragraph_format.right_indent.pt / step + width for one, width in ((name, 15), (dated, 6.5))}
        assert start[name.text] - start[dated.text] == pytest.approx(2, abs=0.1)

    def test_the_imprint_floats_at_the_foot_of_the_last_page(self) -> None:
        imprint = opened(docx(paper())).tables[-1]
        place = imprint._tbl.tblPr.find(qn("w:tblpPr"))
        assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
        assert [cell.text for cell in imprint.rows[0].cells] == ["濮阳市重大项目办", "2026年6月11日印发"]

    def test_a_letter_has_two_red_double_rules_and_neither_imprint_nor_first_number(self) -> None:
        word = opened(docx(paper(title="关于对甲项目实施红牌约谈的督办函", parts=parts()[:2])))
        section = word.sections[0]
        head, foot = section.first_page_header.paragraphs[0], section.first_page_footer.paragraphs[0]
        kinds = [below(one).get(qn("w:val")) for one in (head, foot)]
        assert (head.text, kinds) == ("濮阳市重大项目办", ["thickThinSmallGap", "thinThickSmallGap"])
        assert (foot.text, word.tables) == ("", [])
        assert word.styles["信函发文字号"].paragraph_format.alignment == 2
        assert line(word, "濮重项办〔2026〕5号").style == word.styles["信函发文字号"]


class TestTables:
    """Real tables."""

    def table(self) -> Any:
        return opened(docx(paper())).tables[0]

    def test_the_head_repeats_and_no_row_breaks(self) -> None:
        rows = self.table().rows
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True, False, False, False]
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)

    def test_every_side_has_a_border(self) -> None:
        borders = self.table()._tbl.tblPr.find(qn("w:tblBorders"))
        assert {side.tag.rpartition("}")[2]: side.get(qn("w:val")) for side in borders} == dict.fromkeys(
            ("top", "left", "bottom", "right", "insideH", "insideV"), "single"
        )

    def test_numbers_stand_on_the_right_and_names_do_not(self) -> None:
        cells = self.table().rows[3].cells
        assert [(cell.text, cell.paragraphs[0].alignment) for cell in cells] == [("3", 2), ("南乐县", 1), ("97.5%", 2), ("—", 2)]

    @given(st.lists(st.text("濮x1", max_size=60), min_size=1, max_size=14))
    def test_columns_always_fill_the_type_area(self, cells: list[str]) -> None:
        made = opened(docx(paper(parts=[{"title": "", "heading": cells, "lines": [cells]}])))
        widths = [int(column.get(qn("w:w"))) for column in made.tables[0]._tbl.tblGrid]
        assert sum(widths) == round(156 * 1440 / 25.4)
        assert min(widths) > 0

    def test_a_table_without_rows_says_so(self) -> None:
        made = opened(docx(paper(parts=[{"title": "红灯项目", "heading": ["项目", "县区"], "lines": []}])))
        assert [cell.text for cell in made.tables[0].rows[1].cells] == ["（无）", "（无）"]


class TestDrafts:
    """What is not issued cannot pass for what is."""

    def test_a_draft_is_marked_on_every_page_and_has_no_number_and_no_date(self) -> None:
        made = opened(docx(paper(state="draft", issued_on=None, number="不应出现〔2026〕9号")))
        headers = (made.sections[0].header, made.sections[0].even_page_header)
        assert all(header.paragraphs[0].text.startswith("草稿　未编号") for header in headers)
        assert "不应出现〔2026〕9号" not in texts(made)
        assert NO_DATE in texts(made)

    def test_a_draft_letter_is_marked_on_its_first_page(self) -> None:
        made = opened(docx(paper(state="draft", issued_on=None, number="", title="督办函")))
        assert any(text.startswith("草稿") for text in texts(made))

    def test_a_draft_laid_aside_says_so(self) -> None:
        made = opened(docx(paper(state="dropped", issued_on=None)))
        assert made.sections[0].header.paragraphs[0].text.startswith("作废")

    def test_an_issued_paper_carries_no_mark(self) -> None:
        assert opened(docx(paper())).sections[0].header.paragraphs[0].text == ""


class TestText:
    """Words stay words, all of them."""

    def test_rare_characters_survive_in_fonts_that_have_them(self) -> None:
        name = "㛃𬭊昇喆堃珺"
        made = opened(docx(paper(title=f"关于{name}的通报", parts=[{"text": f"联系人：{name}。"}])))
        assert f"关于{name}的通报" in texts(made)
        fonts = {
            run.text: run._r.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia")) for run in line(made, f"联系人：{name}。").runs
        }
        assert fonts == {"联系人：": None, "㛃": "仿宋", "𬭊": "SimSun-ExtB", "昇喆堃珺": "仿宋", "。": None}

    def test_a_variant_stays_with_its_character(self) -> None:
        made = opened(docx(paper(parts=[{"text": "葛\U000e0101县"}])))
        assert "葛\U000e0101县" in texts(made)

    @given(st.text())
    def test_any_text_gives_a_file_that_opens(self, text: str) -> None:
        made = opened(
            docx(
                paper(
                    title=text, recipient=text, sender=text, parts=[{"text": text}, {"title": text, "heading": [text], "lines": [[text]]}]
                )
            )
        )
        assert made.paragraphs

    def test_text_is_never_a_field_nor_markup(self) -> None:
        made = docx(paper(title="<w:br/>&amp;", parts=[{"text": '{ INCLUDETEXT "x" }=1+1\x07\u202e'}]))
        word = opened(made)
        assert "<w:br/>&amp;" in texts(word)
        assert '{ INCLUDETEXT "x" }=1+1' in texts(word)
        assert word.element.body.findall(f".//{qn('w:instrText')}") == []

    def test_lines_of_a_text_become_paragraphs(self) -> None:
        assert texts(opened(docx(paper(parts=[{"text": "甲。\n\n乙。"}])))).count("乙。") == 1


class TestFile:
    """The bytes."""

    def test_the_same_paper_gives_the_same_bytes(self) -> None:
        assert docx(paper()) == docx(paper())

    def test_nothing_in_it_comes_from_the_clock(self) -> None:
        made = docx(paper())
        facts = opened(made).core_properties
        assert (facts.created, facts.modified) == (datetime.fromisoformat("2026-06-11T00:00Z"),) * 2
        assert (facts.title, facts.revision) == ("关于2026年5月排名情况的通报", 1)
        with ZipFile(BytesIO(made)) as file:
            assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_it_holds_only_what_it_needs(self) -> None:
        made = docx(paper())
        assert len(made) < 20_000
        with ZipFile(BytesIO(made)) as file:
            assert [name for name in file.namelist() if "thumbnail" in name or "customXml" in name or "app.xml" in name] == []


@pytest.mark.usefixtures("of_puyang")
class TestBrowserPage:
    """What the page in the browser is given."""

    def test_a_figure_is_found_where_it_stands_not_where_it_also_occurs(self) -> None:
        pieces = html_parts(paper(), lambda source: f"/why/{source.name}")["blocks"][1]["pieces"]
        assert [(piece["text"], piece["href"]) for piece in pieces if piece["href"]] == [
            ("5 亿元", "/why/全市完成投资"),
            ("92.7%", "/why/完成率"),
        ]
        assert "".join(piece["text"] for piece in pieces) == SENTENCE

    def test_it_is_what_the_template_asks_for(self) -> None:
        shaped = html_parts(paper(state="draft", issued_on=None, number="x"), lambda source: "")
        assert (shaped["red_head"], shaped["number"], shaped["dated"], shaped["draft"]) == ("濮阳市重大项目办文件", "", NO_DATE, True)
        assert [block["kind"] for block in shaped["blocks"]] == ["heading", "text", "table", "subheading", "text"]
        assert shaped["blocks"][2]["rows"][0] == {"anchor": "p2-0", "cells": ["1", "濮阳县", "99.5%", "+1"]}


@pytest.fixture
def bulletin(db: None) -> Paper:
    """The monthly bulletin of a small city, drafted by the sweep and issued."""
    at = small.moment(date(2025, 7, 8))
    small.build(at)
    small.work("W-1", at)
    small.report("W-1", at)
    sweep(at)
    sweep(small.moment(date(2025, 7, 10)))
    draft = Paper.objects.get(document="bulletin")
    at = small.moment(date(2025, 7, 11))
    for name, step in (("checker", "check"), ("signer", "sign"), ("issuer", "issue")):
        draft = issuing.take(Actor(name, frozenset({SUPERVISOR}), everywhere=True), draft.pk, step, at)
    return draft


class TestSources:
    """From the ledger to the annex."""

    def test_each_figure_is_listed_with_its_formula_day_and_place_in_the_ledger(self, bulletin: Paper) -> None:
        progress, ranking = cited(bulletin)
        assert (progress.title, progress.value, progress.day, progress.seq) == ("全市投资进度", "72.0%", "2025-07-10", bulletin.seq)
        assert progress.rule == "合计(实际完成投资) / 合计(计划完成投资)；年初至今"
        assert (ranking.title, ranking.rule) == ("县区排名", "投资进度60分＋完成占比40分")

    def test_the_annex_is_announced_and_printed(self, bulletin: Paper) -> None:
        made = opened(docx(bulletin, cited(bulletin)))
        assert "附件：数据来源" in texts(made)
        table = made.tables[-2]
        assert [cell.text for cell in table.rows[1].cells] == list(cited(bulletin)[0].cells)
        assert "附件：数据来源" not in texts(opened(docx(bulletin)))

    def test_a_field_of_a_row_leads_to_the_entry_that_gave_it(self, bulletin: Paper) -> None:
        at = small.moment(date(2025, 7, 20))
        small.work("W-2", at, planned_start="2025-07-01")
        recorded = Event.objects.latest("seq").seq
        small.meeting("M-1", "W-2", at)
        follow.catch_up(at)
        letter = Paper.objects.get(document="letter")
        places = {one.title: one for one in cited(letter)}
        assert (places["概算投资"].rule, places["概算投资"].seq) == ("“工程”W-2：概算投资", recorded)

    def test_what_happens_later_changes_nothing(self, bulletin: Paper) -> None:
        before = docx(bulletin, cited(bulletin))
        small.report("W-1", small.moment(date(2025, 7, 20)), [1] * 6)
        assert docx(bulletin, cited(bulletin)) == before

    def test_a_register_that_no_pack_has_leaves_the_name(self, bulletin: Paper) -> None:
        bulletin.register = "gone.gone"
        assert cited(bulletin)[0].rule == "city.works.city_progress"


@pytest.mark.slow
class TestRendered:
    """As LibreOffice lays it out, where it is installed."""

    @pytest.fixture
    def render(self, tmp_path: Path) -> Callable[[bytes], list[str]]:
        if not shutil.which("soffice") or not shutil.which("pdftotext"):
            pytest.skip("needs LibreOffice and poppler (Debian: libreoffice-writer-nogui poppler-utils)")

        def rendered(made: bytes) -> list[str]:
            (tmp_path / "paper.docx").write_bytes(made)
            profile = f"-env:UserInstallation=file://{tmp_path}/profile"
            convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "paper.docx")]
            subprocess.run(convert, check=True, capture_output=True, timeout=120)
            text = subprocess.run(
                ["pdftotext", "-layout", tmp_path / "paper.pdf", "-"], check=True, capture_output=True, text=True, timeout=60
            )
            return text.stdout.split("\f")

        return rendered

    def test_a_full_page_has_22_lines_of_28_characters(self, render: Callable[[bytes], list[str]]) -> None:
        pages = render(docx(paper(parts=[{"text": "濮" * 2000}])))
        lines = [one.strip() for one in pages[2].splitlines() if "濮" in one]
        assert (len(lines), {len(one) for one in lines}) == (22, {28})

    def test_the_imprint_is_the_last_thing_above_the_page_number(self, render: Callable[[bytes], list[str]]) -> None:
        last = [one.strip() for one in render(docx(paper()))[-2].splitlines() if one.strip()]
        assert last[-2].replace(" ", "").endswith("2026年6月11日印发")


def test_a_demo_city_cannot_be_taken_for_the_city(settings: Any) -> None:
    settings.BIHUAN_CITY = "濮阳市（演示）"
    assert printed(paper()).red_head == "濮阳市（演示）重大项目办文件"


def test_an_office_is_named_in_full(of_puyang: None) -> None:
    assert printed(paper(sender="市发改委")).sender == "濮阳市发改委"
    assert printed(paper(sender="省发改委")).sender == "省发改委"
    assert printed(paper(sender="")).sender == "（发文机关待定）"
