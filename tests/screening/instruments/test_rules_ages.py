"""Ages in completed months: the edges of F16."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.instruments.rules.ages import completed_months, corrected_months, covers

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def test_f16_five_months_and_thirty_days_is_not_six_months_and_six_months_is() -> None:
    assert not covers(6, 36, completed_months(date(2025, 1, 15), date(2025, 7, 14)))
    assert covers(6, 36, completed_months(date(2025, 1, 15), date(2025, 7, 15)))


def test_f16_thirty_six_months_belong_to_the_older_band() -> None:
    age = completed_months(date(2022, 5, 10), date(2025, 5, 10))
    assert (age, covers(6, 36, age), covers(36, 72, age)) == (36, False, True)


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        (date(2024, 2, 29), date(2025, 2, 27), 11),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2024, 2, 29), date(2028, 2, 28), 47),
        (date(2024, 2, 29), date(2028, 2, 29), 48),
        (date(2025, 1, 31), date(2025, 2, 27), 0),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2025, 8, 31), date(2026, 2, 28), 6),
        (date(2025, 1, 30), date(2025, 4, 29), 2),
        (date(2025, 6, 15), date(2025, 6, 15), 0),
        (date(2025, 6, 15), date(2025, 6, 14), -1),
    ],
)
def test_f16_leap_days_and_month_ends_as_the_civil_code_counts_them(born: date, on: date, months: int) -> None:
    assert completed_months(born, on) == months


@given(DAYS, DAYS)
def test_age_never_falls_and_grows_by_one_a_month(born: date, on: date) -> None:
    age = completed_months(born, on)
    assert 0 <= completed_months(born, on + timedelta(days=1)) - age <= 1
    assert completed_months(born, on + timedelta(days=monthrange(on.year, on.month)[1])) - age in {0, 1, 2}


@pytest.mark.parametrize(
    ("weeks", "on", "months"),
    [
        (28, date(2025, 7, 1), 3),  # expected on 26 March
        (36, date(2025, 7, 1), 5),
        (37, date(2025, 7, 1), 6),
        (28, date(2025, 1, 20), 0),
        (28, date(2026, 12, 31), 21),
        (28, date(2027, 1, 1), 24),
    ],
)
def test_age_is_corrected_for_prematurity_until_24_months(weeks: int, on: date, months: int) -> None:
    assert corrected_months(date(2025, 1, 1), on, weeks) == months
