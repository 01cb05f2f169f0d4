"""`bihuan published` prints the same verdicts to people and to programs."""

import json

import pytest

from bihuan.command import main
from bihuan.command.outcomes import OK


def test_programs_get_the_counts_and_every_relation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["published", "--format", "json"]) == OK
    answer = json.loads(capsys.readouterr().out)
    assert answer["counts"] == {"agree": 58, "disagree": 11, "suspect": 6, "derived": 143}
    relations = {relation["id"]: relation for relation in answer["relations"]}
    assert len(relations) == 218
    assert (relations["R005"]["verdict"], relations["R005"]["value"], relations["R005"]["printed"]) == ("disagree", 110.3478, 110.4)
    assert relations["R005"]["sources"] == ["001:633"]


@pytest.mark.parametrize(
    ("language", "counted", "sentence"),
    [
        ("zh", "一致 58；不一致 11；存疑 6；推算（无公布值可比） 143", "1024.8÷928.7=110.348%，四舍五入为 110.3%，公布值 110.4%"),
        ("en", "agree 58; disagree 11; suspect 6", "1024.8÷928.7 = 110.348%, which rounds to 110.3%; 110.4% was published"),
    ],
)
def test_people_get_a_sentence_for_each_in_their_language(
    language: str, counted: str, sentence: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", language)
    assert main(["published"]) == OK
    printed = capsys.readouterr().out
    assert sentence in printed
    assert counted in printed.splitlines()[-1]
