"""Files become lines, and what cannot be read says why."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from bihuan.computing.reading.documents import document_of, read_document
from bihuan.foundation.sheets.cells import Unreadable
from tests.computing.reading.samples import docx_of, pdf_of

TEXT = "一、工作安排\n实施重点项目338个，完成投资1320亿元以上。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_read_in_its_encoding(encoding: str) -> None:
    document = document_of(TEXT.encode(encoding), "报告.txt")
    assert (document.kind, "\n".join(document.lines), document.note[0]) == ("txt", TEXT, "")


def test_lines_in_another_encoding_are_read_and_counted() -> None:
    mixed = "生产总值增长7%以上。\n".encode() + "固定资产投资增长11%。\n".encode("gb18030") + "进出口保持平稳增长。".encode()
    document = document_of(mixed, "报告.txt")
    assert document.lines == ("生产总值增长7%以上。", "固定资产投资增长11%。", "进出口保持平稳增长。")
    assert "混用了编码，1 行" in document.note[0]


def test_a_page_of_the_web_gives_its_blocks_and_no_script() -> None:
    page = (
        "<!DOCTYPE html><html><head><meta charset=gbk><title>报告</title><script>var a='投资99亿元';</script></head><body>"
        "<h1>一、目标</h1><p>增长\n7%</p><table><tr><td>项目</td><td>15个</td></tr></table></body></html>"
    )
    document = document_of(page.encode("gbk"), "报告.html")
    assert document.lines == ("报告", "一、目标", "增长 7%", "项目 15个")


def test_a_word_file_gives_paragraphs_and_rows() -> None:
    document = document_of(docx_of("一、工作安排", "实施重点项目338个。"), "报告.docx")
    assert (document.kind, [line for line in document.lines if line]) == ("docx", ["一、工作安排", "实施重点项目338个。", "项目个数\t15个"])


def test_a_pdf_gives_its_text_layer() -> None:
    document = document_of(pdf_of(("一、工作安排", "实施重点项目338个。"), ("完成投资1320亿元以上。",)), "报告.pdf")
    assert [line for line in document.lines if line] == ["一、工作安排", "实施重点项目338个。", "完成投资1320亿元以上。"]


def test_two_hundred_pages_are_read() -> None:
    document = document_of(pdf_of(*[(f"第{number}页完成投资{number}亿元，开工项目{number}个。",) for number in range(1, 201)]), "报告.pdf")
    assert sum("完成投资" in line for line in document.lines) == 200


def hostile_archive() -> bytes:
    stored = BytesIO()
    with ZipFile(stored, "w") as archive:
        archive.writestr("word/document.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxx">]><a>&x;</a>')
    return stored.getvalue()


@pytest.mark.parametrize(("content", "name", "says"), [
    (b"", "空.txt", "文件是空的"),
    (pdf_of((), ()), "扫描.pdf", "没有文字层，像是扫描件"),
    (pdf_of(("甲乙丙",), encrypted=True), "密.pdf", "加了密"),
    (pdf_of(("甲乙丙丁戊己庚辛",))[:300], "断.pdf", "已损坏"),
    (b"%PDF-1.7 nothing", "坏.pdf", "已损坏"),
    (docx_of("甲")[:-400], "断.docx", "已损坏"),
    (hostile_archive(), "炸弹.docx", "已损坏"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧.doc", "旧版 Word"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密.docx", "加了密"),
    (b"PK\x03\x04" + b"nothing" * 9, "表.xlsx", "不是 docx"),
    (b"\x89PNG\r\n\0\0\0\0", "图.png", "不是文字文件"),
])  # fmt: skip
def test_what_cannot_be_read_says_why(content: bytes, name: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        document_of(content, name)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="打不开文件"):
        read_document(tmp_path / "没有.txt")
