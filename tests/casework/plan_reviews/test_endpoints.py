"""A review rates every goal, and weighs them into one score."""

from typing import Any

import httpx
import pytest

from tests.casework.cases.made import made
from tests.casework.plans.made import FAMILY_GOAL, PLANS, approved, case_with_team, drafted, move, unknown
from tests.support.problems import assert_problem


async def reviewed_plan(client: httpx.AsyncClient, *weights: int) -> dict[str, Any]:
    """An active plan whose goals have these weights."""
    case = await case_with_team(client)
    plan = await made(client, "/plans", {"case_id": case["id"], "starts_on": "2026-01-01"})
    path = f"/plans/{plan['id']}"
    for weight in weights:
        await made(client, f"{path}/goals", {**FAMILY_GOAL, "weight": weight})
    await made(client, f"{path}/recommendations", {"text": "x", "sector": "health", "due_on": "2026-05-01"})
    return await move(client, await approved(client, plan, case["mother_id"]), "activate")


def review(plan: dict[str, Any], *levels: int, **facts: Any) -> dict[str, Any]:
    rated = zip(plan["goals"], levels, strict=False)
    attainments = [{"goal_id": goal["id"], "level": level} for goal, level in rated]
    return {"held_on": "2026-06-01", "attainments": attainments, "conclusion": "continue", **facts}


@pytest.mark.parametrize(
    ("weights", "levels", "score"),
    [
        # By hand: 50 + 10 (0) / ...; 50 + 10 (2) / sqrt(.7*1 + .3*1); one goal at +1 is ten points.
        ((1,), (0,), "50.00"),
        ((1,), (1,), "60.00"),
        # 50 + 10 * (-2-2) / sqrt(.7*2 + .3*4) = 50 - 40 / 1.612452 = 25.19
        ((1, 1), (-2, -2), "25.19"),
        # 50 + 10 * (3*1 + 1*-1) / sqrt(.7*10 + .3*16) = 50 + 20 / 3.435113 = 55.82
        ((3, 1), (1, -1), "55.82"),
    ],
)
async def test_the_score_weighs_the_goals(
    casework: httpx.AsyncClient, weights: tuple[int, ...], levels: tuple[int, ...], score: str
) -> None:
    plan = await reviewed_plan(casework, *weights)
    recorded = await made(casework, f"/plans/{plan['id']}/reviews", review(plan, *levels, note="dobrze"))
    assert recorded["t_score"] == score
    listed = (await casework.get(f"{PLANS}/{plan['id']}/reviews")).json()["items"]
    assert [(one["t_score"], one["note"]) for one in listed] == [(score, "dobrze")]


@pytest.mark.parametrize(
    ("levels", "facts", "codes"),
    [
        ((0,), {}, {"missing"}),
        ((0, 0), {"held_on": "2199-01-01"}, {"in_future"}),
        ((0, 0), {"held_on": "2025-12-31"}, {"wrong_order"}),
        ((0, 0), {"next_review_on": "2026-06-01"}, {"wrong_order"}),
    ],
)
async def test_a_review_that_is_not_whole_is_refused(
    casework: httpx.AsyncClient, levels: tuple[int, ...], facts: dict[str, str], codes: set[str]
) -> None:
    plan = await reviewed_plan(casework, 1, 1)
    answer = await casework.post(f"{PLANS}/{plan['id']}/reviews", json=review(plan, *levels, **facts))
    body = assert_problem(answer, 422, "validation-failed")
    assert {error["code"] for error in body["errors"]} == codes


async def test_a_goal_of_another_plan_is_not_rated(casework: httpx.AsyncClient) -> None:
    plan = await reviewed_plan(casework, 1)
    body = review(plan, 0)
    body["attainments"].append({"goal_id": unknown(), "level": 0})
    answer = await casework.post(f"{PLANS}/{plan['id']}/reviews", json=body)
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["pointer"] == "/attainments/1/goal_id"


async def test_a_draft_is_not_reviewed(casework: httpx.AsyncClient) -> None:
    plan = await drafted(casework, await case_with_team(casework))
    answer = await casework.post(f"{PLANS}/{plan['id']}/reviews", json=review(plan, 0))
    assert_problem(answer, 409, "state-conflict")
