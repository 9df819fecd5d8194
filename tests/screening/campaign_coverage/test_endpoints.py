"""Campaigns side by side: exact where the caller reads the screenings, as released elsewhere."""

from typing import Any

import httpx

from tests.screening.campaign_releases.readers import COORDINATOR, OUTSIDER
from tests.screening.campaign_releases.released import add_children, release, screened_campaign

URL = "/v1/screening/campaign-coverage"


async def covered(client: httpx.AsyncClient, who: dict[str, str], **query: str) -> list[dict[str, Any]]:
    answer = await client.get(URL, params=query, headers=who)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_countys_coverage_is_exact_for_its_coordinator_and_released_for_others(
    screening: httpx.AsyncClient,
) -> None:
    campaign, instrument = await screened_campaign(screening, "2469", "2401")
    await release(screening, campaign)
    await add_children(screening, campaign, instrument, 3)
    [own] = await covered(screening, COORDINATOR, county_terc="2469")
    [county] = own["counties"]
    assert (own["id"], county["county_terc"], county["complete"], county["positive"]) == (campaign, "2469", 63, 21)
    [told] = await covered(screening, OUTSIDER)
    complete = {each["county_terc"]: each["complete"] for each in told["counties"]}
    assert complete == {"2401": 60, "2469": 60}
    assert (told["in_all"]["complete"], told["in_all"]["stage_one_counties"], told["is_live"]) == (120, 2, False)


async def test_few_children_are_nobodys_to_know_and_a_county_that_no_campaign_names_has_none(
    screening: httpx.AsyncClient,
) -> None:
    campaign, instrument = await screened_campaign(screening, "2469")
    await add_children(screening, campaign, instrument, 3, county_terc="2401")
    await release(screening, campaign)
    [told] = await covered(screening, OUTSIDER)
    assert [each["county_terc"] for each in told["counties"] if each["complete"] is not None] == ["2469"]
    assert await covered(screening, OUTSIDER, county_terc="0219") == []
    assert await covered(screening, OUTSIDER, programme_code="MWM") == []
