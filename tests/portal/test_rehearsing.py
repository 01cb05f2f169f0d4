"""A rule rehearsed on its page: one that is to come, one mechanism or a whole pack sent in; what is wrong or hostile is refused, and nothing is adopted."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bihuan import clock
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import MemberGiven, adopt, set_member, set_roles
from bihuan.foundation.models import Event, Member, PackVersion
from tests.computing import firms
from tests.computing.conftest import DAY
from tests.computing.small import moment

pytestmark = pytest.mark.django_db

HERE = f"/policies/{firms.REGISTER}/rehearse/"
LADDER = "tech_ladder.yaml"


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """One firm that is paid, and one that misses it by the share of its research."""
    at = moment(DAY)
    monkeypatch.setattr(clock, "now", lambda: at)
    firms.build(at)
    firms.firm(1, at, {"revenue": 10_000, "research": 400}, above_scale="是", size="小型", graduates="4")
    firms.firm(2, at, {"revenue": 10_000, "research": 260}, above_scale="是")
    return at


def eased() -> dict[str, str]:
    """The pack with a threshold of 2 in place of 3 per cent."""
    files = dict(firms.pack().files)
    files[LADDER] = files[LADDER].replace("2024: {value: 3%, basis: 国科发火", "2024: {value: 2%, basis: 国科发火")
    files["pack.yaml"] = re.sub(r"version: .*", "version: '99'", files["pack.yaml"], count=1)
    return files


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(Member.objects.get(pk=name))
    return client


def send(name: str, file: str, content: bytes) -> tuple[int, str]:
    """Send an edition in and go where that leads: the status of the answer, and the page."""
    answer = signed_in(name).post(HERE, {"edition": SimpleUploadedFile(file, content)}, follow=True)
    return answer.status_code, answer.content.decode()


def packed(files: Mapping[str, str | bytes], folder: str = "") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return written.getvalue()


def test_a_rule_that_is_to_come_is_rehearsed(city: datetime) -> None:
    adopt(SYSTEM, eased(), date(2026, 1, 1), city)
    client = signed_in("批准人")
    assert "2026-01-01 起的规则" in client.get(f"/policies/{firms.REGISTER}/").content.decode()
    text = client.get(f"{HERE}?rules=2026-01-01").content.decode()
    assert "多付 13万元" in text
    assert "得多的 1 户，得少的 0 户" in text
    assert firms.code_of(2) in text


def test_one_mechanism_that_nobody_adopted_is_rehearsed_and_stays_unadopted(city: datetime) -> None:
    before = Event.objects.count(), PackVersion.objects.count()
    status, text = send("拟表人", LADDER, eased()[LADDER].encode())
    assert status == 200
    assert "多付 13万元" in text
    assert firms.code_of(2) in text
    assert "3%" in text, "what the edition changes"
    assert "影响数值" in text
    assert (Event.objects.count(), PackVersion.objects.count()) == before


def test_a_whole_pack_is_rehearsed_from_its_archive_in_a_folder_or_not(city: datetime) -> None:
    for folder in ("", "enterprise_policy/"):
        status, text = send("拟表人", "enterprise_policy.zip", packed({**eased(), "rows.csv": "1,2"}, folder))
        assert (status, "多付 13万元" in text) == (200, True)
    assert " 99<" in text


def test_an_edition_is_seen_by_whoever_sent_it(city: datetime) -> None:
    client = signed_in("拟表人")
    where = client.post(HERE, {"edition": SimpleUploadedFile(LADDER, eased()[LADDER].encode())})["Location"]
    assert client.get(where).status_code == 200
    assert signed_in("批准人").get(where).status_code == 404
    assert client.get(f"{HERE}?edition={'0' * 40}").status_code == 404
    assert client.get(f"{HERE}?edition=../secret-key").status_code == 404


def test_who_sees_a_part_of_the_rows_sends_nothing_in(city: datetime) -> None:
    set_member(SYSTEM, MemberGiven("乙县经办", "乙县经办", "乙县"), city)
    set_roles(SYSTEM, "乙县经办", ["officer"], city)
    assert send("乙县经办", LADDER, eased()[LADDER].encode())[0] == 404


BOMB = packed({"pack.yaml": b"#" * 30_000_000})
ALIASES = "mechanism: tech_ladder\na: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("rules.py", b"import os", "只接收"),
        (LADDER, b"\xff\xfe\x00", "UTF-8"),
        (LADDER, ALIASES.encode(), "锚点"),
        (LADDER, b"mechanism: nobody_knows_it\n", "现行的应用包里没有这个机制"),
        (LADDER, b"[" * 50_000, "层"),
        (LADDER, b"#" * 5_000_000, "超过 4 MB"),
        ("pack.zip", b"PK\x03\x04 and then nothing", "已损坏"),
        ("pack.zip", packed({"tech_ladder.yaml": ""}), "pack.yaml"),
        ("pack.zip", packed({"../pack.yaml": ""}), "越出目录"),
        ("pack.zip", packed({f"{number}.yaml": "" for number in range(400)}), "超过 300 个"),
        ("pack.zip", BOMB, "解压后超过"),
    ],
)  # fmt: skip
def test_what_is_hostile_or_no_edition_is_refused_in_words(city: datetime, file: str, content: bytes, said: str) -> None:
    status, text = send("拟表人", file, content)
    assert (status, said in text) == (422, True), text[text.find('role="alert"') :][:600]


def test_a_rule_that_does_not_pass_is_refused_with_its_line(city: datetime) -> None:
    status, text = send("拟表人", LADDER, eased()[LADDER].replace("criteria:", "criterias:", 1).encode())
    assert status == 422
    assert re.search(rf"{LADDER}:\d+", text)
