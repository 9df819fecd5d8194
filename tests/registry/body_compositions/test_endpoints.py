"""The composition of bodies against their rules, through the API."""

import httpx
import pytest

from tests.registry.bodies.stories import (
    BENEFIT,
    EMPLOYMENT,
    PLATFORM,
    REGION,
    TEAM,
    URL,
    compose,
    composition,
    found,
    seat,
    tag_of,
)
from tests.support.records import add_institution, add_territory


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def test_n18_source_004_the_pilot_platform_is_two_and_two_and_one(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await compose(registry, platform, 2, 2)
    shown = await composition(registry, platform)
    assert (shown["valid"], shown["members"], shown["rule"]["code"]) == (True, 5, "rpwp_pilot")
    assert [group["present"] for group in shown["groups"]] == [2, 2, 1]
    assert sum(group["minimum"] for group in shown["groups"]) == 5
    assert [group["maximum"] for group in shown["groups"]] == [2, 2, 1]


async def test_n18_source_004_three_and_one_and_one_is_told_what_is_missing_and_too_many(
    registry: httpx.AsyncClient,
) -> None:
    platform = await found(registry, PLATFORM)
    await compose(registry, platform, 3, 1)
    shown = await composition(registry, platform)
    assert (shown["valid"], shown["members"]) == (False, 5)
    by_group = {group["group"]: (group["missing"], group["surplus"]) for group in shown["groups"]}
    assert by_group == {EMPLOYMENT: (0, 1), BENEFIT: (1, 0), TEAM: (0, 0)}


async def test_the_composition_is_that_of_the_day_asked_for(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await compose(registry, platform, 2, 2)
    [leaving] = (await registry.get(f"{URL}/{platform['id']}/members?group={BENEFIT}&limit=1")).json()["items"]
    end = {"held_to": "2024-09-01", "reason": "koniec kadencji"}
    path = f"{URL}/{platform['id']}/members/{leaving['id']}/end"
    ended = await registry.post(path, json=end, headers=tag_of(leaving))
    assert (ended.json()["held_to"], ended.headers["etag"]) == ("2024-09-01", f'"{leaving["id"]}:2"')
    valid = [(await composition(registry, platform, f"?as_of={day}"))["valid"] for day in ("2024-08-31", "2024-09-01")]
    assert valid == [True, False]
    assert (await composition(registry, platform, "?as_of=2024-01-31"))["members"] == 0
    there = (await registry.get(f"{URL}/{platform['id']}/members?as_of=2024-09-01")).json()["items"]
    assert len(there) == 4


async def test_a_team_needs_two_institutions_not_two_people(registry: httpx.AsyncClient) -> None:
    team = await found(registry, TEAM)
    one, other = await add_institution(registry), await add_institution(registry)
    for _ in range(2):
        await seat(registry, team, "stakeholders", institution_id=one["id"])
    [group] = (await composition(registry, team))["groups"]
    assert (group["present"], group["missing"], group["maximum"]) == (1, 1, None)
    await seat(registry, team, "stakeholders", institution_id=other["id"])
    assert (await composition(registry, team))["valid"]


async def test_a_regional_platform_takes_platforms_of_its_counties_without_a_limit(registry: httpx.AsyncClient) -> None:
    region = await found(registry, REGION)
    for county in ("2469", "2401"):
        platform = await found(registry, PLATFORM, county_terc=county)
        await seat(registry, region, "county_platforms", delegating_body_id=platform["id"])
    for group in ("voivodeship_employment_council", "voivodeship_public_benefit_council"):
        await seat(registry, region, group)
    shown = await composition(registry, region)
    missing = {group["group"]: group["missing"] for group in shown["groups"]}
    assert (missing.pop("regional_administration"), {*missing.values()}, shown["valid"]) == (1, {0}, False)
    await seat(registry, region, "regional_administration")
    assert (await composition(registry, region))["valid"]
