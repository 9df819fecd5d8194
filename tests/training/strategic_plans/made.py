"""Plans that answer a diagnosis of two recommendations."""

from typing import Any

import httpx

from services.training.strategic_plans.schemas import PLAN_EXAMPLE
from tests.training.authorities.made import WRITER, Work
from tests.training.groups.made import Made, post

EVERYBODY = {"heads": 6, "teachers": 14, "parents": 9, "pupils": 20, "employers": 2, "ngos": 3}
SECOND: Made = {
    "code": "D2",
    "priority": "P1",
    "title": "Informatyk",
    "answers": ["R2"],
    "starts_on": "2025-09-01",
    "ends_on": "2026-12-31",
    "unit": "Centrum Usług Wspólnych",
    "budget": [{"year": 2026, "source": "own", "amount": "0.10"}, {"year": 2025, "source": "own", "amount": "0.20"}],
}


def plan(**facts: Any) -> Made:
    """One priority, and a measure for each recommendation."""
    return {**PLAN_EXAMPLE, "measures": [*PLAN_EXAMPLE["measures"], SECOND], **facts}


async def consult(client: httpx.AsyncClient, authority: Made, held_on: str, **people: int) -> Made:
    """A meeting with so many people."""
    body = {"held_on": held_on, "form": "dialogue_meeting", "topic": "Plan", **people}
    return await post(client, f"/authorities/{authority['id']}/consultation-events", body, headers=WRITER)


async def adopted(client: httpx.AsyncClient, authority: Made, day: str, **people: int) -> Work:
    """A plan that was consulted and adopted on a day."""
    strategic_plan = Work(client, authority, "strategic-plan")
    await strategic_plan.begin(plan())
    await consult(client, authority, day, **people or EVERYBODY)
    await strategic_plan.do("consult")
    await strategic_plan.do("adopt", {"resolution": "XII/98/2025", "adopted_on": day})
    return strategic_plan
