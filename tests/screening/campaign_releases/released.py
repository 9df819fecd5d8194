"""A campaign with children in it, and its release as the job makes it."""

import uuid
from typing import Any

import httpx

from services.chassis.background.jobs import JobRun
from services.chassis.trust.callers import Caller
from services.screening.campaign_releases.actions import RELEASING
from services.screening.campaign_releases.schemas import ReleaseResult
from tests.screening.campaigns.results import URL, add_protocol, count, open_campaign, post, publish_instrument, result
from tests.support.asks import Made
from tests.support.records import EVERYWHERE, app_of


async def screened_campaign(client: httpx.AsyncClient, *counties: str, children: int = 60) -> tuple[str, str]:
    """An open campaign with half girls and half boys in each of these counties; and its instrument."""
    instrument = await publish_instrument(client)
    campaign = await open_campaign(client, await add_protocol(client, instrument))
    for county in counties:
        await add_children(client, campaign, instrument, children, county_terc=county)
    return campaign, instrument


async def add_children(client: httpx.AsyncClient, campaign: str, instrument: str, children: int, **facts: Any) -> None:
    """Girls and boys by turns, a girl first; the first two of three are negative, the third is positive."""
    kinds = [(("female", "male")[number % 2], ("negative", "positive")[number % 3 // 2]) for number in range(children)]
    shaped = [{"sex": sex, "outcome": outcome} | facts for sex, outcome in kinds]
    await count(client, [result(campaign, instrument, **child) for child in shaped])


async def name_counties(client: httpx.AsyncClient, campaign: str, *counties: str) -> None:
    """Aim at these counties, by which the campaign names them."""
    for county in counties:
        await post(client, f"/campaigns/{campaign}/targets", {"county_terc": county, "subjects": 200})


async def release(client: httpx.AsyncClient, campaign: str) -> int:
    """Of how many counties anything is told now."""
    database = app_of(client).state.database
    run = JobRun(uuid.uuid4(), RELEASING.kind, Caller("screening"), {"campaign_id": campaign}, database)
    async with database.change(EVERYWHERE) as change:
        result = (await RELEASING.run(change, run)).result
        assert isinstance(result, ReleaseResult)
        return result.counties


async def told(
    client: httpx.AsyncClient, campaign: str, headers: dict[str, str], what: str = "statistics", **query: Any
) -> Made:
    """What somebody is told of a campaign's numbers."""
    answer = await client.get(f"{URL}/campaigns/{campaign}/{what}", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    found: Made = answer.json()
    return found


def by(found: Made, table: str, *names: str) -> dict[Any, int | None]:
    """The numbers of a table by these columns."""
    rows = [row for row in found["rows"] if row["table"] == table]
    return {tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]: row["subjects"] for row in rows}


async def mixed(client: httpx.AsyncClient, instrument: str, protocol: str) -> tuple[str, list[Made]]:
    """A campaign where one county has three positives and another has three children."""
    campaign = await open_campaign(client, protocol)
    kinds = [("2469", "negative", 30), ("2469", "positive", 20), ("2401", "negative", 30), ("2401", "positive", 3)]
    kinds += [("0219", "negative", 20), ("0219", "positive", 9), ("0619", "positive", 3)]
    made = [
        result(
            campaign, instrument, county_terc=county, outcome=outcome, sex=("male", "female")[n % 2], age_months=20 + n
        )
        for county, outcome, number in kinds
        for n in range(number)
    ]
    await count(client, made)
    return campaign, made
