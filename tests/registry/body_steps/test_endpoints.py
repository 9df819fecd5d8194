"""How bodies come to be, step by step, and what each step needs."""

from typing import Any

import httpx
import pytest

from tests.registry.bodies.stories import (
    CENTRE,
    COORDINATOR,
    EVERYWHERE,
    PLATFORM,
    REGION,
    TEAM,
    URL,
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
from tests.support.records import add_institution, add_territory, change, fetch

BEFORE_WORK = ["letter_of_intent", "first_meeting", "schedule_and_diagnosis"]
OF_PLATFORMS = [*BEFORE_WORK, "cyclic_work", "communications"]
OF_CENTRES = [
    "persons_and_units_designated",
    "support_network_created",
    "rules_team_appointed",
    "centre_established",
    "staff_trained",
]


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def add_network(client: httpx.AsyncClient, state: str) -> None:
    """The county's open network with one member in that state."""
    host = await add_institution(client)
    made = await client.post(
        "/v1/registry/networks", json={"county_terc": "2469", "name": "Sieć", "founded_on": "2024-01-01"}
    )
    await change(
        client,
        "INSERT INTO network_memberships (network_id, institution_id, role, state, state_since, proposed_by)"
        " VALUES (:network, :institution, 'supporting', :state, '2024-01-02', 'somebody')",
        network=made.json()["id"],
        institution=host["id"],
        state=state,
    )


async def fulfil(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    """Everything that any step needs."""
    if body["kind"] == PLATFORM:
        await compose(client, body, 2, 2)
    else:
        await add_network(client, "included")
        await seat(client, body, "coordinator")
        await seat(client, body, "unit_representatives", institution_id=(await add_institution(client))["id"])
    await plan(client, body)
    await tell(client, body)


@pytest.mark.parametrize(("kind", "order"), [(PLATFORM, OF_PLATFORMS), (CENTRE, OF_CENTRES)])
async def test_a_body_comes_to_be_step_by_step(registry: httpx.AsyncClient, kind: str, order: list[str]) -> None:
    body = await found(registry, kind)
    await fulfil(registry, body)
    for number, step in enumerate(order):
        shown = await record(registry, body, step)
        assert (shown["state"], shown["next"], shown["ended"]) == (step, order[number + 1 : number + 2], number == 4)
    now = await registry.get(f"{URL}/{body['id']}")
    assert (now.json()["state"], now.headers["etag"]) == (order[-1], f'"{body["id"]}:6"')
    told = await fetch(registry, "SELECT subject_version FROM events WHERE type = 'registry.body.step-recorded'")
    assert [row.subject_version for row in told] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(("kind", "order"), [(PLATFORM, OF_PLATFORMS), (CENTRE, OF_CENTRES)])
async def test_every_step_out_of_order_is_refused_with_what_is_missing(
    registry: httpx.AsyncClient, kind: str, order: list[str]
) -> None:
    body = await found(registry, kind)
    await fulfil(registry, body)
    for done in range(len(order)):
        for asked, step in enumerate(order):
            if asked == done:
                continue
            problem = await ask_to_record(registry, body, step)
            slug = "step-out-of-order" if asked > done else "step-already-recorded"
            said = assert_problem(problem, 409, slug)
            assert said["state"] == (order[done - 1] if done else None)
            assert said["allowed"] == [order[done]]
            assert said.get("missing", []) == order[done:asked]
        await record(registry, body, order[done])
    for step in order[:-1]:
        assert_problem(await ask_to_record(registry, body, step), 409, "step-already-recorded")


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


async def test_a_step_is_skipped_for_a_reason_and_then_needs_nothing(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await record(registry, platform, *BEFORE_WORK)
    silent = await ask_to_record(registry, platform, "cyclic_work", outcome="skipped")
    assert silent.json()["errors"][0]["pointer"] == "/reason"
    skipped = await ask_to_record(registry, platform, "cyclic_work", outcome="skipped", reason="faza skrócona")
    assert (skipped.json()["state"], skipped.json()["next"]) == ("schedule_and_diagnosis", ["communications"])


async def test_a_local_synergy_team_has_no_steps(registry: httpx.AsyncClient) -> None:
    team = await found(registry, TEAM)
    steps = f"{URL}/{team['id']}/steps"
    assert_problem(await registry.get(steps), 404, "process-run-not-found")
    asked = {"step": "letter_of_intent", "done_on": "2024-06-01"}
    assert_problem(await registry.post(steps, json=asked, headers=EVERYWHERE), 404, "process-run-not-found")


async def test_the_last_step_is_taken_back_and_stays_in_the_history(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    run = await record(registry, platform, "letter_of_intent", "first_meeting")
    path = f"{URL}/{platform['id']}/steps/take-back"
    early = {"step": "letter_of_intent", "reason": "pomyłka"}
    answer = await registry.post(path, json=early, headers=COORDINATOR | tag_of(run))
    assert assert_problem(answer, 409, "step-out-of-order")["missing"] == ["first_meeting"]
    last = {"step": "first_meeting", "reason": "pomyłka"}
    back = (await registry.post(path, json=last, headers=COORDINATOR | tag_of(run))).json()
    assert (back["state"], back["next"], len(back["history"])) == ("letter_of_intent", ["first_meeting"], 2)
    assert back["history"][1]["taken_back_by"] == "county_coordinator"
    assert (await registry.get(f"{URL}/{platform['id']}")).json()["state"] == "letter_of_intent"


async def test_whoever_keeps_the_register_does_not_decide_the_steps(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    run = (await registry.get(f"{URL}/{platform['id']}/steps")).json()
    asked = {"step": "letter_of_intent", "done_on": "2024-06-01"}
    answer = await registry.post(f"{URL}/{platform['id']}/steps", json=asked, headers=tag_of(run))
    assert_problem(answer, 403, "forbidden")


async def test_no_step_follows_in_a_dissolved_body(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    end = {"dissolved_on": "2025-01-01", "reason": "koniec"}
    await registry.post(f"{URL}/{platform['id']}/dissolve", json=end, headers=tag_of(platform))
    assert_problem(await ask_to_record(registry, platform, "letter_of_intent"), 409, "body-dissolved")


async def test_a_wrong_version_or_date_of_a_step_is_refused(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    steps = f"{URL}/{platform['id']}/steps"
    run = (await registry.get(steps)).json()
    asked = {"step": "letter_of_intent", "done_on": "2024-06-01"}
    assert_problem(await registry.post(steps, json=asked, headers=EVERYWHERE), 428, "precondition-required")
    await record(registry, platform, "letter_of_intent")
    late = await registry.post(steps, json=asked | {"step": "first_meeting"}, headers=EVERYWHERE | tag_of(run))
    assert_problem(late, 412, "version-mismatch")
    for day, code in (("2024-05-31", "wrong_order"), ("2199-01-01", "in_future")):
        answer = await ask_to_record(registry, platform, "first_meeting", day=day)
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/done_on", code)]
