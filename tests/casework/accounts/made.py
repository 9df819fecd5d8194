"""Accounts of the tests: joined by a code, as families do."""

import uuid
from typing import Any

import httpx

from tests.support.callers import call_as

JOIN = "/v1/casework/accounts:join"


def family_member(subject: str) -> dict[str, str]:
    """The headers of a guardian or pupil: no county, no institution."""
    return call_as("guardian", subject=subject, counties=[], institution=None)


async def issued(client: httpx.AsyncClient, person: dict[str, Any]) -> dict[str, Any]:
    """A new code for that person."""
    path = f"/v1/casework/people/{person['id']}/account-codes"
    answer = await client.post(path, headers={"idempotency-key": str(uuid.uuid4())})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def joined(client: httpx.AsyncClient, person: dict[str, Any], subject: str) -> dict[str, str]:
    """The headers of an account that a code has joined to that person."""
    headers = family_member(subject)
    code = await issued(client, person)
    answer = await client.post(JOIN, json={"code": code["code"]}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["person_id"] == person["id"]
    return headers
