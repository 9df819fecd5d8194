"""Bodies, through the API."""

from typing import Any

import httpx
import pytest

from tests.registry.bodies.stories import (
    CENTRE,
    COORDINATOR,
    EMPLOYMENT,
    EVERYWHERE,
    PLATFORM,
    REGION,
    SEATS,
    TEAM,
    URL,
    ask_to_found,
    ask_to_record,
    ask_to_seat,
    found,
    plan,
    seat,
    tag_of,
)
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory, fetch

END = {"dissolved_on": "2025-01-01", "reason": "koniec fazy"}


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def kinds(client: httpx.AsyncClient, query: str) -> list[str]:
    answer = await client.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.text
    return [item["kind"] for item in answer.json()["items"]]


async def test_a_body_is_founded_where_it_sits_with_its_rule_and_its_process(registry: httpx.AsyncClient) -> None:
    made = [await found(registry, kind) for kind in (TEAM, PLATFORM, REGION, CENTRE)]
    assert [(body["voivodeship_terc"], body["county_terc"], body["commune_terc"]) for body in made] == [
        ("24", "2469", "2469011"),
        ("24", "2469", None),
        ("24", None, None),
        ("24", "2469", None),
    ]
    assert [body["composition_rule"] for body in made] == [TEAM, "rpwp_pilot", "rpw", "pckz_team"]
    assert [body["process"] for body in made] == [None, "rpwp_formation", "rpwp_formation", "pckz_formation"]
    assert {body["state"] for body in made} == {None}
    assert (await registry.get(f"{URL}/{made[0]['id']}")).json() == made[0]


@pytest.mark.parametrize(
    ("kind", "facts", "status", "error"),
    [
        (PLATFORM, {"county_terc": "2499"}, 422, ("/county_terc", "not_found")),
        (TEAM, {"commune_terc": "2469992"}, 422, ("/commune_terc", "not_found")),
        (REGION, {"voivodeship_terc": "98"}, 422, ("/voivodeship_terc", "not_found")),
        (PLATFORM, {"commune_terc": "2469011"}, 422, ("/commune_terc", "not_allowed")),
        (PLATFORM, {"composition_rule": "rpw"}, 422, ("/composition_rule", "not_found")),
        (PLATFORM, {"founded_on": "2199-01-01"}, 422, ("/founded_on", "in_future")),
    ],
)
async def test_what_is_wrong_with_a_founding_is_named(
    registry: httpx.AsyncClient, kind: str, facts: dict[str, Any], status: int, error: tuple[str, str]
) -> None:
    answer = await ask_to_found(registry, kind, **facts)
    assert answer.status_code == status
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [error]


@pytest.mark.parametrize("kind", [TEAM, PLATFORM, REGION, CENTRE])
async def test_of_a_kind_one_is_open_at_a_time(registry: httpx.AsyncClient, kind: str) -> None:
    first = await found(registry, kind)
    assert_problem(await ask_to_found(registry, kind), 409, "body-already-founded")
    dissolved = await registry.post(f"{URL}/{first['id']}/dissolve", json=END, headers=EVERYWHERE | tag_of(first))
    assert dissolved.json()["dissolved_on"] == "2025-01-01"
    overlapping = await ask_to_found(registry, kind, founded_on="2024-12-31")
    assert_problem(overlapping, 409, "body-already-founded")
    await found(registry, kind, founded_on="2025-01-01")


async def test_a_body_of_the_past_is_founded_with_its_end_beside_the_one_of_today(registry: httpx.AsyncClient) -> None:
    await found(registry, CENTRE, founded_on="2024-01-01")
    over = {"founded_on": "2022-10-01", "dissolved_on": "2024-01-01", "dissolving_reason": "koniec pilotażu"}
    late = await ask_to_found(registry, CENTRE, **over | {"dissolved_on": "2024-01-02"})
    assert_problem(late, 409, "body-already-founded")
    for wrong, pointer in (
        ({"dissolving_reason": None}, "/dissolving_reason"),
        ({"dissolved_on": None}, "/dissolved_on"),
        ({"dissolved_on": "2022-10-01"}, "/dissolved_on"),
        ({"dissolved_on": "2099-01-01"}, "/dissolved_on"),
    ):
        refused = await ask_to_found(registry, CENTRE, **over | wrong)
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    pilot = await found(registry, CENTRE, **over)
    assert {*pilot["recorded"]} == {"founded_on", "dissolved_on"}
    designated = await ask_to_record(registry, pilot, "persons_and_units_designated", day="2022-10-03")
    assert designated.status_code == 200
    member = await seat(registry, pilot, "coordinator", held_from="2022-10-03")
    assert member["held_to"] == "2024-01-01"


async def test_a_regional_platform_is_founded_only_by_who_reaches_everywhere(registry: httpx.AsyncClient) -> None:
    body = {"kind": REGION, "name": "RPW", "founded_on": "2024-01-01", **SEATS[REGION]}
    assert_problem(await registry.post(URL, json=body, headers=COORDINATOR), 403, "outside-scope")
    made = await found(registry, REGION)
    member = {"group": "regional_administration", "person_role": "sekretarz", "held_from": "2024-02-01"}
    refused = await registry.post(f"{URL}/{made['id']}/members", json=member, headers=COORDINATOR)
    assert_problem(refused, 403, "outside-scope")


