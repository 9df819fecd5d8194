"""What the steps of bodies need."""

from typing import Any

import httpx
import pytest

from tests.registry.bodies.stories import (
    BEFORE_WORK,
    CENTRE,
    COORDINATOR,
    OF_CENTRES,
    PLATFORM,
    REGION,
    URL,
    add_network,
    ask_to_record,
    compose,
    found,
    plan,
    record,
    seat,
    tag_of,
    tell,
)
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def refused(client: httpx.AsyncClient, body: dict[str, Any], step: str, **facts: Any) -> dict[str, Any]:
    problem = assert_problem(await ask_to_record(client, body, step, **facts), 409, "conditions-not-met")
    assert (await client.get(f"{URL}/{body['id']}")).json()["state"] != step
    return problem


async def test_cyclic_work_needs_a_valid_composition_and_a_planned_meeting(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await record(registry, platform, *BEFORE_WORK)
    problem = await refused(registry, platform, "cyclic_work")
    assert problem["missing"] == ["valid_composition", "planned_meeting"]
    assert [group["missing"] for group in problem["groups"]] == [2, 2, 1]
    [meeting] = await plan(registry, platform)
    cancelled = f"{URL}/{platform['id']}/meetings/{meeting['id']}/cancel"
    await registry.post(cancelled, json={"reason": "brak kworum"}, headers=tag_of(meeting))
    await compose(registry, platform, 2, 2)
    problem = await refused(registry, platform, "cyclic_work")
    assert (problem["missing"], problem["groups"]) == (["planned_meeting"], [])
    await plan(registry, platform)
    await record(registry, platform, "cyclic_work")


async def test_n18_source_004_three_and_one_and_one_does_not_begin_its_work(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await compose(registry, platform, 3, 1)
    await plan(registry, platform)
    await record(registry, platform, *BEFORE_WORK)
    problem = await refused(registry, platform, "cyclic_work")
    assert problem["missing"] == ["valid_composition"]
    assert [(group["missing"], group["surplus"]) for group in problem["groups"]] == [(0, 1), (1, 0)]


async def test_the_composition_must_be_valid_on_the_day_of_the_step(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await compose(registry, platform, 2, 2)
    await plan(registry, platform)
    for step in BEFORE_WORK:
        assert (await ask_to_record(registry, platform, step, day="2024-01-20")).status_code == 200
    assert (await refused(registry, platform, "cyclic_work", day="2024-01-31"))["missing"] == ["valid_composition"]
    assert (await ask_to_record(registry, platform, "cyclic_work", day="2024-02-01")).status_code == 200


async def test_communications_need_a_communique_issued_by_then(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await compose(registry, platform, 2, 2)
    await plan(registry, platform)
    await record(registry, platform, *BEFORE_WORK, "cyclic_work")
    await tell(registry, platform, issued_on="2024-06-02")
    assert (await refused(registry, platform, "communications"))["missing"] == ["issued_communique"]
    await tell(registry, platform, issued_on="2024-06-01")
    assert (await record(registry, platform, "communications"))["ended"]


async def test_a_region_forms_its_platform_by_the_same_steps(registry: httpx.AsyncClient) -> None:
    region = await found(registry, REGION)
    await record(registry, region, *BEFORE_WORK)
    assert (await refused(registry, region, "cyclic_work"))["missing"] == ["valid_composition", "planned_meeting"]
    run = (await registry.get(f"{URL}/{region['id']}/steps")).json()
    asked = {"step": "cyclic_work", "done_on": "2024-06-01"}
    answer = await registry.post(f"{URL}/{region['id']}/steps", json=asked, headers=COORDINATOR | tag_of(run))
    assert_problem(answer, 403, "outside-scope")


async def test_a_centre_needs_the_countys_network_with_a_member(registry: httpx.AsyncClient) -> None:
    centre = await found(registry, CENTRE)
    await record(registry, centre, "persons_and_units_designated")
    assert (await refused(registry, centre, "support_network_created"))["missing"] == ["county_network"]
    await add_network(registry, "proposed")
    assert (await refused(registry, centre, "support_network_created"))["missing"] == ["county_network"]
    await change(registry, "UPDATE network_memberships SET state = 'included'")
    await record(registry, centre, "support_network_created")


async def test_a_centre_is_established_with_its_team(registry: httpx.AsyncClient) -> None:
    centre = await found(registry, CENTRE)
    await add_network(registry, "included")
    await record(registry, centre, *OF_CENTRES[:3])
    await seat(registry, centre, "coordinator")
    problem = await refused(registry, centre, "centre_established")
    assert problem["missing"] == ["valid_composition"]
    assert problem["groups"] == [{"group": "unit_representatives", "missing": 1, "surplus": 0}]
    await seat(registry, centre, "unit_representatives", institution_id=(await add_institution(registry))["id"])
    await record(registry, centre, "centre_established")
