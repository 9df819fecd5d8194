"""Cases of the tests."""

import uuid
from typing import Any

import httpx

from tests.casework.cases.asks import CASE
from tests.casework.consents.asks import BASIS
from tests.casework.people.made import registered, tag

CASES = "/v1/casework/cases"
SECTORS = ("health", "education", "social_assistance")


async def made(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What was created there."""
    headers = {"idempotency-key": str(uuid.uuid4())}
    answer = await client.post(f"/v1/casework{path}", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


async def opened(client: httpx.AsyncClient, **facts: Any) -> dict[str, Any]:
    """A case of a child that was registered for it, unless `person_id` is given."""
    if "person_id" not in facts:
        facts["person_id"] = (await registered(client))["id"]
    return await made(client, "/cases", {**CASE, **facts})


async def consented(client: httpx.AsyncClient, **facts: Any) -> dict[str, Any]:
    """A case of a child whom its mother expects, with a basis for the county's work."""
    mother = await registered(client, given_name="Anna", born_on="1990-04-05")
    of_child = {"kind": "expected", "born_on": None, "sex": None, "given_name": None, "family_name": None}
    child = await registered(client, **of_child, expected_on="2026-12-24", mother_id=mother["id"])
    case = await opened(client, person_id=child["id"], **facts)
    await made(client, "/consents", {**BASIS, "person_id": child["id"]})
    return await moved(client, case, "consent")


async def moved(client: httpx.AsyncClient, case: dict[str, Any], verb: str, **body: Any) -> dict[str, Any]:
    """The case after that verb."""
    answer = await client.post(f"{CASES}/{case['id']}/{verb}", json=body, headers=tag(case))
    assert answer.status_code == 200, answer.text
    after: dict[str, Any] = answer.json()
    return after


async def based(client: httpx.AsyncClient, case: dict[str, Any]) -> dict[str, Any]:
    """That case, with a basis for the county's work on it."""
    await made(client, "/consents", {**BASIS, "person_id": case["person_id"]})
    return case


async def with_team(client: httpx.AsyncClient, case: dict[str, Any]) -> list[dict[str, Any]]:
    """A member of the team from each of the three sectors; their accounts are called after the sectors."""
    member = {"display_name": "Ktoś", "profession": "specjalista", "institution_id": str(uuid.uuid4())}
    path = f"/cases/{case['id']}/members"
    return [await made(client, path, {**member, "subject": name, "sector": name}) for name in SECTORS]
