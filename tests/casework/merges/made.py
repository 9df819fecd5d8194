"""Merges of the tests: proposed by one coordinator, decided by another."""

import uuid
from typing import Any

import httpx

from tests.casework.people.made import tag
from tests.support.callers import call_as

MERGES = "/v1/casework/merges"
PROPOSER = call_as("institution_coordinator", subject="proposer")


async def proposed(client: httpx.AsyncClient, kept: dict[str, Any], merged: dict[str, Any]) -> dict[str, Any]:
    """A merge that somebody else has proposed."""
    body = {"kept_id": kept["id"], "merged_id": merged["id"]}
    headers = PROPOSER | {"idempotency-key": str(uuid.uuid4())}
    answer = await client.post(MERGES, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def step(client: httpx.AsyncClient, merge: dict[str, Any], verb: str, **headers: str) -> httpx.Response:
    """What comes of a verb."""
    return await client.post(f"{MERGES}/{merge['id']}/{verb}", headers=tag(merge) | headers)


async def merged_into(client: httpx.AsyncClient, kept: dict[str, Any], merged: dict[str, Any]) -> dict[str, Any]:
    """A merge that was carried out."""
    answer = await step(client, await proposed(client, kept, merged), "accept")
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made
