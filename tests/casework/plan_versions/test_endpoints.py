"""A plan comes to be in versions: drafted, proposed when whole, carried out, and compared."""

from typing import Any

import httpx
import pytest

from tests.casework.cases.made import made
from tests.casework.people.made import tag
from tests.casework.people.test_endpoints import rows
from tests.casework.plans.made import (
    FAMILY_GOAL,
    PLANS,
    RECOMMENDATION,
    active,
    approved,
    case_with_team,
    drafted,
    move,
    whole,
)
from tests.support.callers import call_as
from tests.support.problems import assert_problem


async def test_a_draft_lacks_goals_and_a_recommendation_until_it_has_them(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    plan = await made(casework, "/plans", {"case_id": case["id"], "starts_on": "2026-12-01"})
    assert plan["missing"] == ["goal", "family_goal", "recommendation"]
    answer = await casework.post(f"{PLANS}/{plan['id']}/propose", headers=tag(plan))
    assert assert_problem(answer, 409, "plan-not-ready")["missing"] == plan["missing"]
    await made(casework, f"/plans/{plan['id']}/goals", {**FAMILY_GOAL, "subject": "child"})
    assert (await whole(casework, plan))["missing"] == ["family_goal", "recommendation"]
    await made(casework, f"/plans/{plan['id']}/goals", FAMILY_GOAL)
    await made(casework, f"/plans/{plan['id']}/recommendations", RECOMMENDATION)
    assert (await move(casework, plan, "propose"))["state"] == "proposed"


async def test_what_was_proposed_is_not_changed(casework: httpx.AsyncClient) -> None:
    plan = await move(casework, await drafted(casework, await case_with_team(casework)), "propose")
    path = f"{PLANS}/{plan['id']}"
    answer = await casework.post(f"{path}/goals", json=FAMILY_GOAL)
    assert assert_problem(answer, 409, "state-conflict")["allowed"] == ["approve", "return"]
    answer = await casework.patch(path, json={"starts_on": "2026-12-02"}, headers=tag(plan))
    assert_problem(answer, 409, "state-conflict")
    assert (await whole(casework, plan)) == plan


async def test_nothing_of_a_plan_is_readable_in_the_database(casework: httpx.AsyncClient) -> None:
    await drafted(casework, await case_with_team(casework), summary="Zosia uczy się mówić")
    tables = ("plans", "plan_goals", "plan_recommendations", "plan_steps")
    for table in tables:
        [kept] = await rows(casework, f"SELECT CAST(t AS text) FROM {table} AS t")
        for secret in ("Rodzice", "Logopeda", "Basia", "Zosia", "miesi"):
            assert secret not in kept[0]
            assert secret.encode().hex() not in kept[0]


async def test_the_next_version_carries_on_what_is_not_ended(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    first = await active(casework, case)
    [step] = first["steps"]
    done = f"{PLANS}/{first['id']}/steps/{step['id']}/skip"
    assert (await casework.post(done, json={"reason": "not_needed"}, headers=tag(step))).status_code == 200
    second = await drafted(casework, case)
    assert (second["number"], second["state"]) == (2, "draft")
    assert [goal["earlier_id"] for goal in second["goals"]] == [goal["id"] for goal in first["goals"]]
    [recommendation] = second["recommendations"]
    assert recommendation["text"] == RECOMMENDATION["text"]
    assert second["steps"] == []
    again = await casework.post(PLANS, json={"case_id": case["id"], "starts_on": "2027-01-01"})
    assert_problem(again, 409, "plan-already-drafted")
    after = await move(casework, await approved(casework, second, case["mother_id"]), "activate")
    assert after["state"] == "active"
    assert (await whole(casework, first))["state"] == "superseded"


async def test_two_versions_are_compared_field_by_field(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    first = await active(casework, case)
    second = await drafted(casework, case, starts_on="2027-01-01")
    [goal], [recommendation] = second["goals"], second["recommendations"]
    path = f"{PLANS}/{second['id']}"
    await casework.patch(f"{path}/goals/{goal['id']}", json={"weight": 3}, headers=tag(goal))
    removed = await casework.delete(f"{path}/recommendations/{recommendation['id']}", headers=tag(recommendation))
    assert removed.status_code == 204
    await made(casework, f"/plans/{second['id']}/recommendations", {**RECOMMENDATION, "text": "Basen"})
    difference = (await casework.get(f"{path}/differences/{first['id']}")).json()
    assert difference["starts_on"] == ["2026-12-01", "2027-01-01"]
    found = [(item["part"], item["kind"], [field["field"] for field in item["fields"]]) for item in difference["items"]]
    assert found[0] == ("goals", "changed", ["weight"])
    assert [(part, kind) for part, kind, _ in found[1:]] == [
        ("recommendations", "added"),
        ("recommendations", "removed"),
    ]


async def test_versions_that_are_no_neighbours_are_compared_item_by_item(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    first = await active(casework, case)
    second = await move(
        casework, await approved(casework, await drafted(casework, case), case["mother_id"]), "activate"
    )
    third = await drafted(casework, case)
    [step] = third["steps"]
    path = f"{PLANS}/{third['id']}"
    changed = await casework.patch(f"{path}/steps/{step['id']}", json={"place": "szkoła"}, headers=tag(step))
    assert changed.status_code == 200

    async def items(later: dict[str, Any], earlier: dict[str, Any]) -> list[tuple[str, str, str]]:
        answer = await casework.get(f"{PLANS}/{later['id']}/differences/{earlier['id']}")
        return [(item["part"], item["id"], item["kind"]) for item in answer.json()["items"]]

    assert await items(third, first) == [("steps", step["id"], "changed")]
    assert await items(third, second) == [("steps", step["id"], "changed")]
    assert await items(second, first) == []
    assert await items(third, third) == []


async def test_steps_of_a_pathway_move_with_the_start_of_the_plan(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    steps: list[dict[str, Any]] = [
        {"key": "hearing", "title_pl": "Słuch", "title_en": "Hearing", "sector": "health", "offset_days": 14},
        {"key": "speech", "title_pl": "Mowa", "title_en": "Speech", "sector": "education", "offset_days": 7},
    ]
    steps[1]["after"] = "hearing"
    template = {"code": "SPEECH", "title_pl": "Mowa", "title_en": "Speech", "steps": steps}
    pathway = await _published(casework, template)
    plan = await drafted(casework, case, pathway_id=pathway["id"])

    def days(plan: dict[str, Any]) -> dict[str, str]:
        return {step["pathway_step"]: step["due_on"] for step in plan["steps"] if step["pathway_step"]}

    assert days(plan) == {"hearing": "2026-12-15", "speech": "2026-12-22"}
    moved = await casework.patch(f"{PLANS}/{plan['id']}", json={"starts_on": "2026-12-11"}, headers=tag(plan))
    assert days(moved.json()) == {"hearing": "2026-12-25", "speech": "2027-01-01"}
    assert [step["due_on"] for step in moved.json()["steps"] if not step["pathway_step"]] == ["2026-12-07"]


@pytest.mark.parametrize("field", ["ends_on", "review_due_on"])
async def test_days_of_a_plan_are_judged_as_they_will_be(casework: httpx.AsyncClient, field: str) -> None:
    case = await case_with_team(casework)
    facts = {"case_id": case["id"], "starts_on": "2026-12-01", field: "2026-12-31"}
    plan = await made(casework, "/plans", facts)
    path = f"{PLANS}/{plan['id']}"
    refused = await casework.patch(path, json={"starts_on": "2027-01-01"}, headers=tag(plan))
    [error] = assert_problem(refused, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == (f"/{field}", "wrong_order")
    refused = await casework.patch(path, json={field: "2026-11-30"}, headers=tag(plan))
    assert_problem(refused, 422, "validation-failed")
    assert await whole(casework, plan) == plan
    moved = await casework.patch(path, json={"starts_on": "2027-01-01", field: None}, headers=tag(plan))
    assert (moved.json()["starts_on"], moved.json()[field]) == ("2027-01-01", None)


async def _published(client: httpx.AsyncClient, template: dict[str, Any]) -> dict[str, str]:
    headers = call_as("programme_manager", subject="manager", counties=[])
    draft = (await client.post("/v1/casework/pathways", json=template, headers=headers)).json()
    answer = await client.post(f"/v1/casework/pathways/{draft['id']}/publish", headers=headers | tag(draft))
    assert answer.status_code == 200, answer.text
    published: dict[str, str] = answer.json()
    return published
