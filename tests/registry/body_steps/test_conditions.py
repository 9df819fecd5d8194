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
    begin,
    compose,
    decide,
    found,
    meet_first,
    plan,
    record,
    seat,
    send_letter,
    tag_of,
    tell,
)
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def refused(client: httpx.AsyncClient, body: dict[str, Any], step: str, **facts: Any) -> dict[str, Any]:
    problem = assert_problem(await ask_to_record(client, body, step, **facts), 409, "conditions-not-met")
    assert (await client.get(f"{URL}/{body['id']}")).json()["state"] != step
    return problem


async def test_cyclic_work_needs_a_valid_composition_and_a_planned_meeting(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await begin(registry, platform)
    await record(registry, platform, *BEFORE_WORK)
    problem = await refused(registry, platform, "cyclic_work")
    assert problem["missing"] == ["valid_composition", "planned_meeting"], "the first meeting is none of its cycle"
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
    await begin(registry, platform)
    await plan(registry, platform)
    await record(registry, platform, *BEFORE_WORK)
    problem = await refused(registry, platform, "cyclic_work")
    assert problem["missing"] == ["valid_composition"]
    assert [(group["missing"], group["surplus"]) for group in problem["groups"]] == [(0, 1), (1, 0)]


async def test_the_composition_must_be_valid_on_the_day_of_the_step(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await compose(registry, platform, 2, 2)
    await begin(registry, platform)
    await plan(registry, platform)
    for step in BEFORE_WORK:
        assert (await ask_to_record(registry, platform, step, day="2024-01-20")).status_code == 200
    assert (await refused(registry, platform, "cyclic_work", day="2024-01-31"))["missing"] == ["valid_composition"]
    assert (await ask_to_record(registry, platform, "cyclic_work", day="2024-02-01")).status_code == 200


async def test_communications_need_a_communique_issued_by_then(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await compose(registry, platform, 2, 2)
    await begin(registry, platform)
    await plan(registry, platform)
    await record(registry, platform, *BEFORE_WORK, "cyclic_work")
    await tell(registry, platform, issued_on="2024-06-02")
    assert (await refused(registry, platform, "communications"))["missing"] == ["issued_communique"]
    issued = (await tell(registry, platform, issued_on="2024-06-01")).json()
    ended = await record(registry, platform, "communications")
    assert ended["ended"]
    assert ended["steps"][-1]["stands_for"] == f"bodies/{platform['id']}/communiques/{issued['id']}"


async def test_a_platform_begins_with_a_letter_and_a_first_meeting_and_its_steps_are_tied_to_them(
    registry: httpx.AsyncClient,
) -> None:
    platform = await found(registry, PLATFORM)
    assert (await refused(registry, platform, "letter_of_intent"))["missing"] == ["letter_of_intent"]
    letter = await send_letter(registry, "2024-02-01")
    early = await ask_to_record(registry, platform, "letter_of_intent", day="2024-01-31")
    assert assert_problem(early, 409, "conditions-not-met")["missing"] == ["letter_of_intent"]
    assert (await ask_to_record(registry, platform, "letter_of_intent", day="2024-02-01")).status_code == 200
    await plan(registry, platform, first_on="2024-02-20", kind="first")
    missing = await ask_to_record(registry, platform, "first_meeting", day="2024-02-20")
    assert assert_problem(missing, 409, "conditions-not-met")["missing"] == ["first_meeting"], "it is only planned"
    meeting = await meet_first(registry, platform, "2024-02-20")
    assert meeting["recorded"]["held_on"]["recorded_by"] == "county_coordinator"
    run = (await ask_to_record(registry, platform, "first_meeting", day="2024-02-20")).json()
    assert [each["stands_for"] for each in run["steps"][:2]] == [
        f"agreements/{letter['id']}",
        f"bodies/{platform['id']}/meetings/{meeting['id']}",
    ]


async def test_what_a_body_did_before_it_was_dissolved_is_entered_after_it(registry: httpx.AsyncClient) -> None:
    centre = await found(registry, CENTRE)
    host = await add_institution(registry)
    given = {"kind": "pckz", "held_from": "2024-02-01"}
    path = f"/v1/registry/institutions/{host['id']}/functions"
    function = (await registry.post(path, json=given)).json()
    assert (function["body_id"], function["held_to"]) == (centre["id"], None)
    end = {"dissolved_on": "2024-12-31", "reason": "koniec pilotażu"}
    gone = await registry.post(f"{URL}/{centre['id']}/dissolve", json=end, headers=tag_of(centre))
    assert {*gone.json()["recorded"]} == {"founded_on", "dissolved_on"}
    [ended] = (await registry.get(path)).json()["items"]
    assert (ended["held_to"], ended["ending_reason"]) == ("2024-12-31", "koniec pilotażu")
    step = "persons_and_units_designated"
    assert_problem(await ask_to_record(registry, centre, step, day="2024-12-31"), 409, "body-dissolved")
    assert (await ask_to_record(registry, centre, step, day="2024-12-30")).status_code == 200
    late = await seat(registry, centre, "coordinator")
    assert (late["held_to"], late["ending_reason"]) == ("2024-12-31", "koniec pilotażu")
    left = await seat(registry, centre, "coordinator", held_to="2024-05-01", ending_reason="zmiana pracy")
    assert {*left["recorded"]} == {"held_from", "held_to"}
    assert (await tell(registry, centre, issued_on="2024-12-30")).status_code == 201
    await meet_first(registry, centre)
    again = await registry.post(path, json=given | {"held_from": "2024-12-31"})
    assert assert_problem(again, 409, "conditions-not-met")["missing"] == ["county_resource_coordination_centre"]


async def test_a_region_forms_its_platform_by_the_same_steps(registry: httpx.AsyncClient) -> None:
    region = await found(registry, REGION)
    await begin(registry, region)
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
    await decide(registry, "included", "2024-05-01")
    early = await ask_to_record(registry, centre, "support_network_created", day="2024-04-30")
    assert early.status_code in {409, 422}, "nobody was in it yet"
    run = await record(registry, centre, "support_network_created")
    assert run["steps"][1]["stands_for"].startswith("networks/")


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
