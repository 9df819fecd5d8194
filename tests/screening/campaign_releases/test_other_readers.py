"""What readers of no record learn of a campaign: enough children together, or nothing."""

import httpx
import pytest

from tests.screening.campaign_releases.readers import COORDINATOR, EVERYTHING, OUTSIDER, OUTSIDERS
from tests.screening.campaign_releases.released import (
    add_children,
    by,
    name_counties,
    release,
    screened_campaign,
    told,
)
from tests.screening.campaigns.results import ALL, count, post, result

PARTS = ("statistics", "funnel", "targets")


@pytest.mark.parametrize("outsider", OUTSIDERS.values(), ids=[*OUTSIDERS])
async def test_one_more_child_is_seen_by_nobody_who_may_not_read_its_screening_k11(
    screening: httpx.AsyncClient, outsider: dict[str, str]
) -> None:
    campaign, instrument = await screened_campaign(screening, "2469", "2401")
    await name_counties(screening, campaign, "2469")
    assert await release(screening, campaign) == 2
    before = [await told(screening, campaign, outsider, what) for what in PARTS]
    await add_children(screening, campaign, instrument, 1)
    assert await release(screening, campaign) == 0
    assert [await told(screening, campaign, outsider, what) for what in PARTS] == before
    assert [(part["is_live"], part["released_at"] is None) for part in before] == [(False, False)] * 3
    assert (before[0]["subjects"], before[1]["in_all"]["complete"], before[2]["items"][0]["reached"]) == (120, 120, 60)
    now = [await told(screening, campaign, ALL, what) for what in PARTS]
    assert [(part["is_live"], part["released_at"]) for part in now] == [(True, None)] * 3
    assert (now[0]["subjects"], now[1]["in_all"]["complete"], now[2]["items"][0]["reached"]) == (121, 121, 61)


async def test_enough_children_are_told_together(screening: httpx.AsyncClient) -> None:
    campaign, instrument = await screened_campaign(screening, "2469", "2401")
    await release(screening, campaign)
    await add_children(screening, campaign, instrument, 4)
    assert await release(screening, campaign) == 0
    await add_children(screening, campaign, instrument, 8)
    assert await release(screening, campaign) == 1
    found = await told(screening, campaign, OUTSIDER, table=["county_sex", "county", "sex", "county_stage_one"])
    assert found["subjects"] == 132
    assert by(found, "county_sex", "county_terc", "sex")["2469", "female"] == 36
    assert by(found, "sex", "sex") == {"female": 66, "male": 66, "unknown": 0}
    outcomes = by(found, "county_stage_one", "county_terc", "status")
    assert outcomes["2469", "positive"] == 20  # four positives more would be seen


async def test_before_the_first_release_nothing_is_told_not_even_that_there_is_nothing(
    screening: httpx.AsyncClient,
) -> None:
    campaign, instrument = await screened_campaign(screening)
    await name_counties(screening, campaign, "2469")
    before = [await told(screening, campaign, OUTSIDER, what) for what in PARTS]
    await add_children(screening, campaign, instrument, 60, county_terc="2401")
    assert [await told(screening, campaign, OUTSIDER, what) for what in PARTS] == before
    assert (before[0]["subjects"], before[1]["in_all"]["started"], before[2]["items"][0]["reached"]) == (None,) * 3
    assert {(part["is_live"], part["released_at"]) for part in before} == {(False, None)}


async def test_whether_others_have_children_is_not_seen_in_what_a_coordinator_is_told(
    screening: httpx.AsyncClient,
) -> None:
    campaign, instrument = await screened_campaign(screening, "2469")
    await name_counties(screening, campaign, "2469", "2401")
    before = await told(screening, campaign, COORDINATOR, table=EVERYTHING)
    await add_children(screening, campaign, instrument, 1, county_terc="2401")
    assert await told(screening, campaign, COORDINATOR, table=EVERYTHING) == before
    assert (before["is_live"], before["subjects"]) == (False, 60)


async def test_one_girl_in_each_of_five_counties_is_told_by_nothing(screening: httpx.AsyncClient) -> None:
    counties = ("0201", "0202", "0203", "0204", "0205")
    campaign, instrument = await screened_campaign(screening)
    await name_counties(screening, campaign, *counties)
    before = [await told(screening, campaign, OUTSIDER, what) for what in PARTS]
    for county in counties:
        await add_children(screening, campaign, instrument, 1, county_terc=county)
    await release(screening, campaign)
    assert [await told(screening, campaign, OUTSIDER, what) for what in PARTS] == before
    assert {row["subjects"] for row in before[0]["rows"]} == {None}


async def test_the_end_of_a_campaign_tells_nothing_that_was_not_told_before(screening: httpx.AsyncClient) -> None:
    campaign, instrument = await screened_campaign(screening, "2469", "2401")
    await release(screening, campaign)
    before = await told(screening, campaign, OUTSIDER, table=EVERYTHING)
    await add_children(screening, campaign, instrument, 1)
    await add_children(screening, campaign, instrument, 2, county_terc="0219")
    await post(screening, f"/campaigns/{campaign}/close", {"closed_on": "2026-06-30"}, f'"{campaign}:2"')
    assert await release(screening, campaign) == 0
    assert await told(screening, campaign, OUTSIDER, table=EVERYTHING) == before


async def test_what_was_told_of_a_county_stays_when_it_falls_below_what_is_told(screening: httpx.AsyncClient) -> None:
    campaign, instrument = await screened_campaign(screening)
    few = [result(campaign, instrument) for _ in range(6)]
    await count(screening, few)
    await release(screening, campaign)
    await count(screening, [one | {"direction": -1} for one in few[:5]])
    assert await release(screening, campaign) == 0
    assert (await told(screening, campaign, OUTSIDER))["subjects"] == 6
