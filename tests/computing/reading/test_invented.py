"""Invented reports, plans, briefs and articles of many kinds, marked with what they state: how much of it is read, and read right."""

import pytest

from tools.marked import marked
from tools.reading import Gold, Report, invented, invented_tasks, score_statements, score_tasks

TEXTS = {gold.document: score_statements(gold.rows, gold.found) for gold in invented()}


def of_kind(report: Report, kind: str) -> float:
    score = report.kinds[kind]
    return 2 * score.right / (score.gold + score.found) if score.gold + score.found else 1.0


@pytest.mark.parametrize("document", TEXTS)
def test_targets_and_actuals_of_every_invented_text_are_read(document: str) -> None:
    assert of_kind(TEXTS[document], "target") >= 0.88
    assert of_kind(TEXTS[document], "actual") >= 0.9


def test_all_of_them_together_are_read_with_few_errors() -> None:
    for kind, least in (("target", 0.97), ("actual", 0.97), ("rule", 0.85)):
        right, both = (sum(count) for count in zip(*((one.kinds[kind].right, one.kinds[kind].gold + one.kinds[kind].found) for one in TEXTS.values()), strict=True))
        assert 2 * right / both >= least
    numbers, dated = (sum(report.fields[name] for report in TEXTS.values()) for name in ("numbers", "dated"))
    assert sum(report.fields["unit"] for report in TEXTS.values()) / numbers >= 0.98
    assert sum(report.fields["comparator"] for report in TEXTS.values()) / numbers >= 0.98
    assert sum(report.fields["period"] for report in TEXTS.values()) / dated >= 0.93


@pytest.mark.parametrize("document", invented_tasks(), ids=lambda gold: gold.document)
def test_promises_without_a_number_are_read_and_little_else(document: Gold) -> None:
    every, sure, _ = score_tasks(document.rows, document.found)
    assert sure.recall >= 0.95
    assert every.recall >= 0.95
    assert every.precision >= 0.85


def test_a_marked_text_gives_its_words_and_its_gold() -> None:
    text, rows = marked("投资增长8%左右{t8%~2024}，\n新建公厕5—6座{a5-6座=-}。")
    assert text == "投资增长8%左右，\n新建公厕5—6座。"
    growth, toilets = rows
    assert (growth["line"], growth["quote"], growth["kind"], growth["value"], growth["comparator"], growth["period"]) == (1, "投资增长8%左右", "target", 8, "~", "2024")
    assert (toilets["line"], toilets["low"], toilets["high"], toilets["period"]) == (2, 5, 6, None)
    with pytest.raises(ValueError, match="no mark"):
        marked("增长{8}%")
