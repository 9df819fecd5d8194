"""Screenings by their ids, and with their campaign: never more than the caller may read."""

import uuid

import httpx
import pytest

from tests.screening.screenings.made import URL, add_campaign, add_screening
from tests.support.callers import call_as

EVERYWHERE = call_as("early_screening_coordinator", counties=["*"])
OWN = call_as("early_screening_coordinator", counties=["2469"])
SEVERAL = call_as("early_screening_coordinator", counties=["2469", "0264"])


@pytest.mark.parametrize("caller", [OWN, SEVERAL], ids=["one county", "several"])
async def test_another_countys_screening_is_as_missing_as_none(
    screening: httpx.AsyncClient, caller: dict[str, str]
) -> None:
    own = await add_screening(screening, EVERYWHERE)
    other = await add_screening(screening, EVERYWHERE, county_terc="2401")
    ids = [other["id"], own["id"], str(uuid.uuid4())]
    page = (await screening.get(URL, params={"id": ids}, headers=caller)).json()
    assert ([item["id"] for item in page["items"]], page["missing"]) == ([own["id"]], [ids[0], ids[2]])
    every = (await screening.get(URL, params={"id": ids}, headers=EVERYWHERE)).json()
    assert (len(every["items"]), every["missing"]) == (2, [ids[2]])


async def test_a_screening_is_shown_with_its_campaign(screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(screening)
    with_one = await add_screening(screening, EVERYWHERE, campaign_id=campaign, implementer="project")
    without = await add_screening(screening, EVERYWHERE)
    page = (await screening.get(URL, params={"expand": "campaign"}, headers=OWN)).json()
    shown = {item["id"]: item["campaign"] for item in page["items"]}
    own = (await screening.get(f"/v1/screening/campaigns/{campaign}", headers=OWN)).json()
    assert shown == {with_one["id"]: own, without["id"]: None}
    for made in (with_one, without):
        alone = (await screening.get(f"{URL}/{made['id']}?expand=campaign", headers=OWN)).json()
        assert (alone["campaign"], alone["id"]) == (shown[made["id"]], made["id"])
