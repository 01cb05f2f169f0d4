"""A sheet of rows: new ones are recorded, those that stand are changed, and what the action would refuse the check refuses."""

import pytest

from bihuan.foundation.ledger import body_of, head
from bihuan.foundation.models import Entry, Event
from bihuan.foundation.replaying import compare
from tests.foundation import city
from tests.foundation.sheets.conftest import Check, Confirm
from tests.foundation.sheets.makers import book

pytestmark = pytest.mark.usefixtures("projects")
TITLES = ["编码", "名称", "县区", "概算投资（亿元）", "签约日期"]


def test_new_changed_and_unchanged_rows_are_counted(checked: Check) -> None:
    rows = [
        TITLES,
        ["P-001", "P-001 项目", "濮阳县", 0.1, None],
        ["P-002", "改名", "濮阳县", 0.1, "2025年3月1日"],
        ["P-010", "新项目", "濮阳县", 2, "2025/3/1"],
    ]
    before = head()
    found = checked(book(rows))
    assert found.problems == ()
    assert (found.counts.new, found.counts.changed, found.counts.same) == (1, 1, 1)
    assert [(one.row, one.field, one.old, one.new, one.cell) for one in found.changes if not one.fresh] == [
        ("P-002", "name", "P-002 项目", "改名", "B3"),
        ("P-002", "signed_on", None, "2025-03-01", "E3"),
    ]
    assert head() == before


REFUSED: list[tuple[list[object], str]] = [
    (["P-010", None, "濮阳县", 1, None], "B2 名称：必须填写"),
    (["P-010", "新", "无此县", 1, None], "C2 县区：没有名为“无此县”的单位"),
    (["P-010", "新", "濮阳县", -1, None], "D2 概算投资：-10,000"),
    (["P-010", "新", "濮阳县", 1, "20260301"], "E2 签约日期：“20260301”不是日期"),
    (["P-010", "新", "濮阳县", 1, 44927], "E2 签约日期：“44927”不是日期"),
    (["P-010", "新", "濮阳县", 1, "2026-02-29"], "E2 签约日期：没有 2026-02-29 这一天"),
    (["P-010", "新", "濮阳县", 1, "2026-W10-1"], "E2 签约日期"),
    (["P-010", "新", "濮阳县", 1, "0001-01-01"], "E2 签约日期：年份须在"),
    (["P-010", "新", "濮阳县", 1, "10000-01-01"], "E2 签约日期"),
    (["P-010", "P-001 项目", "濮阳县", 1, None], "B2 名称、县区：名称、县区“P-001 项目、濮阳县”已经登记过"),
    (["P-010", "新", "清丰县", 1, None], "C2 县区：没有名为“清丰县”的单位，或不在您的职责范围内"),
    (["P-004", "改名", "清丰县", 1, None], "A2 编码：“P-004”这个编号不能由您登记或修改"),
    (["XX", "新", "濮阳县", 1, None], "A2 编码：“XX”不合编码格式"),
    (["P-010", "新\u200b项目", "濮阳县", 1, None], "B2 名称：含有看不见的字符"),
    (["P-010", 1234567890123456, "濮阳县", 1, None], "B2 名称：是数字格式"),
    (["P-001", None, "清丰县", None, None], "C2 县区：没有名为“清丰县”的单位，或不在您的职责范围内"),
]


def test_what_the_ledger_would_refuse_is_refused_by_its_cell(checked: Check) -> None:
    for row, words in REFUSED:
        texts = [problem.text() for problem in checked(book([TITLES, row])).problems]
        assert any(words in text for text in texts), (words, texts)


def test_text_that_looks_like_a_formula_stays_text(confirmed: Confirm) -> None:
    content = "编码,名称,县区\r\nP-010,'=HYPERLINK(1),濮阳县\r\nP-011,+86项目,濮阳县\r\n".encode()
    confirmed(content, name="项目.csv")
    assert list(Entry.objects.filter(key__gte="P-010").values_list("title", flat=True)) == ["=HYPERLINK(1)", "+86项目"]


def test_all_changes_of_a_sheet_are_one_entry_of_the_ledger_with_file_and_cells(confirmed: Confirm) -> None:
    done = confirmed(book([TITLES, ["P-001", "改名", None, None, None], ["P-002", "也改名", None, None, None]]))
    event = Event.objects.get(seq=done.first)
    body = body_of(event)
    assert (event.kind, done.first) == ("entries.changed", done.last)
    assert (body["file"], body["sheet"]) == ({"name": "月报.xlsx", "digest": done.checked.digest}, "月报")
    assert [(edit["key"], edit["cells"]) for edit in body["edits"]] == [("P-001", {"name": "B2"}), ("P-002", {"name": "B3"})]
    assert compare().count == 0


def test_personal_data_masked_in_an_export_says_nothing_new(checked: Check) -> None:
    city.project("P-020", contact="张三丰", phone="13912345678")
    found = checked(book([["编码", "联系人", "电话"], ["P-020", "张**", "139******78"]]))
    assert (found.changes, found.problems) == ((), ())
    assert [one.field for one in checked(book([["编码", "联系人"], ["P-020", "李四"]])).changes] == ["contact"]


def test_rows_that_get_their_number_are_recorded_once_from_one_file(confirmed: Confirm, checked: Check) -> None:
    content = book([["承办单位", "类别", "编号"], ["濮阳县", "一般"], ["濮阳县", "重大"]])
    assert confirmed(content, register=city.MATTERS).checked.counts.new == 2
    again = checked(content, register=city.MATTERS)
    assert (again.changes, again.counts.same) == ((), 2)
    assert ["已经入账" in problem.text() for problem in again.problems] == [True]
