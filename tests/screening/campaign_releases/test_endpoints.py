"""Who reads statistics before and after a screening sees the child only where they may read the screening."""

import csv
import io

import httpx
import pytest

from tests.screening.campaign_releases.released import add_children, release, screened_campaign, told
from tests.screening.campaigns.results import ALL, URL, post
from tests.screening.screenings.made import URL as SCREENINGS
from tests.screening.screenings.made import act, add_campaign, add_screening
from tests.support.callers import call_as
from tests.support.records import change, fetch

OUTSIDERS = {
    "programme manager": call_as("programme_manager", counties=["*"]),
    "researcher": call_as("researcher"),
    "screener there": call_as("screener"),
    "county coordinator there": call_as("county_coordinator"),
    "coordinator of one of two counties": call_as("pupil_screening_coordinator"),
    "coordinator elsewhere": call_as("pupil_screening_coordinator", counties=["0219"]),
}
BOTH = call_as("pupil_screening_coordinator", counties=["2469", "2401"])
PARTS = ("statistics", "funnel", "targets")


@pytest.mark.parametrize("outsider", OUTSIDERS.values(), ids=[*OUTSIDERS])
async def test_one_more_child_is_seen_by_nobody_who_may_not_read_its_screening_k11(
    screening: httpx.AsyncClient, outsider: dict[str, str]
) -> None:
    campaign, instrument = await screened_campaign(screening, "2469", "2401")
    await post(screening, f"/campaigns/{campaign}/targets", {"county_terc": "2469", "subjects": 200})
    assert await release(screening, campaign) == 2
    before = [await told(screening, campaign, outsider, what) for what in PARTS]
    await add_children(screening, campaign, instrument, 1)
    assert await release(screening, campaign) == 0
    assert [await told(screening, campaign, outsider, what) for what in PARTS] == before
    assert [(part["is_live"], part["released_at"] is None) for part in before] == [(False, False)] * 3
    assert (before[0]["subjects"], before[1]["in_all"]["complete"], before[2]["items"][0]["reached"]) == (120, 120, 60)
    for insider in (ALL, BOTH):
        now = [await told(screening, campaign, insider, what) for what in PARTS]
        assert [(part["is_live"], part["released_at"]) for part in now] == [(True, None)] * 3
        assert (now[0]["subjects"], now[1]["in_all"]["complete"], now[2]["items"][0]["reached"]) == (121, 121, 61)


async def test_enough_children_are_released_together(screening: httpx.AsyncClient) -> None:
    campaign, instrument = await screened_campaign(screening, "2469", "2401")
    await release(screening, campaign)
    await add_children(screening, campaign, instrument, 9)
    assert await release(screening, campaign) == 0  # four boys more would be seen
    await add_children(screening, campaign, instrument, 3)
    assert await release(screening, campaign) == 1
    found = await told(screening, campaign, OUTSIDERS["researcher"])
    assert found["subjects"] == 132
    girls = {row["county_terc"]: row["subjects"] for row in found["rows"] if row["sex"] == "female"}
    assert girls == {"2469": 37, "2401": 30, None: 67}


async def test_before_the_first_release_nothing_is_told_not_even_that_there_is_nothing(
    screening: httpx.AsyncClient,
) -> None:
    campaign, instrument = await screened_campaign(screening)
    await post(screening, f"/campaigns/{campaign}/targets", {"county_terc": "2469", "subjects": 200})
    outsider = OUTSIDERS["coordinator of one of two counties"]
    before = [await told(screening, campaign, outsider, what) for what in PARTS]
    await add_children(screening, campaign, instrument, 60, county_terc="2401")
    assert [await told(screening, campaign, outsider, what) for what in PARTS] == before
    assert (before[0]["subjects"], before[1]["in_all"]["started"], before[2]["items"][0]["reached"]) == (None,) * 3
    assert {(part["is_live"], part["released_at"]) for part in before} == {(False, None)}


async def test_the_end_of_a_campaign_releases_everything(screening: httpx.AsyncClient) -> None:
    campaign, instrument = await screened_campaign(screening, "2469", "2401")
    await release(screening, campaign)
    await add_children(screening, campaign, instrument, 3)
    await add_children(screening, campaign, instrument, 2, county_terc="0219")
    await release(screening, campaign, is_final=True)
    released, live = [await told(screening, campaign, headers) for headers in (OUTSIDERS["researcher"], ALL)]
    assert released["rows"] == live["rows"]
    assert (released["subjects"], released["shares"]) == (live["subjects"], live["shares"]) == (125, live["shares"])


async def test_a_file_of_statistics_holds_what_the_same_caller_is_told(racing_screening: httpx.AsyncClient) -> None:
    client = racing_screening
    campaign, instrument = await screened_campaign(client, "2469", "2401")
    await release(client, campaign)
    await add_children(client, campaign, instrument, 1)
    found = []
    for headers in (OUTSIDERS["researcher"], ALL):
        path = f"{URL}/campaigns/{campaign}/statistics?table=sex&format=csv"
        file = await client.get(path, headers=headers)
        rows = {row["sex"]: row["subjects"] for row in csv.DictReader(io.StringIO(file.text))}
        found.append((rows["female"], "last-modified" in file.headers))
    assert found == [("60", True), ("61", False)]


async def test_a_campaign_of_one_county_is_live_to_its_coordinator(screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(screening, "2469")
    await add_screening(screening, campaign_id=campaign, implementer="project")
    found = [
        await told(screening, campaign, headers)
        for headers in (call_as("early_screening_coordinator"), OUTSIDERS["coordinator elsewhere"])
    ]
    assert [one["is_live"] for one in found] == [True, False]


async def test_whoever_confirms_or_selects_or_closes_asks_for_a_release_and_for_one_an_hour(
    screening: httpx.AsyncClient,
) -> None:
    campaign = await add_campaign(screening, "2469")
    made = [await add_screening(screening, campaign_id=campaign, implementer="project") for _ in range(3)]
    assert await _asked(screening) == []
    for one in made[:2]:
        assert (await act(screening, one, "confirm")).status_code == 200
    assert await _asked(screening) == [False]
    await change(screening, "UPDATE jobs SET created_at = now() - interval '2 hours'")
    assert (await act(screening, made[2], "confirm")).status_code == 200
    assert await _asked(screening) == [False, False]
    await post(screening, f"/campaigns/{campaign}/close", {"closed_on": "2026-06-30"}, f'"{campaign}:1"')
    assert await _asked(screening) == [False, False, True]
    own = await screening.get("/v1/screening/jobs")
    assert own.json()["items"] == []
    assert (await screening.get(SCREENINGS)).status_code == 200


async def _asked(client: httpx.AsyncClient) -> list[bool]:
    kept = await fetch(client, "SELECT parameters FROM jobs WHERE kind = 'campaign-release' ORDER BY id")
    return [row.parameters["is_final"] for row in kept]
