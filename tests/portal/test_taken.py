"""A list taken away as a file holds exactly what the page shows."""

import csv
import io

import openpyxl
from django.test import Client

from tests.portal import town
from tests.portal.conftest import SignIn

EXPORT = "/registers/city.works/export/list."


def lines(client: Client, **asked: object) -> list[list[str]]:
    answer = client.get(f"{EXPORT}csv", asked)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def test_a_file_has_the_columns_and_rows_that_are_shown(sign_in: SignIn) -> None:
    chosen = {"col": ["light.works.progress", "_title", "estimate", "progress", "who.works.leader", "started_on"], "state": "building", "sort": "_key"}
    assert lines(sign_in("shi"), **chosen) == [
        ["进度灯", "名称", "概算投资（万元）", "投资进度", "包联领导", "开工日期"],
        ["红灯", "鹤鸣湖工程0", "1000", "70.0%", "凌市长", "2025-07-08"],
        ["绿灯", "雁栖岭工程0", "1000", "97.0%", "凌市长", "2025-07-08"],
    ]


def test_picked_rows_are_taken_alone_and_strange_ones_never(sign_in: SignIn) -> None:
    picked = [town.work("W-10").pk, town.work("W-20").pk]
    found = lines(sign_in("wei"), pick=picked, query="col=_title")
    assert found == [["名称"], ["鹤鸣湖工程0"]]


def test_personal_data_leave_masked(sign_in: SignIn) -> None:
    found = lines(sign_in("shi"), col=["_title", "contact"])
    assert all("联系人" not in cell for row in found[1:] for cell in row)


def test_a_workbook_says_of_which_list_and_day_it_is(sign_in: SignIn) -> None:
    answer = sign_in("shi").get(f"{EXPORT}xlsx", {"light.works.progress": "red", "col": ["_title", "estimate", "started_on"]})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    first, about = book.worksheets
    assert [cell.value for cell in first[1]] == ["名称", "概算投资（万元）", "开工日期"]
    assert first["B2"].value == 1000
    assert first["C2"].is_date
    assert ["筛选", "进度灯：红灯"] in [[cell.value for cell in row] for row in about.iter_rows()]
