"""Targets of a campaign, and how far it is from them, through the API."""

import httpx
import pytest

from tests.screening.campaign_releases.released import release
from tests.screening.campaign_releases.released import told as released
from tests.screening.campaigns.results import (
    add_protocol,
    count,
    open_campaign,
    post,
    publish_instrument,
    read,
    result,
    send,
)
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch


@pytest.fixture
async def instrument(screening: httpx.AsyncClient) -> str:
    return await publish_instrument(screening)


@pytest.fixture
async def protocol(screening: httpx.AsyncClient, instrument: str) -> str:
    return await add_protocol(screening, instrument)


async def test_targets_say_what_is_reached_who_is_behind_and_nothing_small(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign = await open_campaign(screening, protocol)
    path = f"/campaigns/{campaign}/targets"
    for county, wanted in (("2469", 30), ("2401", 30), ("0219", 30), (None, 10)):
        await post(screening, path, {"county_terc": county, "subjects": wanted})
    await post(screening, path, {"county_terc": "2469", "subjects": 20})
    await post(screening, path, {"implementer": "project", "subjects": 50})
    unknown = await send(screening, path, {"implementer": "nobody", "subjects": 1})
    assert_problem(unknown, 422, "target-of-unknown-implementer")
    both = {"implementer": "project", "county_terc": "2469", "subjects": 1}
    assert_problem(await send(screening, path, both), 422, "validation-failed")
    counties = ["2469"] * 25 + ["2401"] * 12 + ["0219"] * 2
    outcomes = [{"outcome": ("negative", "positive")[place % 2]} for place in range(len(counties))]
    facts = [{"county_terc": county, **outcome} for county, outcome in zip(counties, outcomes, strict=True)]
    await count(screening, [result(campaign, instrument, **fact) for fact in facts])
    await release(screening, campaign)
    items = (await released(screening, campaign, call_as("researcher"), "targets"))["items"]
    assert [item["county_terc"] or item["implementer"] for item in items][:3] == [None, "project", "0219"]
    told = {item["county_terc"] or item["implementer"]: item for item in items}
    assert [told["2469"][name] for name in ("subjects", "reached", "is_reached", "is_behind")] == [20, 25, True, False]
    assert (told["0219"]["reached"], told["0219"]["is_behind"]) == (None, None)
    assert (told["project"]["reached"], told["project"]["is_behind"], told["project"]["is_overdue"]) == (37, True, True)
    assert told[None]["reached"] == 37
    live = (await read(screening, campaign, "targets"))["items"]
    assert {item["county_terc"]: item["reached"] for item in live if item["implementer"] is None}["0219"] == 2
    assert await fetch(screening, "SELECT count(*) FROM campaign_targets WHERE superseded_at IS NOT NULL") == [(1,)]
