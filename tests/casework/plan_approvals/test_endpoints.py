"""A plan is approved by both sides, and never by its author alone."""

import asyncio
from typing import Any

import httpx

from tests.casework.accounts.made import joined
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.casework.plans.made import HEALTH, PLANS, active, case_with_team, drafted, move, unknown
from tests.support.callers import call_as
from tests.support.problems import assert_outcome, assert_problem

AUTHOR = call_as("county_coordinator")


async def test_author_alone_does_not_approve_and_each_side_is_told(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    plan = await move(casework, await drafted(casework, case), "propose")
    assert plan["missing"] == ["guardian_approval", "team_approval"]
    plan = await move(casework, plan, "approve", {})
    assert (plan["state"], plan["missing"]) == ("proposed", ["guardian_approval", "team_approval"])
    plan = await move(casework, plan, "approve", {"approver_id": case["mother_id"]})
    assert (plan["state"], plan["missing"]) == ("proposed", ["team_approval"])
    plan = await move(casework, plan, "approve", {}, **HEALTH)
    assert (plan["state"], plan["missing"]) == ("approved", [])
    assert [approval["side"] for approval in plan["approvals"]] == ["team", "guardian", "team"]


async def test_nobody_approves_twice(casework: httpx.AsyncClient) -> None:
    plan = await move(casework, await drafted(casework, await case_with_team(casework)), "propose")
    plan = await move(casework, plan, "approve", {}, **HEALTH)
    again = await casework.post(f"{PLANS}/{plan['id']}/approve", json={}, headers=HEALTH | tag(plan))
    assert_problem(again, 409, "duplicate")


async def test_a_signature_is_recorded_only_of_who_acts_for_the_child(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    plan = await move(casework, await drafted(casework, case), "propose")
    stranger = await registered(casework, given_name="Obcy", born_on="1980-01-01")
    path = f"{PLANS}/{plan['id']}/approve"
    for approver in (stranger["id"], case["person_id"], unknown()):
        answer = await casework.post(path, json={"approver_id": approver}, headers=tag(plan))
        assert_problem(answer, 403, "approver-may-not-act")
    by_specialist = await casework.post(path, json={"approver_id": case["mother_id"]}, headers=HEALTH | tag(plan))
    assert_problem(by_specialist, 403, "approver-may-not-act")


async def test_a_guardian_approves_the_plan_of_the_own_child_and_sees_no_other(casework: httpx.AsyncClient) -> None:
    case, other = await case_with_team(casework), await case_with_team(casework)
    plan = await move(casework, await drafted(casework, case), "propose")
    foreign = await move(casework, await drafted(casework, other), "propose")
    mother = await _mother(casework, case)
    after = await move(casework, plan, "approve", {}, **mother)
    assert after["missing"] == ["team_approval"]
    answer = await casework.post(f"{PLANS}/{foreign['id']}/approve", json={}, headers=mother | tag(foreign))
    assert_problem(answer, 404, "plan-not-found")
    assert [one["id"] for one in (await casework.get(PLANS, headers=mother)).json()["items"]] == [plan["id"]]


async def test_a_guardian_is_shown_no_draft_wherever_plans_are_shown(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    first = await active(casework, case)
    draft = await drafted(casework, case)
    mother = await _mother(casework, case)
    path = f"{PLANS}/{draft['id']}"
    care = "/v1/casework/fhir/CarePlan"
    hidden = (
        path,
        f"{path}/reviews",
        f"{path}/document",
        f"{path}/differences/{first['id']}",
        f"{PLANS}/{first['id']}/differences/{draft['id']}",
    )
    for address in hidden:
        assert_problem(await casework.get(address, headers=mother), 404, "plan-not-found")
    assert_outcome(await casework.get(f"{care}/{draft['id']}", headers=mother), 404, "plan-not-found")
    body = {"reason": "x"}
    answer = await casework.post(f"{path}/return", json=body, headers=mother | tag(draft))
    assert_problem(answer, 404, "plan-not-found")

    async def shown() -> tuple[list[str], int, list[str]]:
        plans = (await casework.get(PLANS, headers=mother)).json()["items"]
        resources = (await casework.get(care, headers=mother)).json()
        timeline = await casework.get(f"/v1/casework/cases/{case['id']}/timeline", headers=mother)
        entries = [entry["state"] for entry in timeline.json()["items"] if entry["kind"] == "plan"]
        return [plan["id"] for plan in plans], resources["total"], entries

    assert await shown() == ([first["id"]], 1, ["active"])
    await move(casework, draft, "propose")
    assert await shown() == ([draft["id"], first["id"]], 2, ["active", "proposed"])
    assert (await casework.get(path, headers=mother)).status_code == 200


async def _mother(client: httpx.AsyncClient, case: dict[str, Any]) -> dict[str, str]:
    """A guardian of the case's child."""
    return await joined(client, {"id": case["mother_id"]}, "mother")


async def test_a_version_that_is_given_back_starts_its_approvals_anew(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    plan = await move(casework, await drafted(casework, case), "propose")
    plan = await move(casework, plan, "approve", {"approver_id": case["mother_id"]})
    back = await move(casework, plan, "return", {"reason": "brakuje celu dla taty"}, **HEALTH)
    assert (back["state"], back["returned_because"], back["approvals"]) == ("draft", "brakuje celu dla taty", [])
    answer = await casework.patch(f"{PLANS}/{plan['id']}", json={"summary": "Zosia"}, headers=tag(back))
    amended = answer.json()
    assert (amended["summary"], amended["returned_because"]) == ("Zosia", "brakuje celu dla taty")
    [kept] = await rows(casework, "SELECT CAST(p AS text) FROM plans AS p")
    assert "taty" not in kept[0]


async def test_a_plan_is_activated_once_approved_and_not_before(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    draft = await drafted(casework, case)
    answer = await casework.post(f"{PLANS}/{draft['id']}/activate", headers=tag(draft))
    assert assert_problem(answer, 409, "state-conflict")["allowed"] == ["amend", "propose"]


async def test_of_twenty_who_complete_a_plan_at_once_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    plan = await active(racing_casework, await case_with_team(racing_casework))
    path = f"{PLANS}/{plan['id']}/complete"
    answers = await asyncio.gather(*[racing_casework.post(path, headers=tag(plan)) for _ in range(20)])
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
