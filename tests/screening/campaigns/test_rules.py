"""The life of a campaign, its ages, its pace, and how sure its shares are."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.campaigns.rules.counties import COUNTY_CODE
from services.screening.campaigns.rules.life import (
    CampaignState,
    CampaignVerb,
    allowed_verbs,
    are_edges,
    band_bounds,
)
from services.screening.campaigns.rules.pace import expected_by
from services.screening.campaigns.rules.shares import share_of


def test_a_closed_campaign_takes_nothing_and_only_an_open_one_selects() -> None:
    assert allowed_verbs(CampaignState.CLOSED) == []
    assert [state for state in CampaignState if CampaignVerb.SELECT in allowed_verbs(state)] == [CampaignState.OPEN]
    assert CampaignVerb.AMEND not in allowed_verbs(CampaignState.OPEN)


def test_counties_are_numbered_from_01_in_sixteen_voivodeships_of_even_numbers() -> None:
    codes = [code for number in range(10_000) if re.fullmatch(COUNTY_CODE, code := f"{number:04}")]
    assert sorted({code[:2] for code in codes}) == [f"{number:02}" for number in range(2, 33, 2)]
    assert {code[2:] for code in codes} == {f"{number:02}" for number in range(1, 100)}
    assert len(codes) == 16 * 99


def test_bands_reach_from_one_edge_to_below_the_next() -> None:
    assert [band_bounds([6, 36], band) for band in range(3)] == [(None, 6), (6, 36), (36, None)]
    assert are_edges([6, 36, 72])
    assert not are_edges([6, 6])


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
