"""Who sits in a body, sent by whom and until when, through the API."""

from typing import Any

import httpx
import pytest

from tests.registry.bodies.stories import (
    BENEFIT,
    CENTRE,
    EMPLOYMENT,
    PLATFORM,
    REGION,
    TEAM,
    URL,
    ask_to_seat,
    compose,
    composition,
    found,
    seat,
    tag_of,
)
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, fetch

END = {"dissolved_on": "2025-01-01", "reason": "koniec fazy"}


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


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
