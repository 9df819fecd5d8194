"""The life of a campaign, through the API."""

from typing import Any

import httpx
import pytest

from tests.screening.campaigns.results import URL, add_protocol, publish_instrument, send
from tests.support.asks import Made
from tests.support.callers import call_as
from tests.support.problems import assert_problem

COORDINATOR = call_as("pupil_screening_coordinator")


COUNTIES = ("2469", "2401", None)


@pytest.fixture
async def instrument(screening: httpx.AsyncClient) -> str:
    return await publish_instrument(screening)


@pytest.fixture
async def protocol(screening: httpx.AsyncClient, instrument: str) -> str:
    return await add_protocol(screening, instrument)


def plan(protocol: str, **facts: Any) -> Made:
    names = {"name_pl": "Kampania", "name_en": "Campaign"}
    return {**names, "protocol_code": protocol, "protocol_version": 1, "age_bands": [6, 36, 72], **facts}


async def test_a_campaign_is_planned_opened_and_closed_and_knows_its_last_days(
    screening: httpx.AsyncClient, protocol: str
) -> None:
    made = await screening.post(f"{URL}/campaigns", json=plan(protocol, county_terc="2469"), headers=COORDINATOR)
    path, tag = made.headers["location"], {"if-match": made.headers["etag"]} | COORDINATOR
    assert (made.json()["state"], made.json()["stage_one_due_on"]) == ("planned", None)
    begin, end = {"opened_on": "2026-01-01"}, {"closed_on": "2026-06-30"}
    refused = assert_problem(await screening.post(f"{path}/open", json=begin, headers=tag), 409, "state-conflict")
    assert refused["missing"] == ["implementer"]
    await screening.post(f"{path}/implementers", json={"code": "project", "name": "x"}, headers=COORDINATOR)
    again = await screening.post(f"{path}/implementers", json={"code": "project", "name": "x"}, headers=COORDINATOR)
    assert_problem(again, 409, "implementer-already-added")
    opened = await screening.post(f"{path}/open", json=begin, headers=tag)
    days = (opened.json()["stage_one_due_on"], opened.json()["stage_two_due_on"])
    assert days == ("2026-04-01", "2026-05-31")
    assert_problem(await screening.post(f"{path}/close", json=end, headers=tag), 412, "version-mismatch")
    tag["if-match"] = opened.headers["etag"]
    frozen = await screening.patch(path, json={"small_cell": 6}, headers=tag)
    assert assert_problem(frozen, 409, "state-conflict")["allowed"][-1] == "close"
    early = await screening.post(f"{path}/close", json={"closed_on": "2025-12-31"}, headers=tag)
    assert assert_problem(early, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    closed = await screening.post(f"{path}/close", json=end, headers=tag)
    assert closed.json()["state"] == "closed"
    select = await screening.post(f"{path}/selections", json={}, headers=COORDINATOR)
    assert assert_problem(select, 409, "state-conflict")["state"] == "closed"


@pytest.mark.parametrize(
    ("facts", "slug", "pointer"),
    [
        ({"protocol_version": 2}, "unknown-reference", "/protocol_version"),
        ({"age_bands": [36, 6]}, "validation-failed", "/age_bands"),
        ({"small_cell": 4}, "validation-failed", "/small_cell"),
        ({"county_terc": "9999"}, "validation-failed", "/county_terc"),
    ],
)
async def test_a_campaign_that_cannot_be_is_refused_where_it_is_wrong(
    screening: httpx.AsyncClient, protocol: str, facts: Made, slug: str, pointer: str
) -> None:
    answer = await send(screening, "/campaigns", plan(protocol, **facts))
    assert assert_problem(answer, 422, slug)["errors"][0]["pointer"] == pointer


async def test_a_campaign_of_several_counties_is_planned_by_who_reaches_all(
    screening: httpx.AsyncClient, protocol: str
) -> None:
    for headers, status in ((COORDINATOR, 403), (call_as("programme_manager"), 201)):
        answer = await screening.post(f"{URL}/campaigns", json=plan(protocol), headers=headers)
        assert answer.status_code == status


async def test_a_county_finds_its_own_campaigns_and_those_of_several_counties(
    screening: httpx.AsyncClient, protocol: str
) -> None:
    made = {county: await send(screening, "/campaigns", plan(protocol, county_terc=county)) for county in COUNTIES}
    ids = {county: answer.json()["id"] for county, answer in made.items()}
    asked = {"county_terc": "2469", "protocol_code": protocol}
    listed = (await screening.get(f"{URL}/campaigns", params=asked, headers=COORDINATOR)).json()["items"]
    assert {one["id"] for one in listed} == {ids["2469"], ids[None]}
