"""Campaigns side by side: exact where the caller reads the screenings, as released elsewhere."""

from typing import Any

import httpx
import pytest

from services.screening.campaign_coverage import queries
from tests.screening.campaign_releases.readers import COORDINATOR, OUTSIDER
from tests.screening.campaign_releases.released import add_children, name_counties, release, screened_campaign
from tests.support.callers import call_as
from tests.support.problems import assert_problem

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


async def test_older_campaigns_are_on_the_next_page_and_those_of_other_counties_crowd_none_out(
    screening: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_CAMPAIGNS", 1)
    older, _ = await screened_campaign(screening, "2469")
    newer, _ = await screened_campaign(screening, "2401")
    await release(screening, older)
    first = (await screening.get(URL, headers=OUTSIDER)).json()
    assert [each["id"] for each in first["items"]] == [newer]
    mark = {"cursor": first["next_cursor"]}
    rest = (await screening.get(URL, params=mark, headers=OUTSIDER)).json()
    assert ([each["id"] for each in rest["items"]], rest["next_cursor"]) == ([older], None)
    refused = await screening.get(URL, params=mark | {"state": "open"}, headers=OUTSIDER)
    [error] = assert_problem(refused, 422, "validation-failed")["errors"]
    assert (error["parameter"], error["code"]) == ("cursor", "stale_cursor")
    # By a release, by children whom only the county's own readers know of, and by a target.
    for who in (OUTSIDER, COORDINATOR):
        assert [each["id"] for each in await covered(screening, who, county_terc="2469")] == [older]
    elsewhere = call_as("pupil_screening_coordinator", counties=["2401"])
    assert [each["id"] for each in await covered(screening, elsewhere, county_terc="2401")] == [newer]
    assert await covered(screening, OUTSIDER, county_terc="2401") == []
    await name_counties(screening, newer, "2401")
    assert [each["id"] for each in await covered(screening, OUTSIDER, county_terc="2401")] == [newer]
