"""Periods of check-ins, counted by hand from the calendar."""

from datetime import date

import pytest

from services.training.authorities.rules import Window
from services.training.check_ins.rules import CheckInKind, is_late, missing_numbers, period_of

FROM_A_31ST = Window(date(2027, 8, 31), date(2028, 8, 30))


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        (1, date(2027, 8, 31), date(2027, 9, 29)),
        (2, date(2027, 9, 30), date(2027, 10, 30)),
        # 2028 is a leap year; and a 31st comes back after the shorter months.
        (7, date(2028, 2, 29), date(2028, 3, 30)),
        (8, date(2028, 3, 31), date(2028, 4, 29)),
        (12, date(2028, 7, 31), date(2028, 8, 30)),
    ],
)
def test_months_follow_each_other_without_a_gap(number: int, first: date, last: date) -> None:
    period = period_of(CheckInKind.MONTHLY, number, FROM_A_31ST)
    assert (period.starts_on, period.ends_on) == (first, last)


def test_the_second_year_after_the_project_of_source_003_ends_with_2028() -> None:
    after = Window(date(2027, 1, 1), date(2028, 12, 31))
    period = period_of(CheckInKind.YEARLY, 2, after)
    assert (period.starts_on, period.ends_on) == (date(2028, 1, 1), date(2028, 12, 31))


def test_a_check_in_is_late_by_the_day_of_its_first_submission() -> None:
    due = date(2027, 10, 13)
    assert not is_late(due, due, date(2027, 12, 1))
    assert is_late(due, None, date(2027, 10, 14))
    assert missing_numbers(CheckInKind.MONTHLY, {*range(1, 12)}) == [12]
