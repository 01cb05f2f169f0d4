"""The workbench of somebody who looks after others: what offices owe, and where registers stand red and yellow."""

from bihuan.foundation.models import Duty
from tests.portal import town
from tests.portal.conftest import SignIn


def test_a_city_officer_sees_what_each_office_owes_and_opens_it(sign_in: SignIn) -> None:
    client = sign_in("shi")
    offices = client.get("/desk/").context["offices"]
    pending = Duty.objects.filter(closed_on__isnull=True).exclude(office="")
    assert sum(one["open"] for one in offices) == pending.count() > 0
    (north,) = [one for one in offices if one["title"] == town.NORTH]
    page = client.get(north["href"])
    assert len(page.context["duties"]) == north["open"] == pending.filter(office=town.NORTH).count()
    assert [tab["title"] for tab in page.context["tabs"] if tab["current"]] == [town.NORTH]


def test_a_county_officer_is_not_told_what_others_owe(sign_in: SignIn) -> None:
    client = sign_in("nan")
    assert client.get("/desk/").context["offices"] == []
    assert client.get(f"/desk/?office={town.NORTH}").context["duties"] == []


def test_red_and_yellow_rows_lead_to_their_list(sign_in: SignIn) -> None:
    client = sign_in("shi")
    for one in client.get("/desk/").context["registers"]:
        assert client.get(one["href"]).context["total"] == sum(lamp["count"] for lamp in one["lights"])
    mine = sign_in("nan").get("/desk/").context["registers"]
    assert [(one["note"], one["lights"]) for one in mine] == [("挂牌", [{"colour": "red", "count": 1}])]
