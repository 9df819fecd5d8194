"""Transfers of the tests: from Katowice to a neighbour."""

from typing import Any

import httpx

from tests.casework.cases.made import made
from tests.casework.consents.asks import BASIS
from tests.casework.people.made import tag
from tests.casework.plans.made import active, case_with_team
from tests.support.callers import OTHER_INSTITUTION, call_as

TRANSFERS = "/v1/casework/case-transfers"
RECEIVER = call_as("county_coordinator", subject="receiver", counties=["2401"], institution=OTHER_INSTITUTION)
TO = {"to_county_terc": "2401", "to_institution_id": OTHER_INSTITUTION, "reason": "family_moved"}


async def allowed(client: httpx.AsyncClient, child: str) -> dict[str, Any]:
    """A consent to the receiving institution."""
    return await made(client, "/consents", {**BASIS, "person_id": child, "recipient_institution_id": OTHER_INSTITUTION})


async def case_with_plan(client: httpx.AsyncClient) -> dict[str, Any]:
    """A case in assessment with a whole team and a plan that is carried out."""
    case = await case_with_team(client)
    await active(client, case)
    return case


async def proposed(client: httpx.AsyncClient, case: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A transfer of that case, with the consent that it needs."""
    await allowed(client, case["person_id"])
    return await made(client, "/case-transfers", {**TO, "case_id": case["id"], **facts})


async def decided(client: httpx.AsyncClient, transfer: dict[str, Any], verb: str, **body: Any) -> dict[str, Any]:
    """The transfer after the receiving county's decision."""
    path = f"{TRANSFERS}/{transfer['id']}/{verb}"
    answer = await client.post(path, json=body or None, headers=RECEIVER | tag(transfer))
    assert answer.status_code == 200, answer.text
    after: dict[str, Any] = answer.json()
    return after
