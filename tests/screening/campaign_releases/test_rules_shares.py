"""How far a campaign is from its targets, and how sure its shares are."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.campaign_releases.rules.pace import expected_by
from services.screening.campaign_releases.rules.shares import share_of


@pytest.mark.parametrize(("day", "expected"), [("2026-01-01", 0), ("2026-01-06", 50), ("2026-01-11", 100)])
def test_a_target_is_expected_evenly(day: str, expected: int) -> None:
    begin, due = date(2026, 1, 1), date(2026, 1, 11)
    assert expected_by(100, begin, due, date.fromisoformat(day)) == expected
    assert expected_by(100, begin, due, date(2025, 1, 1)) == 0
    assert expected_by(100, begin, due, date(2027, 1, 1)) == 100


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(2662, 8318, (32.003, 31.01, 33.01)), (156, 220, (70.909, 64.59, 76.51))],
    ids=["N3 source 000", "N6 source 004"],
)
def test_shares_and_their_intervals_are_those_of_the_sources_v7(
    part: int, whole: int, percent: tuple[float, float, float]
) -> None:
    found = share_of(part, whole)
    assert found is not None
    assert [100 * value for value in found] == pytest.approx(percent, abs=0.006)


@given(st.integers(1, 10**6), st.data())
def test_an_interval_holds_its_share_and_stays_between_nothing_and_all(whole: int, data: st.DataObject) -> None:
    found = share_of(data.draw(st.integers(0, whole)), whole)
    assert found is not None
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share - 1e-12 <= found.high <= 1


def test_what_is_hidden_and_what_is_nothing_has_no_share() -> None:
    assert share_of(None, 10) is share_of(3, None) is share_of(0, 0) is None
