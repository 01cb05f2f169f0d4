"""A sheet walks blank form, upload, check, confirmation; what is wrong names its cell; what was exported comes back unchanged."""

from io import BytesIO

from django.http import HttpResponse
from django.test import Client
from openpyxl import Workbook, load_workbook

from bihuan.foundation.models import Event, Figure, Upload
from tests.portal import town
from tests.portal.conftest import SignIn

SHEET = "/uploads/to/city.works/works.sheet/"


def content(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def named(data: bytes, name: str = "june.xlsx") -> BytesIO:
    file = BytesIO(data)
    file.name = name
    return file


def changed(data: bytes, values: dict[str, object]) -> bytes:
    """A workbook with some cells filled in."""
    book = load_workbook(BytesIO(data))
    for cell, value in values.items():
        book.worksheets[0][cell] = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def sent(client: Client, data: bytes, period: str = "2025-06", name: str = "june.xlsx") -> HttpResponse:
    answer = client.post(SHEET, {"file": named(data, name), "period": period})
    return client.get(answer.headers["Location"])  # type: ignore[return-value]


def confirm(client: Client, page: HttpResponse, **more: str) -> HttpResponse:
    return client.post(page.context["confirm_href"], {one["name"]: one["value"] for one in page.context["hidden"]} | more)  # type: ignore[return-value]


def blank(client: Client) -> bytes:
    """The empty form, which already holds the rows one answers for."""
    data = content(client.get(f"{SHEET}blank/"))  # type: ignore[arg-type]
    heads = [cell.value for cell in load_workbook(BytesIO(data)).worksheets[0][1]]
    assert str(heads[0]).startswith("编码")
    return data


def test_a_filled_in_form_is_checked_confirmed_and_turns_the_light(sign_in: SignIn) -> None:
    client = sign_in("wei")
    data = blank(client)
    keys = [row[0].value for row in load_workbook(BytesIO(data)).worksheets[0].iter_rows(min_row=2) if row[0].value]
    assert keys == ["W-10", "W-11"], "only one's own rows"
    page = sent(client, changed(data, {"C2": 100, "D2": 98}))
    assert not page.context["refused"]
    assert [(one["cell"], one["old"], one["new"]) for one in page.context["changes"]] == [("D2", "70", "98")] or page.context["changes"][0]["cell"] == "D2"
    assert Figure.objects.get(entry=town.work(), field="completed").value == 70_000000, "nothing before it is confirmed"
    done = client.get(confirm(client, page).headers["Location"])
    assert done.context["counts"] == {"changes": 1, "rows": 1}
    (turned,) = done.context["turned"]
    assert (turned["from_colour"], turned["to_colour"]) == ("red", "green")
    walk = client.get(f"/rows/{town.work().pk}/figures/completed/2025-06/").context["walk"]
    assert (walk["cell"]["cell"], walk["cell"]["file"]) == ("D2", "june.xlsx")
    assert client.get(walk["cell"]["href"]).status_code == 200


def test_a_wrong_cell_is_named_and_nothing_can_be_confirmed(sign_in: SignIn) -> None:
    client = sign_in("wei")
    page = sent(client, changed(blank(client), {"D2": "八百", "A3": "W-99"}))
    assert page.context["refused"]
    assert {"D2", "A3"} <= {one["cell"] for one in page.context["problems"]}
    assert confirm(client, page).status_code == 409
    assert not Event.objects.filter(kind="figures.recorded", actor="wei").exists()


def test_rows_of_another_county_are_refused_in_the_words_for_rows_that_do_not_exist(sign_in: SignIn) -> None:
    client = sign_in("wei")
    theirs = sent(client, changed(blank(client), {"A2": "W-20", "B2": None, "D2": 1})).context["problems"]
    nobodys = sent(client, changed(blank(client), {"A2": "W-99", "B2": None, "D2": 1})).context["problems"]
    assert [one["text"].replace("W-20", "W-99") for one in theirs] == [one["text"] for one in nobodys]


def test_a_sheet_is_looked_at_again_when_the_register_moved_on(sign_in: SignIn) -> None:
    client = sign_in("wei")
    page = sent(client, changed(blank(client), {"C2": 100, "D2": 98}))
    town.fill({"W-11": (5, 5)})
    from_other = client.post(f"/rows/{town.work().pk}/figures/", {"period": "2025-06", "row.completed": "88", "seen.completed": str(70_000000)})
    assert from_other.status_code == 302
    again = confirm(client, page)
    assert again.status_code == 409
    assert confirm(client, again).status_code == 302


def test_what_was_exported_comes_back_without_a_change(sign_in: SignIn) -> None:
    client = sign_in("shi")
    data = content(client.get("/registers/city.works/export/works.sheet.xlsx"))  # type: ignore[arg-type]
    page = sent(client, data)
    assert page.context["problems"] == []
    assert page.context["counts"]["changes"] == 0
    assert page.context["counts"]["same"] > 0


def test_an_export_holds_what_the_list_shows(sign_in: SignIn) -> None:
    data = content(sign_in("shi").get("/registers/city.works/export/list.xlsx?light.works.progress=red&col=_title&col=code"))  # type: ignore[arg-type]
    keys = [row[1].value for row in load_workbook(BytesIO(data)).worksheets[0].iter_rows(min_row=2)]
    assert keys == ["W-10"]


def test_what_is_no_sheet_is_refused_with_a_reason(sign_in: SignIn) -> None:
    client = sign_in("wei")
    empty = BytesIO()
    Workbook().save(empty)
    for data, name in ((b"PK\x03\x04 broken", "a.xlsx"), (b"\xff\xfe\x00", "a.csv"), (empty.getvalue(), "a.xlsx"), (b"<html></html>", "a.xlsx")):
        answer = client.post(SHEET, {"file": named(data, name), "period": "2025-06"}, follow=True)
        assert answer.status_code == 200
        assert answer.context.get("refused") or list(answer.context["messages"]), name
    assert client.post(SHEET, {}).status_code == 422


def test_nobody_confirms_or_reads_the_sheet_of_another_county(sign_in: SignIn) -> None:
    client = sign_in("wei")
    page = sent(client, changed(blank(client), {"C2": 100, "D2": 98}))
    number = Upload.objects.get(member="wei", state="waiting").pk
    for other in (sign_in("nan"), sign_in("qi")):
        assert other.get(f"/uploads/{number}/").status_code == 404
        assert other.get(f"/uploads/{number}/original/").status_code == 404
        assert confirm(other, page).status_code == 404


def test_a_sheet_of_rows_changes_them_and_each_change_stands_in_the_history_of_its_row(sign_in: SignIn) -> None:
    client = sign_in("wei")
    where = "/uploads/to/city.works/works.rows/"
    data = content(client.get("/registers/city.works/export/works.rows.xlsx"))  # type: ignore[arg-type]
    heads = [str(cell.value) for cell in load_workbook(BytesIO(data)).worksheets[0][1]]
    column = "ABCDEFGH"[next(at for at, head in enumerate(heads) if head.startswith("概算投资"))]
    answer = client.post(where, {"file": named(changed(data, {f"{column}2": 1500, f"{column}3": 1600}))})
    page = client.get(answer.headers["Location"])
    assert len(page.context["changes"]) == 2
    assert confirm(client, page).status_code == 302
    assert town.work().data["estimate"] == 1500_000000
    last = client.get(f"/rows/{town.work().pk}/?tab=history").context["history"][0]
    assert [(one["title"], one["old"], one["new"]) for one in last["changes"]] == [("概算投资", "1,000 万元", "1,500 万元")]
    assert last["source"]["text"].endswith(f"{column}2")
