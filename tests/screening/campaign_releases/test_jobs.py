"""The job of a release: what the work of a campaign's staff leads to, with real transactions."""

import httpx
import pytest

from services.screening.campaign_releases.actions import ask_for_due_releases
from tests.screening.campaign_releases.released import told
from tests.screening.campaigns.results import ALL, post
from tests.screening.screenings.made import act, add_campaign, add_screening
from tests.support.callers import call_as
from tests.support.records import app_of, change, fetch

OPERATOR = call_as("operator")


@pytest.fixture
def client(working_screening: httpx.AsyncClient) -> httpx.AsyncClient:
    return working_screening


async def ended(client: httpx.AsyncClient) -> list[str]:
    """What became of the jobs that were asked for, when they have ended; an operator is not told their numbers."""
    listed = (await client.get("/v1/screening/jobs", headers=OPERATOR)).json()["items"]
    for job in listed:
        async with client.stream("GET", f"/v1/screening/jobs/{job['id']}/events", headers=OPERATOR) as events:
            async for _ in events.aiter_lines():
                pass
    listed = (await client.get("/v1/screening/jobs?sort=created_at", headers=OPERATOR)).json()["items"]
    assert [job["result"] for job in listed] == [None] * len(listed)
    return [job["kind"] + " " + job["state"] for job in listed]


async def test_a_confirmed_screening_leads_to_a_release_and_the_end_to_another(client: httpx.AsyncClient) -> None:
    campaign, outsider = await add_campaign(client, "2469"), call_as("researcher")
    made = [await add_screening(client, campaign_id=campaign, implementer="project") for _ in range(6)]
    assert (await act(client, made[0], "confirm")).status_code == 200
    assert await ended(client) == ["campaign-release succeeded"]
    assert (await told(client, campaign, outsider))["subjects"] == 6
    await add_screening(client, campaign_id=campaign, implementer="project")
    await post(client, f"/campaigns/{campaign}/close", {"closed_on": "2026-06-30"}, f'"{campaign}:1"')
    assert await ended(client) == ["campaign-release succeeded"] * 2
    assert [(await told(client, campaign, headers))["subjects"] for headers in (outsider, ALL)] == [6, 7]
    kept = await fetch(client, "SELECT actor, detail FROM audit_records WHERE action = 'release_counts' ORDER BY id")
    assert [(row.actor, row.detail) for row in kept] == [("screening", {"counties": 1, "tables": 2})]


async def test_releases_that_are_due_come_without_anybody_acting(client: httpx.AsyncClient) -> None:
    database, outsider = app_of(client).state.database, call_as("researcher")
    campaign = await add_campaign(client, "2469")
    await ask_for_due_releases(database)
    assert await ended(client) == []  # of a campaign without children nothing could be released
    for _ in range(6):
        await add_screening(client, campaign_id=campaign, implementer="project")
    await ask_for_due_releases(database)
    assert await ended(client) == ["campaign-release succeeded"]
    assert (await told(client, campaign, outsider))["subjects"] == 6
    for _ in range(6):
        await add_screening(client, campaign_id=campaign, implementer="project")
    await ask_for_due_releases(database)
    assert await ended(client) == ["campaign-release succeeded"]  # within the hour
    for hours, jobs in ((2, 2), (2, 2), (25, 3)):
        await change(client, f"UPDATE jobs SET created_at = created_at - interval '{hours} hours'")
        await ask_for_due_releases(database)
        # After two hours: more children have come. After two more: none have. After a day: whatever else changed.
        assert await ended(client) == ["campaign-release succeeded"] * jobs
        await change(client, "UPDATE screenings SET created_at = created_at - interval '30 days'")
    assert (await told(client, campaign, outsider))["subjects"] == 12
