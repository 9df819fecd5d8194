"""Bodies, their seats and their composition, through the API."""

from typing import Any

import httpx
import pytest

from tests.registry.bodies.stories import (
    BENEFIT,
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
    ask_to_seat,
    compose,
    composition,
    found,
    plan,
    seat,
    tag_of,
)
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, fetch

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
    await found(registry, kind)


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


@pytest.mark.parametrize(
    ("group", "facts", "error"),
    [
        ("county_platforms", {}, ("/group", "not_found")),
        (EMPLOYMENT, {"held_from": "2023-12-31"}, ("/held_from", "wrong_order")),
        (EMPLOYMENT, {"institution_id": "01990000-0000-7000-8000-0000000000ff"}, ("/institution_id", "not_found")),
        (TEAM, {}, ("/delegating_body_id", "missing")),
        (TEAM, {"delegating_body_id": "01990000-0000-7000-8000-0000000000ff"}, ("/delegating_body_id", "not_found")),
    ],
)
async def test_what_is_wrong_with_a_seat_is_named(
    registry: httpx.AsyncClient, group: str, facts: dict[str, Any], error: tuple[str, str]
) -> None:
    answer = await ask_to_seat(registry, await found(registry, PLATFORM), group, **facts)
    assert answer.status_code == 422, answer.text
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [error]


@pytest.mark.parametrize(
    ("kind", "facts", "code"),
    [
        (CENTRE, {}, "wrong_body_kind"),
        (TEAM, {"commune_terc": "2401011"}, "outside_county"),
    ],
)
async def test_only_teams_of_the_county_delegate_to_its_platform(
    registry: httpx.AsyncClient, kind: str, facts: dict[str, Any], code: str
) -> None:
    platform, other = await found(registry, PLATFORM), await found(registry, kind, **facts)
    answer = await ask_to_seat(registry, platform, TEAM, delegating_body_id=other["id"])
    assert [one["code"] for one in assert_problem(answer, 422, "validation-failed")["errors"]] == [code]


async def test_only_platforms_of_the_voivodeship_delegate_to_its_platform(registry: httpx.AsyncClient) -> None:
    region, stranger = await found(registry, REGION), await found(registry, PLATFORM, county_terc="0619")
    answer = await ask_to_seat(registry, region, "county_platforms", delegating_body_id=stranger["id"])
    assert [one["code"] for one in answer.json()["errors"]] == ["outside_voivodeship"]


async def test_nobody_represents_an_institution_that_is_closed(registry: httpx.AsyncClient) -> None:
    host = await add_institution(registry)
    end = {"closed_on": "2024-01-01", "reason": "koniec"}
    await registry.post(f"/v1/registry/institutions/{host['id']}/close", json=end, headers=tag_of(host))
    answer = await ask_to_seat(registry, await found(registry, TEAM), "stakeholders", institution_id=host["id"])
    assert_problem(answer, 409, "institution-closed")


async def test_a_person_has_one_seat_at_a_time(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    first = await seat(registry, platform, EMPLOYMENT, subject="account-7")
    assert_problem(await ask_to_seat(registry, platform, BENEFIT, subject="account-7"), 409, "already-member")
    path = f"{URL}/{platform['id']}/members/{first['id']}/end"
    end = {"held_to": "2024-09-01", "reason": "zmiana rady"}
    assert (await registry.post(path, json=end, headers=tag_of(first))).status_code == 200
    await seat(registry, platform, BENEFIT, subject="account-7")
    again = await registry.post(path, json=end, headers={"if-match": f'"{first["id"]}:2"'})
    assert assert_problem(again, 409, "state-conflict")["state"] == "ended"
    assert_problem(await registry.post(path, json=end), 428, "precondition-required")


async def test_who_is_sent_by_a_dissolved_team_leaves_the_platform_too(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await compose(registry, platform, 2, 2)
    [sent] = (await registry.get(f"{URL}/{platform['id']}/members?group={TEAM}")).json()["items"]
    team = (await registry.get(f"{URL}/{sent['delegating_body_id']}")).json()
    await registry.post(f"{URL}/{team['id']}/dissolve", json=END, headers=tag_of(team))
    assert (await composition(registry, platform, "?as_of=2024-12-31"))["valid"]
    groups = (await composition(registry, platform, "?as_of=2025-01-01"))["groups"]
    assert [group["missing"] for group in groups] == [0, 0, 1]
    [told] = await fetch(registry, "SELECT data FROM events WHERE type = 'registry.body.dissolved'")
    assert told.data["ended_members"] == [f"/v1/registry/bodies/{platform['id']}/members/{sent['id']}"]


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
    assert_problem(await ask_to_seat(registry, platform, EMPLOYMENT), 409, "body-dissolved")
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
