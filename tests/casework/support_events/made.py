"""Support events of the tests."""

import uuid
from datetime import timedelta
from typing import Any

import httpx

from services.chassis.ground import clock
from tests.casework.cases.made import made, opened
from tests.support.asks import Made
from tests.support.callers import OWN_INSTITUTION
from tests.support.records import fetch

EVENTS = "/v1/casework/support-events"
ORGANISER = OWN_INSTITUTION
TODAY = clock.today()
_MOVE = "UPDATE cases SET opened_on = :opened_on, organiser_institution_id = CAST(:organiser AS uuid) WHERE id = :id"
_REFER = """
INSERT INTO referrals (county_terc, direction, person_id, case_id, institution_id, support_service_id, state,
                       sent_on, due_on, sent_by)
VALUES (:county_terc, 'outbound', :person_id, :case_id, :institution_id, uuidv7(), :state, :sent_on, :sent_on, 'x')
RETURNING id
"""
_DOCUMENT = """
INSERT INTO documents (county_terc, person_id, kind, issued_on, valid_to, recorded_by, sealed)
VALUES (:county_terc, :person_id, :kind, :issued_on, :valid_to, 'x', '')
RETURNING id
"""
_RELATE = """
INSERT INTO relations (holder, kind, object_id, county_terc)
VALUES (:holder, :kind, CAST(:object_id AS uuid), :county_terc)
ON CONFLICT DO NOTHING RETURNING kind
"""


def days_ago(days: int) -> str:
    """A day before today."""
    return (TODAY - timedelta(days=days)).isoformat()


async def long_open(client: httpx.AsyncClient, **facts: Any) -> dict[str, Any]:
    """A case that was opened 400 days ago, whose early support the tests' institution organises."""
    case = await opened(client, **facts)
    await age(client, case)
    return case


async def age(client: httpx.AsyncClient, case: Made, organiser: str = ORGANISER) -> None:
    """Let a case be opened 400 days ago."""
    values: dict[str, Any] = {
        "opened_on": TODAY - timedelta(days=400),
        "organiser": organiser,
        "id": uuid.UUID(case["id"]),
    }
    await fetch(client, f"{_MOVE} RETURNING id", **values)


def support(case: Made, **facts: Any) -> dict[str, Any]:
    """A meeting of a child with its therapist, 45 minutes long."""
    return {
        "case_id": case["id"],
        "present": [case["person_id"]],
        "occurred_on": TODAY.isoformat(),
        "kind": "therapeutic",
        "form": "individual_classes",
        "minutes": 45,
        "institution_id": ORGANISER,
        **facts,
    }


def early(case: Made, **facts: Any) -> dict[str, Any]:
    """The same as early development support."""
    return support(case, is_early_support=True, **facts)


async def recorded(client: httpx.AsyncClient, body: Made) -> dict[str, Any]:
    """A support event that was recorded."""
    return await made(client, "/support-events", body)


async def referred(client: httpx.AsyncClient, case: Made, institution: str, state: str = "accepted") -> str:
    """A referral of the case's child to an institution."""
    values: dict[str, Any] = {
        "county_terc": case["county_terc"],
        "person_id": uuid.UUID(case["person_id"]),
        "case_id": uuid.UUID(case["id"]),
        "institution_id": uuid.UUID(institution),
        "state": state,
        "sent_on": TODAY,
    }
    rows = await fetch(client, _REFER, **values)
    return str(rows[0][0])


async def documented(client: httpx.AsyncClient, case: Made, **facts: Any) -> str:
    """The running body's consent to more hours, among the child's documents."""
    values: dict[str, Any] = {
        "county_terc": case["county_terc"],
        "person_id": uuid.UUID(case["person_id"]),
        "kind": "running_body_consent",
        "issued_on": TODAY - timedelta(days=100),
        "valid_to": None,
        **facts,
    }
    return str((await fetch(client, _DOCUMENT, **values))[0][0])


async def related(client: httpx.AsyncClient, holder: str, kind: str, *objects: str) -> None:
    """A relation of the holder to each object."""
    for one in objects:
        await fetch(client, _RELATE, holder=holder, kind=kind, object_id=one, county_terc="2469")
