"""When a body meets."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.registry.body_meetings.rules import meeting_dates


def test_a_series_keeps_its_day_or_takes_the_last_of_a_short_month() -> None:
    assert meeting_dates(date(2023, 11, 30), 3, 3) == [date(2023, 11, 30), date(2024, 2, 29), date(2024, 5, 30)]
    assert meeting_dates(date(2024, 1, 31), None, None) == [date(2024, 1, 31)]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 12), st.integers(1, 24))
def test_a_series_has_its_length_and_its_distance(first_on: date, every: int, times: int) -> None:
    days = meeting_dates(first_on, every, times)
    assert (len(days), days[0]) == (times, first_on)
    months = [day.year * 12 + day.month for day in days]
    assert {later - earlier for earlier, later in pairwise(months)} <= {every}
    assert all(day.day <= first_on.day for day in days)
