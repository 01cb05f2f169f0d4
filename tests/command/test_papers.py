"""`bihuan papers`: from a draft to the archive, as files, and found by its words; refusals in words and exit codes."""

import json
from datetime import date
from pathlib import Path

import pytest

from bihuan import clock
from bihuan.command import main
from bihuan.computing.sweep import sweep
from bihuan.foundation.access import LEADER, SUPERVISOR, SYSTEM
from bihuan.foundation.actions import Draft, MemberGiven, draft_paper, set_member, set_roles
from bihuan.foundation.models import Paper
from tests.computing import small

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 11)


@pytest.fixture(autouse=True)
def draft(db: None, monkeypatch: pytest.MonkeyPatch) -> Paper:
    """The monthly bulletin of a small city, drafted by the sweep; a supervisor and a leader."""
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    at = small.moment(date(2025, 7, 8))
    small.build(at)
    small.work("W-1", at)
    small.report("W-1", at)
    sweep(at)
    sweep(small.moment(date(2025, 7, 10)))
    for name, role in (("督一", SUPERVISOR), ("领一", LEADER)):
        set_member(SYSTEM, MemberGiven(name, name), at)
        set_roles(SYSTEM, name, [role], at)
    monkeypatch.setattr(clock, "now", lambda: small.moment(DAY))
    return Paper.objects.get(document="bulletin")


def do(deed: str, number: int, *more: str) -> int:
    return main(["papers", deed, str(number), *more])


def issue(number: int) -> None:
    for deed, who in (("check", "督一"), ("sign", "领一"), ("issue", "督一")):
        assert do(deed, number, "--as", who) == 0


def test_a_paper_goes_its_way(draft: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    assert do("show", draft.pk) == 0
    assert "草稿" in capsys.readouterr().out
    assert do("issue", draft.pk, "--as", "督一") == 1
    assert "还是草稿" in capsys.readouterr().err
    assert do("check", draft.pk, "--as", "领一") == 3
    assert do("check", draft.pk) == 3
    issue(draft.pk)
    assert do("archive", draft.pk, "--as", "督一", "--retention", "永久") == 0
    capsys.readouterr()
    assert main(["papers", "--format", "json"]) == 0
    assert {"paper": draft.pk, "state": "archived"}.items() <= json.loads(capsys.readouterr().out)[-1].items()
    assert Paper.objects.get(pk=draft.pk).state == "archived"
    assert do("show", 99) == 3


def test_a_figure_that_moved_is_shown_beside_the_paper_and_holds_it(draft: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    small.report("W-1", small.moment(DAY), [1] * 6)
    assert do("show", draft.pk, "--format", "json") == 1
    moved = {one["title"]: (one["was"], one["now"]) for one in json.loads(capsys.readouterr().out)["moved"]}
    assert moved["全市投资进度"][0] == "72.0%"
    assert do("check", draft.pk, "--as", "督一") == 1
    assert "全市投资进度 文中 72.0%" in capsys.readouterr().err
    assert do("keep", draft.pk, "--as", "督一") == 1, "without a reason"
    assert do("renew", draft.pk, "--as", "督一") == 0
    assert do("show", draft.pk) == 0
    issue(draft.pk)


def test_a_paper_is_written_as_pdf_and_word_and_nothing_else(draft: Paper, tmp_path: Path) -> None:
    for suffix, head in (("pdf", b"%PDF-"), ("docx", b"PK")):
        assert do("write", draft.pk, "--out", str(tmp_path / f"a.{suffix}")) == 0
        assert (tmp_path / f"a.{suffix}").read_bytes().startswith(head)
    assert do("write", draft.pk, "--out", str(tmp_path / "a.txt")) == 3
    assert do("write", draft.pk, "--out", str(tmp_path / "nowhere" / "a.pdf")) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "a.pdf"]


def test_characters_that_no_font_has_are_named_with_their_code(draft: Paper, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rare = draft_paper(SYSTEM, Draft(draft.register, draft.mechanism, "bulletin", "关于\ue123的通报", {"parts": []}, period="2024-01"), small.moment(DAY))
    assert do("write", rare.pk, "--out", str(tmp_path / "a.pdf")) == 1
    assert "U+E123" in capsys.readouterr().err


def test_the_archive_is_searched(draft: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["papers", "find", "--words", "投资进度"]) == 0
    assert "0 份" in capsys.readouterr().out
    issue(draft.pk)
    capsys.readouterr()
    assert main(["papers", "find", "--words", "投资进度", "--kind", "通报", "--period", "2025", "--as", "督一"]) == 0
    said = capsys.readouterr().out
    assert "【投资进度】" in said
    assert "1 份" in said
    assert main(["papers", "find", "--words", "投资进度", "--format", "json"]) == 0
    (hit,) = json.loads(capsys.readouterr().out)
    passage = hit["passages"][0]
    first, last = passage["spans"][0]
    assert passage["text"][first:last] == "投资进度"
    assert main(["papers", "find", "--as", "没有这人"]) == 3
    assert date.fromisoformat(hit["issued_on"]) == DAY


def test_a_document_that_is_asked_for_is_drafted_about_a_person_or_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["papers", "draft", "--as", "督一", "--format", "json"]
    assert main([*ask, "--document", "duty_list", "--about", "领一"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "领一责任清单"
    assert main([*ask, "--document", "note", "--about", "W-1"]) == 0
    row = Paper.objects.get(document="note")
    assert (row.entry and row.entry.key, row.member) == ("W-1", "")
    listed = Paper.objects.get(document="duty_list")
    assert listed.content["parts"][0]["text"] == "负责 0 项，全市投资进度 72.0%。"
    issue_with_another(listed.pk)
    assert Paper.objects.get(pk=listed.pk).number == "责〔2025〕1号"
    for document, about, who, code in (("duty_list", "谁呀", "督一", 1), ("note", "W-9", "督一", 1), ("bulletin", "", "督一", 1), ("duty_list", "领一", "领一", 3)):
        assert main(["papers", "draft", "--as", who, "--document", document, "--about", about]) == code, (document, about)


def issue_with_another(number: int) -> None:
    at = small.moment(DAY)
    set_member(SYSTEM, MemberGiven("督二", "督二"), at)
    set_roles(SYSTEM, "督二", [SUPERVISOR], at)
    for deed, who in (("check", "督二"), ("sign", "领一"), ("issue", "督一")):
        assert do(deed, number, "--as", who) == 0
