"""The life of a campaign, its counties and its ages."""

import re

from services.screening.campaigns.rules.counties import COUNTY_CODE
from services.screening.campaigns.rules.life import (
    CampaignState,
    CampaignVerb,
    allowed_verbs,
    are_edges,
    band_bounds,
)


def test_a_closed_campaign_takes_nothing_and_only_an_open_one_selects() -> None:
    assert allowed_verbs(CampaignState.CLOSED) == ["reopen"]
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
