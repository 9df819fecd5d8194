"""Who has just logged in, and how many may be opened."""

from datetime import UTC, datetime

import pytest

from services.casework.break_glass.rules import has_just_logged_in, may_open

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds_ago", "is_fresh"), [(0, True), (300, True), (300.5, False), (86_400, False), (-301, False)]
)
def test_a_login_counts_for_five_minutes(seconds_ago: float, is_fresh: bool) -> None:
    assert has_just_logged_in(NOW.timestamp() - seconds_ago, NOW) is is_fresh


def test_a_token_that_does_not_tell_the_login_is_not_enough() -> None:
    assert not has_just_logged_in(None, NOW)


@pytest.mark.parametrize(
    ("opened", "missed", "may"), [(0, 0, True), (2, 9, True), (3, 0, False), (0, 10, False), (3, 10, False)]
)
def test_three_are_opened_and_ten_missed_a_day(opened: int, missed: int, may: bool) -> None:
    assert may_open(opened, missed) is may
