"""`bihuan match` and `bihuan payments`: from a run to a payment file, with refusals in words and exit codes."""

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from bihuan import clock
from bihuan.command import main
from bihuan.foundation.models import Event, PayList
from tests.computing import firms
from tests.computing.conftest import DAY
from tests.computing.small import moment

pytestmark = pytest.mark.django_db
AT = ["--at", DAY.isoformat()]


@pytest.fixture(autouse=True)
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Three firms, and a command line that speaks Chinese."""
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    at = moment(DAY)
    monkeypatch.setattr(clock, "now", lambda: at)
    firms.build(at)
    firms.firm(1, at, {"revenue": 10_000, "research": 400}, above_scale="是", size="小型")
    firms.firm(2, at, {"revenue": 10_000, "research": 260}, above_scale="是")
    firms.firm(3, at, {"revenue": 10_000}, above_scale="是")
    return at


def test_a_run_prints_its_totals_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = Event.objects.count()
    assert main(["match", *AT, "--format", "json"]) == 0
    found = {line["policy"].rpartition(".")[2]: line for line in json.loads(capsys.readouterr().out)["policies"]}
    assert (found["research"]["entitled"], found["research"]["amount"], found["research"]["unknown"]) == (1, 20_0000_00, 1)
    assert Event.objects.count() == before
    assert main(["match", *AT]) == 0
    assert "200,000.00" in capsys.readouterr().out


def test_one_row_says_every_condition_and_what_to_ask_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", *AT, "--row", firms.code_of(3)]) == 0
    said = capsys.readouterr().out
    assert "？ 企业研发费用补助" in said
    assert "研发占比达线：缺数据，无法判断  [国科发火〔2016〕32 号第十一条（五）]" in said
    assert "请补：2024 研发费用" in said
    assert main(["match", *AT, "--row", "没有这户"]) == 3


def test_near_misses_are_listed_with_their_distance(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", *AT, "--near", "research"]) == 0
    assert "相差 0.4个百分点" in capsys.readouterr().out
    assert main(["match", *AT, "--near", "nothing"]) == 3


def test_a_changed_pack_is_rehearsed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "enterprise_policy"
    folder.mkdir()
    for name, text in firms.pack().files.items():
        (folder / name).write_text(text.replace("2024: {value: 3%, basis: 国科发火", "2024: {value: 2%, basis: 国科发火"), "utf-8")
    assert main(["match", *AT, "--with", str(folder), "--rehearse"]) == 0
    said = capsys.readouterr().out
    assert "多付 130,000.00 元" in said
    assert "得多的 1 户，得少的 0 户" in said
    assert main(["match", *AT, "--with", str(folder), "--draft", "拟表人"]) == 3


def test_from_a_draft_to_the_payment_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", *AT, "--draft", "拟表人"]) == 0
    number = str(PayList.objects.get().pk)
    sheet, public, plain = (str(tmp_path / name) for name in ("pay.xlsx", "public.xlsx", "pay.json"))
    assert main(["payments", "write", number, "--out", sheet]) == 3  # nobody has confirmed it
    assert main(["payments", "confirm", number, "--as", "批准人"]) == 1
    assert main(["payments", "review", number, "--as", "复核人"]) == 0
    assert main(["payments", "publish", number, "--out", public]) == 0
    assert main(["payments", "confirm", number, "--as", "复核人"]) == 1
    assert main(["payments", "confirm", number, "--as", "批准人"]) == 0
    assert main(["payments", "write", number, "--out", sheet]) == 0
    assert main(["payments", "write", number, "--out", plain]) == 0
    rows = list(openpyxl.load_workbook(sheet)["兑付清单"].iter_rows(values_only=True))
    written = json.loads(Path(plain).read_text("utf-8"))
    assert sum(row[7] for row in rows[1:]) * 100 == written["total"] == sum(line["amount"] for line in written["lines"])
    assert [row[4] for row in openpyxl.load_workbook(public)["公示名单"].iter_rows(min_row=2, values_only=True)] == [row[7] for row in rows[1:]]
    capsys.readouterr()
    assert main(["payments", "again", number]) == 0
    assert "分毫不差" in capsys.readouterr().out
    assert main(["payments"]) == 0
    assert "已确认" in capsys.readouterr().out


def test_a_list_is_laid_aside_with_a_reason() -> None:
    assert main(["match", *AT, "--draft", "拟表人"]) == 0
    number = str(PayList.objects.get().pk)
    assert main(["payments", "drop", number, "--as", "拟表人"]) == 1
    assert main(["payments", "drop", number, "--as", "拟表人", "--reason", "数据有误"]) == 0
    assert PayList.objects.get().state == "dropped"


def test_what_is_asked_wrongly_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", "--at", "去年"]) == 3
    assert "不是日期" in capsys.readouterr().err
    assert main(["match", *AT, "--register", "enterprise_policy.firms"]) == 3
    assert main(["match", *AT, "--draft", "没有这人"]) == 3
    assert main(["payments", "confirm", "9", "--as", "批准人"]) == 3
    assert main(["payments", "confirm"]) == 3
