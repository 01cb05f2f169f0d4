"""Invented documents in the manner of a work report, and the files that carry them."""

from __future__ import annotations

from io import BytesIO

from docx import Document as Word

from bihuan.computing.reading.passages import passages
from bihuan.computing.reading.statements import Statement, statements

REPORT = """临川市2021年政府工作报告

一、2020年工作回顾

2020年，粮食总产量连续5年稳定在60亿斤以上。新建改建农村公路1860公里，惠及群众8万余人。优良天数达到251天，污染物平均浓度下降了三成多。

引进院士工作站三个，两所高校开工建设。贫困发生率由7.4%降至0.3%。财政总收入突破百亿元大关，达到112.6亿元。获得国家级荣誉20余项。

二、2021年重点工作

2021年经济社会发展主要预期目标是：生产总值增长8%左右，一般公共预算收入增长7%以上，城镇登记失业率控制在4%以内。

（一）抓好项目建设。实施重点项目260个以上，年度完成投资不低于600亿元，其中投资10亿元以上项目不少于30个。一季度开工项目80个，上半年投产项目35个左右。新增5G基站1200个，新建公厕20—30座、停车泊位5000个。建成临川大桥、江北体育中心，开工建设城西污水处理厂、
垃圾焚烧发电厂等8个项目。

（二）增进民生福祉。每个乡镇至少建设1所公办幼儿园，每年培训技能人才1万人次以上。新增城镇就业四万人，救助困难群众两千户。对新认定的企业给予20万元一次性奖励，投资强度原则上不低于每亩300万元。到2025年底，第三产业占比提高到45%。充分发挥6个服务专班作用。争创国家卫生城市，出台人才公寓管理办法，推行容缺办理、一业一证、证照联办等模式。
"""


def read(text: str) -> list[Statement]:
    """The statements of a text that are something: targets, actuals, rules."""
    return [one for one in statements(passages(text.split("\n"))) if one.kind != "other"]


def docx_of(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs, and a table of one row under them."""
    document = Word()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    cells[0].text, cells[1].text = "项目个数", "15个"
    stored = BytesIO()
    document.save(stored)
    return stored.getvalue()


def pdf_of(*pages: tuple[str, ...], encrypted: bool = False) -> bytes:
    """A pdf with a text layer: each page a tuple of lines; a page without lines is what a scanner leaves."""
    letters = sorted({letter for page in pages for line in page for letter in line})
    codes = {letter: code for code, letter in enumerate(letters, start=1)}
    mapped = "\n".join(f"<{codes[letter]:04X}> <{letter.encode('utf-16-be').hex()}>" for letter in letters)
    ranges = f"{len(letters)} beginbfchar\n{mapped}\nendbfchar\n" if letters else ""
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def 1 begincodespacerange\n<0000> <FFFF>\n"
        f"endcodespacerange\n{ranges}endcmap end end"
    )
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Sim /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        ("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sim /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        "/FontDescriptor 5 0 R /DW 1000 >>"),
        ("<< /Type /FontDescriptor /FontName /Sim /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 "
        "/StemV 80 >>"),
        _stream(cmap),
    ]
    for number, page in enumerate(pages):
        drawn = "".join(f"1 0 0 1 40 {780 - 20 * row} Tm <{''.join(f'{codes[x]:04X}' for x in line)}> Tj\n" for row, line in enumerate(page))
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1200 842] /Resources << /Font << /F 3 0 R >> >> /Contents {8 + 2 * number} 0 R >>"
        )
        bodies.append(_stream(f"BT /F 14 Tf\n{drawn}ET"))
    return _file(bodies, encrypted=encrypted)


def _stream(text: str) -> str:
    return f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"


def _file(bodies: list[str], *, encrypted: bool) -> bytes:
    written, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010d} 00000 n \n" for place in places)
    locked = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4 >> /ID [<41> <42>]" if encrypted else ""
    return written + f"{table}trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R {locked} >>\nstartxref\n{len(written)}\n%%EOF\n".encode("latin-1")
