"""Plans of the tests."""

import uuid
from typing import Any

import httpx

from tests.casework.cases.made import consented, made, moved, with_team
from tests.casework.people.made import tag
from tests.support.callers import call_as

PLANS = "/v1/casework/plans"
FAMILY_GOAL: dict[str, Any] = {
    "subject": "family",
    "text": "Rodzice znają dwa sposoby zachęcania do mówienia",
    "indicator": "rozmowa co miesiąc",
    "levels": ["żadnego", "jeden", "dwa", "trzy", "uczą dziadków"],
    "baseline": -2,
}
RECOMMENDATION: dict[str, Any] = {"text": "Logopeda raz w tygodniu", "sector": "education", "due_on": "2027-02-01"}
STEP: dict[str, Any] = {
    "text": "Pierwsze spotkanie",
    "sector": "education",
    "due_on": "2026-12-07",
    "who": "Pani Basia",
}
HEALTH = call_as("specialist", subject="health", counties=[], institution=None)


async def drafted(client: httpx.AsyncClient, case: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A draft with a goal for the family, a recommendation and a step."""
    plan = await made(client, "/plans", {"case_id": case["id"], "starts_on": "2026-12-01", **facts})
    path = f"/plans/{plan['id']}"
    if plan["number"] == 1:
        await made(client, f"{path}/goals", FAMILY_GOAL)
        await made(client, f"{path}/recommendations", RECOMMENDATION)
        await made(client, f"{path}/steps", STEP)
    return await whole(client, plan)


async def whole(client: httpx.AsyncClient, plan: dict[str, Any]) -> dict[str, Any]:
    """A version as it is now."""
    answer = await client.get(f"{PLANS}/{plan['id']}")
    assert answer.status_code == 200, answer.text
    read: dict[str, Any] = answer.json()
    return read


async def move(
    client: httpx.AsyncClient, plan: dict[str, Any], verb: str, body: Any = None, **headers: Any
) -> dict[str, Any]:
    """The version after that verb."""
    answer = await client.post(f"{PLANS}/{plan['id']}/{verb}", json=body, headers=tag(plan) | headers)
    assert answer.status_code == 200, answer.text
    after: dict[str, Any] = answer.json()
    return after


async def approved(client: httpx.AsyncClient, plan: dict[str, Any], mother: str) -> dict[str, Any]:
    """A draft proposed, and approved by the mother on paper and by a specialist of the team."""
    plan = await move(client, plan, "propose")
    plan = await move(client, plan, "approve", {"approver_id": mother})
    return await move(client, plan, "approve", {}, **HEALTH)


async def case_with_team(client: httpx.AsyncClient) -> dict[str, Any]:
    """A case in assessment whose team has the three sectors, and its child's mother under `mother_id`."""
    case = await moved(client, await consented(client), "assess")
    await with_team(client, case)
    child = (await client.get(f"/v1/casework/people/{case['person_id']}")).json()
    return {**case, "mother_id": child["mother_id"]}


async def active(client: httpx.AsyncClient, case: dict[str, Any]) -> dict[str, Any]:
    """A plan that is carried out."""
    plan = await approved(client, await drafted(client, case), case["mother_id"])
    return await move(client, plan, "activate")


def unknown() -> str:
    """The id of nothing."""
    return str(uuid.uuid4())