async def test_bodies_are_found_by_kind_place_and_whether_they_are_active(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM, name="A")
    await found(registry, REGION, name="B")
    await found(registry, TEAM, name="C", commune_terc="2401011")
    await registry.post(f"{URL}/{platform['id']}/dissolve", json=END, headers=tag_of(platform))
    assert await kinds(registry, "") == [PLATFORM, REGION, TEAM]
    assert await kinds(registry, "active=true") == [REGION, TEAM]
    assert await kinds(registry, "active=false") == [PLATFORM]
    assert await kinds(registry, "county_terc=2401&county_terc=2469&sort=-name") == [TEAM, PLATFORM]
    assert await kinds(registry, f"kind={REGION}") == [REGION]
    assert await kinds(registry, "voivodeship_terc=06") == []


async def test_a_dissolved_body_takes_nothing_more(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    later = await seat(registry, platform, EMPLOYMENT, held_from="2030-01-01")
    [meeting] = await plan(registry, platform)
    path = f"{URL}/{platform['id']}"
    assert_problem(await registry.post(f"{path}/dissolve", json=END), 428, "precondition-required")
    early = {"dissolved_on": "2023-12-31", "reason": "błąd"}
    refused = await registry.post(f"{path}/dissolve", json=early, headers=tag_of(platform))
    assert refused.json()["errors"][0]["code"] == "wrong_order"
    assert (await registry.post(f"{path}/dissolve", json=END, headers=tag_of(platform))).status_code == 200
    again = await registry.post(f"{path}/dissolve", json=END, headers=tag_of(platform))
    assert assert_problem(again, 409, "body-dissolved")["state"] == "dissolved"
    assert_problem(await ask_to_seat(registry, platform, EMPLOYMENT, day=END["dissolved_on"]), 409, "body-dissolved")
    [never] = (await registry.get(f"{path}/members")).json()["items"]
    assert (never["id"], never["held_from"], never["held_to"]) == (later["id"], "2030-01-01", "2030-01-01")
    [called_off] = (await registry.get(f"{path}/meetings")).json()["items"]
    assert (called_off["id"], called_off["state"]) == (meeting["id"], "cancelled")


async def test_changes_are_told_by_ids_and_never_by_persons(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await seat(registry, platform, EMPLOYMENT, subject="account-7", person_role="wiceprzewodniczący")
    rows = await fetch(registry, "SELECT type, data::text AS data, county_terc FROM events ORDER BY position")
    assert [row.type for row in rows] == ["registry.body.founded", "registry.body.member-added"]
    assert {row.county_terc for row in rows} == {"2469"}
    assert not any("account-7" in row.data or "wice" in row.data for row in rows)


@pytest.mark.parametrize("part", ["", "/members", "/composition", "/steps", "/meetings", "/communiques"])
async def test_a_body_that_is_not_there_has_no_parts(registry: httpx.AsyncClient, part: str) -> None:
    unknown = "01990000-0000-7000-8000-0000000000ff"
    assert_problem(await registry.get(f"{URL}/{unknown}{part}"), 404, "body-not-found")


async def test_a_body_joins_pillars_and_is_found_by_each_of_them(registry: httpx.AsyncClient) -> None:
    """Three pillars of source 004: employment services, social assistance, reintegration."""
    team = await found(registry, TEAM)
    platform = await found(registry, PLATFORM, pillars=["reintegration", "employment", "employment"])
    assert (team["pillars"], platform["pillars"]) == ([], ["employment", "reintegration"])
    patch = {"pillars": ["social_assistance", "reintegration"]}
    changed = await registry.patch(f"{URL}/{team['id']}", json=patch, headers=tag_of(team))
    assert (changed.json()["version"], changed.json()["pillars"]) == (2, ["reintegration", "social_assistance"])
    assert await kinds(registry, "pillar=employment") == [PLATFORM]
    assert len(await kinds(registry, "pillar=reintegration")) == 2
    stale = await registry.patch(f"{URL}/{team['id']}", json=patch, headers=tag_of(team))
    assert_problem(stale, 412, "version-mismatch")


async def test_the_manager_of_programmes_founds_a_regional_platform_and_a_coordinator_does_not(
    registry: httpx.AsyncClient,
) -> None:
    """It is no county's: a person who works in all of them founds it (source 004)."""
    body = {"kind": REGION, "name": "Platforma województwa", "voivodeship_terc": "24", "founded_on": "2024-01-01"}
    coordinator = call_as("county_coordinator", counties=["2469"])
    assert_problem(await registry.post(URL, json=body, headers=coordinator), 403, "outside-scope")
    made = await registry.post(URL, json=body, headers=call_as("programme_manager", counties=["*"]))
    assert (made.status_code, made.json()["county_terc"]) == (201, None)
