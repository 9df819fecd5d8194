"""People of the tests, all invented; the numbers are synthetic."""

import uuid
from typing import Any

import httpx

CHILD: dict[str, Any] = {
    "county_terc": "2469",
    "given_name": "Zofia",
    "family_name": "Żółkiewska",
    "born_on": "2023-02-28",
    "sex": "female",
    "pesel": "23222899984",
    "address": "ul. Zmyślona 7, Katowice",
}
EXPECTED: dict[str, Any] = {"county_terc": "2469", "kind": "expected"}


async def registered(client: httpx.AsyncClient, **facts: Any) -> dict[str, Any]:
    """Somebody who was registered: a child, with what is given instead."""
    person = {**CHILD, "pesel": None, **facts}
    headers = {"idempotency-key": str(uuid.uuid4())}
    answer = await client.post("/v1/casework/people", json=person, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def tag(made: dict[str, Any]) -> dict[str, str]:
    """The header that says which version was read."""
    return {"if-match": f'"{made["id"]}:{made["version"]}"'}
