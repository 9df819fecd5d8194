"""How bodies come to be, step by step."""

from typing import Any

import httpx
import pytest

from tests.registry.bodies.stories import (
    BEFORE_WORK,
    CENTRE,
    COORDINATOR,
    EVERYWHERE,
    OF_CENTRES,
    PLATFORM,
    TEAM,
    URL,
    add_network,
    ask_to_record,
    begin,
    compose,
    found,
    plan,
    record,
    seat,
    tag_of,
    tell,
)
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, fetch

OF_PLATFORMS = [*BEFORE_WORK, "cyclic_work", "communications"]


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def fulfil(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    """Everything that any step needs."""
    if body["kind"] == PLATFORM:
        await compose(client, body, 2, 2)
        await begin(client, body)
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
    asked = "SELECT subject_version FROM events WHERE type = 'registry.body.step-recorded' ORDER BY id"
    told = await fetch(registry, asked)
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


async def test_a_step_is_skipped_for_a_reason_and_then_needs_nothing(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await begin(registry, platform)
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


async def test_a_step_is_taken_back_alone_and_stays_in_the_history(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await begin(registry, platform)
    run = await record(registry, platform, "letter_of_intent", "first_meeting")
    path = f"{URL}/{platform['id']}/steps/take-back"
    asked = {"step": "letter_of_intent", "reason": "pomyłka"}
    back = (await registry.post(path, json=asked, headers=COORDINATOR | tag_of(run))).json()
    assert [each["status"] for each in back["steps"][:3]] == ["pending", "done", "pending"]
    assert (back["state"], back["next"], len(back["history"])) == ("first_meeting", ["letter_of_intent"], 2)
    assert back["history"][0]["taken_back_by"] == "county_coordinator"
    assert (await registry.get(f"{URL}/{platform['id']}")).json()["state"] == "first_meeting"
    wrong = await registry.post(path, json=asked, headers=COORDINATOR | tag_of(back))
    assert assert_problem(wrong, 409, "step-not-recorded")["allowed"] == ["first_meeting"]


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
    late = await ask_to_record(registry, platform, "letter_of_intent", day="2025-01-01")
    assert_problem(late, 409, "body-dissolved")


async def test_a_wrong_version_or_date_of_a_step_is_refused(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await begin(registry, platform)
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


async def test_audit_and_event_of_a_skipped_step_say_that_it_was_skipped(registry: httpx.AsyncClient) -> None:
    platform = await found(registry, PLATFORM)
    await ask_to_record(registry, platform, "letter_of_intent", outcome="skipped", reason="faza skrócona")
    [audited] = await fetch(registry, "SELECT outcome, detail FROM audit_records WHERE action = 'record_body_step'")
    skipped = {"step": "letter_of_intent", "outcome": "skipped"}
    assert (audited.outcome, audited.detail) == ("done", skipped)
    [told] = await fetch(registry, "SELECT data FROM events WHERE type = 'registry.body.step-recorded'")
    assert told.data == {"href": f"/v1/registry/bodies/{platform['id']}", **skipped}
