"""The grid: every cell is checked as a sheet's, refused where it stands, recorded all or not at all; what is typed waits for its person alone."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan import clock
from bihuan.foundation.actions.unsent import LARGEST, MOST
from bihuan.foundation.models import Event, Figure, Unsent
from tests.portal import town
from tests.portal.conftest import SignIn

FILL = "/registers/city.works/fill/"
Cell = list[str]


def posted(client: Client, cells: list[Cell], **more: str) -> tuple[int, dict[str, object]]:
    """What comes back for some cells, each row, field, text, and the text that was seen."""
    answer = client.post(FILL, {"period": "2025-06", "cells": json.dumps(cells), **more})
    return answer.status_code, answer.json()


def found(body: dict[str, object]) -> dict[tuple[str, str], dict[str, str]]:
    return {(one["row"], one["field"]): one for one in body["cells"]}  # type: ignore[attr-defined, index]


def completed(key: str = "W-10") -> int | None:
    return Figure.objects.get(entry=town.work(key), field="completed", period="2025-06").value


def test_the_grid_holds_what_stands_and_what_stood_the_month_before(sign_in: SignIn) -> None:
    town.fill({"W-10": (90, 60)}, "2025-05")
    page = sign_in("wei").get(FILL)
    (line,) = [one for one in page.context["grid"]["rows"] if one["key"] == "W-10"]
    assert line["now"] == {"planned": "100", "completed": "70"}
    assert line["before"] == {"planned": "90", "completed": "60"}
    assert "W-20" not in page.content.decode(), "another county's rows"
    assert f'href="/rows/{town.work().pk}/figures/?period=2025-06"' in page.content.decode(), "without scripts each line leads to its form"


def test_those_that_owe_a_report_come_first_and_all_can_be_chosen(sign_in: SignIn) -> None:
    client, july = sign_in("wei"), f"{FILL}?period=2025-07"
    assert {one["value"]: one["chosen"] for one in client.get(july).context["ranges"]}["owing"]
    assert [line["key"] for line in client.get(july).context["lines"]] == ["W-10"]
    assert [line["key"] for line in client.get(f"{july}&rows=all").context["lines"]] == ["W-10", "W-11"]


def test_a_pasted_block_is_read_like_a_sheet(sign_in: SignIn) -> None:
    client = sign_in("wei")
    status, body = posted(client, [["W-10", "planned", "１，２００万元", "100"], ["W-10", "completed", "0.05亿元", "70"], ["W-11", "completed", "八百", ""]], check="1")
    cells = found(body)
    assert status == 200
    assert cells["W-10", "planned"]["text"] == "1200"
    assert cells["W-10", "completed"]["text"] == "500"
    assert "八百" in cells["W-11", "completed"]["why"]
    assert completed() == 70_000000, "a check writes nothing"


def test_one_refused_cell_keeps_the_whole_block_out(sign_in: SignIn) -> None:
    client = sign_in("wei")
    status, body = posted(client, [["W-10", "completed", "98", "70"], ["W-11", "completed", "-1", ""]])
    assert status == 422
    assert "不得小于 0" in found(body)["W-11", "completed"]["why"]
    assert completed() == 70_000000


def test_a_good_block_is_one_entry_of_the_ledger_and_the_light_turns(sign_in: SignIn) -> None:
    client = sign_in("wei")
    before = Event.objects.filter(kind="figures.recorded").count()
    status, body = posted(client, [["W-10", "completed", "98", "70"], ["W-11", "planned", "5", ""], ["W-11", "completed", "4", ""]])
    assert (status, body["recorded"]) == (200, True)
    assert Event.objects.filter(kind="figures.recorded").count() == before + 1
    assert completed() == 98_000000
    assert client.get("/registers/city.works/?light.works.progress=green").context["total"] == 1


def test_an_emptied_cell_takes_the_value_away(sign_in: SignIn) -> None:
    assert posted(sign_in("wei"), [["W-10", "completed", "", "70"]])[1]["recorded"]
    assert completed() is None


def test_a_cell_somebody_else_changed_shows_both_values_and_who(sign_in: SignIn) -> None:
    client = sign_in("wei")
    posted(sign_in("shi"), [["W-10", "completed", "88", "70"]])
    status, body = posted(client, [["W-10", "completed", "98", "70"], ["W-10", "planned", "101", "100"]])
    assert status == 409
    clash = found(body)["W-10", "completed"]
    assert (clash["theirs"], clash["by"], clash["text"]) == ("88", "石市", "98")
    assert found(body)["W-10", "planned"]["theirs"] is None
    assert completed() == 88_000000
    assert posted(client, [["W-10", "completed", "98", "88"]])[1]["recorded"], "seen now, and meant"


def test_rows_of_another_county_are_refused_as_if_they_were_not_there(sign_in: SignIn) -> None:
    theirs, nobodys = (found(posted(sign_in("wei"), [[key, "completed", "1", ""]], check="1")[1])[key, "completed"]["why"] for key in ("W-20", "W-99"))
    assert theirs.replace("W-20", "W-99") == nobodys


def test_a_value_out_of_all_proportion_is_pointed_out_and_taken(sign_in: SignIn) -> None:
    client = sign_in("wei")
    odd = found(posted(client, [["W-10", "completed", "700000", "70"]], check="1")[1])["W-10", "completed"]
    assert (odd["why"], "千倍" in odd["odd"]) == ("", True)


def test_several_rows_are_changed_at_once_and_each_refusal_names_its_cell(sign_in: SignIn) -> None:
    client = sign_in("wei")
    wrong = [["W-10", "industry", "农业", "制造"], ["W-11", "name", "", "鹤鸣湖工程1"], ["W-11", "county", "西县", town.NORTH]]
    body = posted(client, wrong, of="rows")[1]
    assert "可选值" in found(body)["W-10", "industry"]["why"]
    assert "必须填写" in found(body)["W-11", "name"]["why"]
    alone = posted(client, wrong[2:], of="rows", check="1")[1]
    assert "西县" in found(alone)["W-11", "county"]["why"]
    good = [["W-10", "industry", "交通", "制造"], ["W-10", "labels", "市重点、省重点", ""], ["W-11", "estimate", "0.15亿元", "1000"]]
    assert posted(client, good, of="rows")[1]["recorded"]
    assert town.work().data["labels"] == ["省重点", "市重点"]
    assert town.work("W-11").data["estimate"] == 1500_000000
    assert Event.objects.filter(kind="entries.changed").latest("seq").actor == "wei"


def test_neither_the_key_nor_personal_data_is_typed_into_a_grid(sign_in: SignIn) -> None:
    client = sign_in("wei")
    for field in ("code", "contact", "no_such"):
        assert posted(client, [["W-10", field, "x", ""]], of="rows")[0] == 422
    assert not {"code", "contact"} & {one["value"] for one in client.get(f"{FILL}?of=rows").context["choices"]}


@pytest.mark.parametrize("cells", ["", "{}", "[1]", '[["W-10","completed",1,""]]', "[]"])
def test_what_is_no_block_is_refused(sign_in: SignIn, cells: str) -> None:
    assert sign_in("wei").post(FILL, {"period": "2025-06", "cells": cells}).status_code == 422


def test_a_grid_asks_as_many_questions_of_many_rows_as_of_few(sign_in: SignIn) -> None:
    client = sign_in("shi")

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    pages = (f"{FILL}?rows=all", f"{FILL}?of=rows")
    few = [asked(page) for page in pages]
    town.works(150, town.NORTH, "W-7")
    assert [asked(page) for page in pages] == few
    assert max(few) <= 30


# --- drafts


def keep(client: Client, page: str, content: object) -> int:
    return client.post("/drafts/", {"page": page, "content": json.dumps(content)}).status_code


def test_a_draft_waits_for_its_person_alone(sign_in: SignIn) -> None:
    wei = sign_in("wei")
    assert keep(wei, FILL, {"cells": [["W-10", "completed", "98", "70"]]}) == 200
    again = sign_in("wei").get("/drafts/", {"page": FILL})
    assert again.json() == {"content": {"cells": [["W-10", "completed", "98", "70"]]}, "said": "已恢复您 09:30 的草稿"}
    assert sign_in("wen").get("/drafts/", {"page": FILL}).status_code == 204
    assert wei.get("/drafts/", {"page": "/elsewhere/"}).status_code == 204


def test_a_draft_is_gone_once_it_is_sent_or_thrown_away(sign_in: SignIn) -> None:
    client = sign_in("wei")
    keep(client, FILL, {"cells": [["W-10", "completed", "98", "70"]]})
    posted(client, [["W-10", "completed", "98", "70"]], page=FILL)
    assert client.get("/drafts/", {"page": FILL}).status_code == 204
    keep(client, "/a/", {"a": "b"})
    assert client.post("/drafts/", {"page": "/a/", "content": ""}).status_code == 204
    assert not Unsent.objects.exists()


def test_drafts_are_few_small_and_not_for_ever(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in("wei")
    assert keep(client, "/a/", {"a": "字" * LARGEST}) == 422
    assert keep(client, "/a/", {"a": "\x00"}) == 422
    assert keep(client, "", {"a": "b"}) == 422
    assert keep(client, "/a/", [1]) == 422
    for number in range(MOST + 3):
        assert keep(client, f"/{number}/", {"a": "b"}) == 200
    assert Unsent.objects.count() == MOST
    assert client.get("/drafts/", {"page": f"/{MOST + 2}/"}).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: town.NOW + timedelta(days=15))
    assert client.get("/drafts/", {"page": f"/{MOST + 2}/"}).status_code == 204
    keep(client, "/new/", {"a": "b"})
    assert [one.page for one in Unsent.objects.all()] == ["/new/"]
