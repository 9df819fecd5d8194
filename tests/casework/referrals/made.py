"""Referrals of the tests."""

import uuid
from datetime import date, datetime, time
from typing import Any

import httpx
import pytest

from services.chassis.ground import clock
from services.chassis.ground.clock import CIVIL_TIME
from tests.casework.cases.made import made, opened
from tests.casework.people.made import registered, tag
from tests.casework.referrals.registries import SERVICE_ID
from tests.support.callers import OTHER_INSTITUTION, OWN_INSTITUTION, call_as

REFERRALS = "/v1/casework/referrals"
HANDED_IN: dict[str, Any] = {
    "source": "counselling_centre",
    "person": {"county_terc": "2469", "given_name": "Zofia", "family_name": "Żółkiewska", "born_on": "2023-02-28"},
    "note": "Dziecko mówi mało",
}
PURPOSE: dict[str, Any] = {
    "basis": "statutory",
    "act": "Prawo oświatowe, art. 30a",
    "purpose": "referral",
    "categories": ["identity", "assessment"],
    "valid_from": "2026-01-01",
    "recipient_institution_id": OTHER_INSTITUTION,
}
SENDER = call_as("screener", subject="sender", institution=OWN_INSTITUTION)
PROVIDER = call_as("service_provider", subject="provider", counties=["2401"], institution=OTHER_INSTITUTION)
STRANGER = call_as("service_provider", subject="stranger", institution=OWN_INSTITUTION)


def set_day(patch: pytest.MonkeyPatch, day: date) -> None:
    """From now on it is noon of that day."""
    patch.setattr(clock, "today", lambda: day)
    patch.setattr(clock, "now", lambda: datetime.combine(day, time(12), CIVIL_TIME))


async def handed_in(client: httpx.AsyncClient, caller: dict[str, str] | None = None, **facts: Any) -> dict[str, Any]:
    """A referral to the county, as its sender sees it."""
    headers = (caller or {}) | {"idempotency-key": str(uuid.uuid4())}
    answer = await client.post(REFERRALS, json={**HANDED_IN, **facts}, headers=headers)
    assert answer.status_code == 201, answer.text
    referral: dict[str, Any] = answer.json()
    return referral


async def read(client: httpx.AsyncClient, referral: dict[str, Any], caller: Any = None) -> dict[str, Any]:
    """A referral as somebody sees it now."""
    answer = await client.get(f"{REFERRALS}/{referral['id']}", headers=caller)
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


async def ask(
    client: httpx.AsyncClient, referral: dict[str, Any], verb: str, caller: Any = None, **body: Any
) -> httpx.Response:
    """The answer to a verb on a referral as it was read."""
    headers = (caller or {}) | tag(referral)
    return await client.post(f"{REFERRALS}/{referral['id']}/{verb}", json=body or None, headers=headers)


async def move(
    client: httpx.AsyncClient, referral: dict[str, Any], verb: str, caller: Any = None, **body: Any
) -> dict[str, Any]:
    """The referral after that verb."""
    answer = await ask(client, referral, verb, caller, **body)
    assert answer.status_code == 200, answer.text
    after: dict[str, Any] = answer.json()
    return after


async def case_with_basis(client: httpx.AsyncClient, **facts: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A case, and the basis on which its child may be referred."""
    child = await registered(client, telephone="600 000 000")
    case = await opened(client, person_id=child["id"])
    return case, await made(client, "/consents", {**PURPOSE, "person_id": child["id"], **facts})


def body(**facts: Any) -> dict[str, Any]:
    """Of a referral to the service."""
    return {"support_service_id": SERVICE_ID, "categories": ["identity"], **facts}


async def send(client: httpx.AsyncClient, case: dict[str, Any], **facts: Any) -> httpx.Response:
    """The answer to a referral of the case to the service."""
    return await client.post(f"/v1/casework/cases/{case['id']}/referrals", json=body(**facts))


async def sent(client: httpx.AsyncClient, case: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A referral that waits at the institution."""
    answer = await send(client, case, **facts)
    assert answer.status_code == 201, answer.text
    referral: dict[str, Any] = answer.json()
    return referral


async def walked(client: httpx.AsyncClient, referral: dict[str, Any], *verbs: str) -> dict[str, Any]:
    """The referral as the institution has brought it on."""
    bodies: dict[str, dict[str, Any]] = {"schedule": {"scheduled_at": "2099-01-02T09:00:00+01:00"}}
    for verb in verbs:
        referral = await move(client, referral, verb, PROVIDER, **bodies.get(verb, {}))
    return referral
