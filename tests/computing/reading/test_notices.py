"""Holiday notices give the days they mean."""

from datetime import date

import pytest

from bihuan.computing.reading.notices import days_of


def days(notice: str, year: int) -> tuple[list[str], list[str]]:
    found = days_of(notice, year)
    return [f"{one.day:%m-%d}" for one in found if one.off], [f"{one.day:%m-%d}" for one in found if not one.off]


@pytest.mark.parametrize(("notice", "off", "worked"), [
    ("5月1日放假，与周末连休。", "05-01", ""),
    ("6月9日至11日放假调休，共3天。6月12日（星期日）上班。", "06-09 06-10 06-11", "06-12"),
    ("5月1日放假，5月2日（星期一）补休。", "05-01 05-02", ""),
    ("4月29日至5月1日放假，4月27日(星期六)、28日(星期日)上班。", "04-29 04-30 05-01", "04-27 04-28"),
    ("10月1日—3日放假。9月28日（星期六）公休日调至10月3日（星期四）。", "10-01 10-02 10-03", "09-28"),
    ("没有日期的通知。", "", ""),
])  # fmt: skip
def test_days_off_and_days_worked(notice: str, off: str, worked: str) -> None:
    assert days(notice, 2019) == (off.split(), worked.split())


def test_the_turn_of_the_year_is_found_without_being_named() -> None:
    found = days_of("2018年12月30日至1月1日放假，12月29日上班。", 2019)
    assert [one.day for one in found] == [date(2018, 12, 29), date(2018, 12, 30), date(2018, 12, 31), date(2019, 1, 1)]
