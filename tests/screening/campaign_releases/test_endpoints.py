"""Who reads statistics before and after a screening sees the child only where they may read the screening."""

import csv
import io
from typing import Any

import httpx
import pytest

from services.chassis.ground.problems import Problem
from tests.screening.campaign_releases.readers import COORDINATOR, EVERYTHING, OUTSIDER, OUTSIDERS
from tests.screening.campaign_releases.released import (
    add_children,
    by,
    name_counties,
    release,
    screened_campaign,
    told,
)
from tests.screening.campaigns.results import ALL, URL, add_protocol, count, post, publish_instrument, result
from tests.screening.screenings.made import URL as SCREENINGS
from tests.screening.screenings.made import act, add_campaign, add_screening
from tests.support.callers import call_as
from tests.support.records import change, fetch


async def test_a_county_is_exact_to_whoever_may_read_its_screenings_and_sums_are_of_what_is_told(
    screening: httpx.AsyncClient,
) -> None:
    campaign, instrument = await screened_campaign(screening, "2469", "2401", "0219")
    await release(screening, campaign)
    await add_children(screening, campaign, instrument, 1, outcome="undetermined", sex="unknown")
    await add_children(screening, campaign, instrument, 1, county_terc="2401")
    await add_children(screening, campaign, instrument, 2, county_terc="0619")
    tables = ["county", "county_sex", "county_stage_one", "sex", "stage_one", "sex_stage_two"]
    found = await told(screening, campaign, COORDINATOR, table=tables)
    assert by(found, "county", "county_terc") == {"0219": 60, "2401": 60, "2469": 61}
    assert [by(found, "county_sex", "county_terc", "sex")["2469", sex] for sex in ("male", "unknown")] == [30, 1]
    assert by(found, "county_stage_one", "county_terc", "status")["2469", "undetermined"] == 1
    assert (found["subjects"], found["counties"], found["is_live"]) == (181, 3, False)
    assert by(found, "sex", "sex") == {"female": 90, "male": 90, "unknown": 1}
    assert sum(by(found, "sex_stage_two", "sex", "status").values()) == 61  # type: ignore[arg-type]
    moments = {row["county_terc"]: row["released_at"] for row in found["rows"] if row["table"] == "county"}
    assert [county for county, moment in moments.items() if moment is None] == ["2469"]
    assert {row["counties"] for row in found["rows"] if row["table"] == "stage_one"} == {3}


async def test_every_county_that_the_campaign_names_is_listed_with_children_or_without(
    screening: httpx.AsyncClient,
) -> None:
    campaign, instrument = await screened_campaign(screening, "2469")
    implementer: dict[str, Any] = {"code": "partner", "name": "Partner", "counties": ["0619", "0620"]}
    await post(screening, f"/campaigns/{campaign}/implementers", implementer)
    await name_counties(screening, campaign, "2401", "0219")
    before = await told(screening, campaign, OUTSIDER, table=EVERYTHING)
    await add_children(screening, campaign, instrument, 4, county_terc="2401")
    await add_children(screening, campaign, instrument, 4, county_terc="0620", implementer="partner")
    await add_children(screening, campaign, instrument, 3, county_terc="1261")
    assert await told(screening, campaign, OUTSIDER, table=EVERYTHING) == before
    await release(screening, campaign)
    found = await told(screening, campaign, OUTSIDER, table=EVERYTHING)
    assert by(found, "county", "county_terc") == dict.fromkeys(["0219", "0619", "0620", "2401"]) | {"2469": 60}
    assert (found["counties"], found["listed_counties"], found["distinct_counties"]) == (1, 5, 1)
    assert {row["is_suppressed"] for row in found["rows"] if row["county_terc"] == "2401"} == {True}
    assert by(found, "county_sex", "county_terc", "sex")["2401", "unknown"] is None  # a zero would tell that of it


async def test_an_implementer_is_told_of_where_it_alone_may_screen(screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(screening)
    body = {"name_pl": "x", "name_en": "x", "protocol_code": await add_protocol(screening, instrument)}
    made = await post(screening, "/campaigns", body | {"protocol_version": 1, "age_bands": [36]})
    places = {"north": ["2201", "2202"], "south": ["2401"]}
    for code, counties in places.items():
        named = {"code": code, "name": code, "counties": counties}
        await post(screening, f"/campaigns/{made['id']}/implementers", named)
    await post(screening, f"/campaigns/{made['id']}/open", {"opened_on": "2026-01-01"}, f'"{made["id"]}:1"')
    for code, counties in places.items():
        for county in counties:
            await add_children(screening, made["id"], instrument, 30, county_terc=county, implementer=code)
    await release(screening, made["id"])
    found = await told(screening, made["id"], OUTSIDER, table=["implementer", "implementer_stage_one"])
    assert by(found, "implementer", "implementer") == {"north": 60, "south": 30}
    assert by(found, "implementer_stage_one", "implementer", "status")["north", "positive"] == 20
    with pytest.raises(Problem, match="implementer-elsewhere"):
        await count(screening, [result(made["id"], instrument, county_terc="2202", implementer="south")])


async def test_a_file_of_statistics_holds_what_the_same_caller_is_told(racing_screening: httpx.AsyncClient) -> None:
    client = racing_screening
    campaign, instrument = await screened_campaign(client, "2469", "2401")
    await release(client, campaign)
    await add_children(client, campaign, instrument, 1)
    found = []
    for headers in (OUTSIDER, ALL):
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
    assert [(one["is_live"], one["subjects"]) for one in found] == [(True, 1), (False, None)]


async def test_whoever_confirms_or_selects_or_closes_asks_for_a_release_and_for_one_an_hour(
    screening: httpx.AsyncClient,
) -> None:
    campaign = await add_campaign(screening, "2469")
    made = [await add_screening(screening, campaign_id=campaign, implementer="project") for _ in range(3)]
    assert await _asked(screening) == 0
    for one in made[:2]:
        assert (await act(screening, one, "confirm")).status_code == 200
    assert await _asked(screening) == 1
    await change(screening, "UPDATE jobs SET created_at = now() - interval '2 hours'")
    assert (await act(screening, made[2], "confirm")).status_code == 200
    assert await _asked(screening) == 2
    await post(screening, f"/campaigns/{campaign}/close", {"closed_on": "2026-06-30"}, f'"{campaign}:1"')
    assert await _asked(screening) == 3
    own = await screening.get("/v1/screening/jobs")
    assert own.json()["items"] == []
    assert (await screening.get(SCREENINGS)).status_code == 200


async def _asked(client: httpx.AsyncClient) -> int:
    return len(await fetch(client, "SELECT parameters FROM jobs WHERE kind = 'campaign-release' ORDER BY id"))
