"""The chain of a lead coordination centre: needs, directions and schedule, services, each only in its turn."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.casework.cases.made import CASES, consented, made, moved, opened, with_team
from tests.casework.chain_steps.asks import NEEDS
from tests.casework.plans.made import HEALTH
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch


@pytest.fixture(autouse=True)
async def registry() -> AsyncIterator[None]:
    """A registry that knows a centre in the county of the tests."""
    async with playing(FakeRegistry(centres=["2469"])):
        yield


async def record(client: httpx.AsyncClient, case: dict[str, Any], step: str, **found: Any) -> httpx.Response:
    """The answer to what a step found."""
    body = {**NEEDS, "step": step, **found}
    return await client.post(f"{CASES}/{case['id']}/chain-steps", json=body)


async def statuses(client: httpx.AsyncClient, case: dict[str, Any], **headers: str) -> list[str]:
    """Of each step, in order."""
    answer = await client.get(f"{CASES}/{case['id']}/chain-steps", headers=headers)
    assert answer.status_code == 200, answer.text
    return [item["status"] for item in answer.json()["items"]]


async def test_a_step_is_recorded_in_its_turn_and_once(casework: httpx.AsyncClient) -> None:
    case = await consented(casework, track="wokro")
    assert await statuses(casework, case) == ["due", "waiting", "waiting"]
    refused = assert_problem(await record(casework, case, "services"), 409, "chain-step-not-due")
    assert (refused["step"], refused["state"], refused["due"]) == ("services", "waiting", ["needs"])
    answer = await record(casework, case, "needs")
    assert answer.status_code == 201
    first = answer.json()["items"][0]
    assert (first["status"], first["found_need"], first["summary"]) == ("done", True, "Rodzina potrzebuje logopedy")
    assert first["recorded_by"] == "county_coordinator"
    again = assert_problem(await record(casework, case, "needs"), 409, "chain-step-not-due")
    assert (again["state"], again["due"]) == ("done", ["directions_and_schedule"])
    assert (await record(casework, case, "directions_and_schedule")).status_code == 201
    assert (await record(casework, case, "services")).status_code == 201
    assert await statuses(casework, case) == ["done", "done", "done"]
    over = assert_problem(await record(casework, case, "services"), 409, "chain-step-not-due")
    assert (over["state"], over["due"]) == ("done", [])


async def test_a_chain_ends_where_no_need_was_found(casework: httpx.AsyncClient) -> None:
    case = await consented(casework, track="wokro")
    assert (await record(casework, case, "needs", found_need=False)).status_code == 201
    assert await statuses(casework, case) == ["done", "not_needed", "not_needed"]
    answer = await record(casework, case, "directions_and_schedule")
    assert assert_problem(answer, 409, "chain-step-not-due")["state"] == "not_needed"


async def test_only_a_centres_case_that_is_worked_on_has_a_chain(casework: httpx.AsyncClient) -> None:
    early = await consented(casework)
    refused = assert_problem(await record(casework, early, "needs"), 409, "case-not-ready")
    assert refused["missing"] == ["wokro_track"]
    draft = await opened(casework, track="wokro")
    refused = assert_problem(await record(casework, draft, "needs"), 409, "state-conflict")
    assert refused["state"] == "draft"
    await moved(casework, draft, "withdraw", reason="family_moved")
    assert_problem(await record(casework, draft, "needs"), 409, "state-conflict")


async def test_what_was_found_is_sealed_and_seen_by_the_team_alone(casework: httpx.AsyncClient) -> None:
    case = await consented(casework, track="wokro")
    await record(casework, case, "needs")
    [kept] = await fetch(casework, "SELECT CAST(t AS text) FROM chain_steps AS t")
    for secret in ("Rodzina", "logopedy"):
        assert secret not in kept[0]
        assert secret.encode().hex() not in kept[0]
    path = f"{CASES}/{case['id']}/chain-steps"
    assert_problem(await casework.get(path, headers=HEALTH), 404, "case-not-found")
    await with_team(casework, case)
    assert await statuses(casework, case, **HEALTH) == ["done", "due", "waiting"]
    elsewhere = call_as("county_coordinator", counties=["2401"])
    assert_problem(await casework.get(path, headers=elsewhere), 404, "case-not-found")


async def test_a_restricted_childs_chain_stands_still(casework: httpx.AsyncClient) -> None:
    case = await consented(casework, track="wokro")
    await change(casework, "UPDATE people SET restricted_at = now()")
    assert_problem(await record(casework, case, "needs"), 423, "processing-restricted")
    await change(casework, "DELETE FROM person_keys")
    assert_problem(await record(casework, case, "needs"), 410, "erased")


async def test_a_step_is_told_by_its_code_alone(casework: httpx.AsyncClient) -> None:
    case = await consented(casework, track="wokro")
    await record(casework, case, "needs")
    await made(casework, f"/cases/{case['id']}/chain-steps", {**NEEDS, "step": "directions_and_schedule"})
    rows = await fetch(casework, "SELECT type, subject, CAST(data AS text) FROM events ORDER BY position DESC LIMIT 1")
    [[kind, subject, data]] = rows
    assert kind == "casework.chain-step.recorded"
    assert subject == f"cases/{case['id']}/chain-steps/directions_and_schedule"
    assert "logopedy" not in data
