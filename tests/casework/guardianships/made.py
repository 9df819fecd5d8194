"""Guardianships of the tests."""

import uuid
from typing import Any

import httpx

from tests.casework.people.made import registered

GUARDIANSHIPS = "/v1/casework/guardianships"
PARENT: dict[str, Any] = {"given_name": "Anna", "family_name": "Żółkiewska", "born_on": "1990-05-05"}
RULING = "Sąd Rejonowy w Katowicach, V Nsm 1/24, 2024-01-15"


def guardianship(child: dict[str, Any], guardian: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """Full parental authority from birth on, with what is given instead."""
    return {
        "child_id": child["id"],
        "guardian_id": guardian["id"],
        "kind": "parental_full",
        "starts_on": "2023-02-28",
        **facts,
    }


async def begun(
    client: httpx.AsyncClient, child: dict[str, Any], guardian: dict[str, Any], **facts: Any
) -> dict[str, Any]:
    """A guardianship that was recorded."""
    body = guardianship(child, guardian, **facts)
    answer = await client.post(GUARDIANSHIPS, json=body, headers={"idempotency-key": str(uuid.uuid4())})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def family(client: httpx.AsyncClient, **facts: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A child, a parent, and the parent's guardianship of the child."""
    child, parent = await registered(client, **facts), await registered(client, **PARENT)
    return child, parent, await begun(client, child, parent, starts_on=child["born_on"] or "2026-01-01")
