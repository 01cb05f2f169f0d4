"""What is found in the documents beside the checkout, against their gold; skipped where they are not there."""

from pathlib import Path

import pytest

from tools.reading import golds, notices_right, relations_found, score_statements, score_tasks


@pytest.fixture(scope="module")
def gold_folder(shared: Path) -> Path:
    if not (shared / "reading" / "gold").is_dir():
        pytest.skip("the gold of readings is not beside this checkout (../shared/reading/gold)")
    return shared


def test_statements_reach_what_was_asked(gold_folder: Path) -> None:
    reports = [score_statements(gold.rows, gold.found) for gold in golds(gold_folder)]
    assert reports
    for kind, least in (("target", 0.92), ("actual", 0.85)):
        scores = [report.kinds[kind] for report in reports]
        right, all_of_them = sum(one.right for one in scores), sum(one.gold + one.found for one in scores)
        assert 2 * right / all_of_them >= least
    numbers, dated = (sum(report.fields[name] for report in reports) for name in ("numbers", "dated"))
    assert sum(report.fields["kind"] for report in reports) / numbers >= 0.93
    assert sum(report.fields["unit"] for report in reports) / numbers >= 0.97
    assert sum(report.fields["period"] for report in reports) / dated >= 0.9


def test_tasks_that_can_surely_be_checked_are_found(gold_folder: Path) -> None:
    for gold in golds(gold_folder, "-tasks"):
        _, sure, _ = score_tasks(gold.rows, gold.found)
        assert sure.recall >= 0.8


def test_every_holiday_notice_gives_its_days(gold_folder: Path) -> None:
    right, all_of_them = notices_right(gold_folder)
    assert right == all_of_them


def test_known_relations_are_found_and_nothing_else_alarms(gold_folder: Path) -> None:
    checked = relations_found(gold_folder)
    assert checked.found / checked.known >= 0.75
    alarms = [(row["doc"], row["printed"], row["verdict"]) for row in checked.alarms]
    assert alarms == [("001-report-key-projects", 110.4, "within rounding"), ("001-report-three-batches", 8, "disagrees")]
    assert [(row["operands"], row["printed"]) for row in checked.questions] == [([1329.3], 1320)]
