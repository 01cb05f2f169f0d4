"""What everybody may see holds nothing personal: not in a register that is open, not in what packs declare public."""

import re

import pytest
from django.test import Client

from bihuan import clock
from bihuan.foundation import loading
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Incoming, MemberGiven, adopt, record_entries, set_member, set_roles
from bihuan.foundation.grammar.catalogue import link
from bihuan.foundation.grammar.packs import load_pack
from bihuan.foundation.models import Entry, Member
from tests.foundation import city
from tests.foundation.city import NOW, actor

pytestmark = pytest.mark.django_db

REGISTER = "open.wells"
PHONE, OTHER_PHONE = "13912345678", "13800001111"
FILES = {
    "pack.yaml": "pack: open\ntitle: 公开\ntitle_en: Open\nversion: '1'\nowner: 发改委\nbasis: 《办法》\nin_force: 2024-01\n"
    "roles: {officer: {title: 经办}, citizen: {title: 公众}}\n",
    "wells.yaml": """
mechanism: wells
title: 机井
basis: 第一条
register:
  title: 机井
  key: code
  numbered: J-{号:3}
  name: place
  office: keeper
  recorded_by: [officer, citizen]
  changed_by: [officer]
  hand_in: [place, phone]
  public: yes
  licence: 注明来源
  fields:
    code: {title: 编号, kind: text, listed: yes}
    place: {title: 位置, kind: text, required: yes, listed: yes}
    phone: {title: 电话, kind: text, personal: yes, listed: yes}
    keeper: {title: 单位, kind: office, default: 发改委, listed: yes}
assignments:
  finder: {title: 报告人, who: [citizen], recorder: yes, exactly: any}
""",
}


@pytest.fixture
def wells(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """An open register with a personal field: one row of a citizen, one of an officer."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    city.build()
    adopt(SYSTEM, FILES, None, NOW)
    set_member(SYSTEM, MemberGiven("市民", "市民本名"), NOW)
    set_roles(SYSTEM, "市民", ["citizen"], NOW)
    mine = record_entries(actor("市民"), REGISTER, [Incoming({"place": "村东", "phone": PHONE})], NOW)
    return [*mine, *record_entries(SYSTEM, REGISTER, [Incoming({"place": "村西", "phone": OTHER_PHONE})], NOW)]


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()  # type: ignore[attr-defined]


def public_addresses(wells: list[Entry]) -> list[str]:
    tabs = [f"/rows/{row.pk}/?tab={tab}" for row in wells for tab in ("overview", "files", "people", "history", "duties")]
    return ["/open/", f"/open/{REGISTER}/", f"/open/{REGISTER}.csv", f"/open/{REGISTER}.json", f"/registers/{REGISTER}/", f"/registers/{REGISTER}/?col=phone", *tabs]


def test_no_public_answer_holds_anything_personal(wells: list[Entry]) -> None:
    for address in public_addresses(wells):
        text = read(Client(), address)
        assert PHONE not in text, address
        assert OTHER_PHONE not in text, address
        assert "市民本名" not in text, address


def test_open_data_leaves_personal_fields_out_and_gives_the_rest(wells: list[Entry]) -> None:
    for kind in ("csv", "json"):
        text = read(Client(), f"/open/{REGISTER}.{kind}")
        assert "村东" in text
        assert "phone" not in text
        assert "电话" not in text


def test_a_citizen_reads_their_own_number_and_nobody_elses(wells: list[Entry]) -> None:
    client = Client()
    client.force_login(Member.objects.get(pk="市民"))
    assert PHONE in read(client, f"/rows/{wells[0].pk}/")
    assert OTHER_PHONE not in read(client, f"/rows/{wells[1].pk}/")
    assert OTHER_PHONE not in read(client, f"/registers/{REGISTER}/")


def test_the_open_pages_lead_an_administrator_nowhere_that_refuses_them(wells: list[Entry]) -> None:
    set_member(SYSTEM, MemberGiven("审计", "审计员"), NOW)
    set_roles(SYSTEM, "审计", ["auditor"], NOW)
    client = Client()
    client.force_login(Member.objects.get(pk="审计"))
    assert f"/registers/{REGISTER}/" in read(Client(), f"/open/{REGISTER}/")
    for address in ("/open/", f"/open/{REGISTER}/"):
        for link_ in set(re.findall(r'href="(/(?:open|registers|rows)/[^"]*)"', read(client, address))):
            assert client.get(link_).status_code == 200, link_


def test_nothing_that_a_pack_declares_public_names_a_personal_field() -> None:
    for view in link(load_pack(folder) for folder in loading.shipped().values()).registers.values():
        personal = {name for key, shape in view.shape.fields.items() if shape.personal for name in (key, shape.title)}
        if view.shape.public:
            assert not {view.shape.name, view.shape.key} & personal
            said = [line for item in view.lights.values() for one in item.shape.conditions for line in (one.because, one.because_en)]
            assert not named(said) & personal, view.name
        for item in view.documents.values():
            if item.shape.public:
                texts = [item.shape.title, item.shape.to, item.shape.sender, *(part.model_dump_json() for part in item.shape.body)]
                columns = {column for part in item.shape.body for column in getattr(part, "columns", ())}
                assert not (named(texts) | columns) & personal, item.name


def named(texts: list[str]) -> set[str]:
    """The names that texts fill in."""
    return {name for text in texts for name in re.findall(r"\{([^{}]+)\}", text)}
