"""Households of the tests."""

import uuid
from typing import Any

import httpx

HOUSEHOLDS = "/v1/casework/households"


def member(person: dict[str, Any], role: str, joined_on: str = "2024-01-01") -> dict[str, str]:
    """Somebody who lives there since a day."""
    return {"person_id": person["id"], "role": role, "joined_on": joined_on}


async def made_household(client: httpx.AsyncClient, *members: tuple[dict[str, Any], str]) -> dict[str, Any]:
    """A household with these members."""
    body = {"county_terc": "2469", "members": [member(person, role) for person, role in members]}
    answer = await client.post(HOUSEHOLDS, json=body, headers={"idempotency-key": str(uuid.uuid4())})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
