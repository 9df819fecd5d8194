"""A campaign with children in it, and its release as the job makes it."""

import uuid

import httpx

from services.chassis.callers import Caller
from services.chassis.jobs import JobRun
from services.screening.campaign_releases.actions import RELEASING
from tests.screening.campaigns.results import URL, add_protocol, count, open_campaign, publish_instrument, result
from tests.support.asks import Made
from tests.support.records import EVERYWHERE, app_of


async def screened_campaign(client: httpx.AsyncClient, *counties: str, children: int = 60) -> tuple[str, str]:
    """An open campaign of several counties with half girls and half boys in each of these; and its instrument."""
    instrument = await publish_instrument(client)
    campaign = await open_campaign(client, await add_protocol(client, instrument))
    for county in counties:
        await add_children(client, campaign, instrument, children, county_terc=county)
    return campaign, instrument


async def add_children(
    client: httpx.AsyncClient, campaign: str, instrument: str, children: int, **facts: object
) -> None:
    """Girls and boys by turns, a girl first, counted in the campaign."""
    sexes = [("female", "male")[number % 2] for number in range(children)]
    await count(client, [result(campaign, instrument, sex=sex, **facts) for sex in sexes])


async def release(client: httpx.AsyncClient, campaign: str, *, is_final: bool = False) -> int:
    """How many counties are released now."""
    database = app_of(client).state.database
    parameters = {"campaign_id": campaign, "is_final": is_final}
    run = JobRun(uuid.uuid4(), RELEASING.kind, Caller("screening"), parameters, database)
    async with database.change(EVERYWHERE) as change:
        return int((await RELEASING.run(change, run)).result["counties"])


async def told(client: httpx.AsyncClient, campaign: str, headers: dict[str, str], what: str = "statistics") -> Made:
    """What somebody is told of a campaign's numbers."""
    query = {"table": ["county_sex", "sex", "stage_one"]} if what == "statistics" else None
    answer = await client.get(f"{URL}/campaigns/{campaign}/{what}", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    found: Made = answer.json()
    return found
