"""Tasks of the tests, on a day that is always the same."""

import uuid
from datetime import date
from typing import Any

import httpx
import pytest

from services.chassis.ground import clock
from services.chassis.trust.relations import account_holder, institution_holder
from tests.casework.cases.made import made
from tests.casework.plans.made import STEP, case_with_team, drafted
from tests.support.records import change

TASKS = "/v1/casework/tasks"
TODAY = date(2026, 12, 10)
_RELATE = "INSERT INTO relations (holder, kind, object_id, county_terc) VALUES (:holder, :kind, :object_id, '2469')"
_REFERRAL = """
INSERT INTO referrals (id, county_terc, direction, person_id, case_id, institution_id, support_service_id, state,
                       sent_on, due_on, scheduled_at, sent_by)
VALUES (:id, '2469', 'outbound', :person_id, :case_id, :institution_id, :service_id, :state, '2026-12-01',
        '2026-12-08', CAST(CAST(:scheduled_at AS text) AS timestamptz), 'county_coordinator')
"""


def stand_still(monkeypatch: pytest.MonkeyPatch, today: date = TODAY) -> None:
    """Let today be that day."""
    monkeypatch.setattr(clock, "today", lambda: today)


async def listed(client: httpx.AsyncClient, caller: dict[str, str] | None = None, **asked: Any) -> list[dict[str, Any]]:
    """The tasks that somebody is shown."""
    answer = await client.get(TASKS, params=asked, headers=caller)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def kinds(client: httpx.AsyncClient, caller: dict[str, str] | None = None, **asked: Any) -> list[str]:
    """Their kinds, in the order of the list."""
    return [task["kind"] for task in await listed(client, caller, **asked)]


async def relate(client: httpx.AsyncClient, subject: str, kind: str, object_id: str) -> None:
    """Let an account have a relation."""
    await change(client, _RELATE, holder=account_holder(subject), kind=kind, object_id=uuid.UUID(object_id))


async def drafted_with_steps(client: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """A case, and its plan with one step for nobody in particular and one for the specialist called `health`."""
    case = await case_with_team(client)
    plan = await drafted(client, case)
    step = {**STEP, "due_on": "2026-12-20", "subject": "health"}
    await made(client, f"/plans/{plan['id']}/steps", step)
    return case, (await client.get(f"/v1/casework/plans/{plan['id']}")).json()


async def referred(
    client: httpx.AsyncClient, case: dict[str, Any], institution: str, state: str = "sent", at: str | None = None
) -> str:
    """The id of an outbound referral of a case to an institution, due on 8 December."""
    referral = uuid.uuid4()
    await change(
        client,
        _REFERRAL,
        id=referral,
        person_id=uuid.UUID(case["person_id"]),
        case_id=uuid.UUID(case["id"]),
        institution_id=uuid.UUID(institution),
        service_id=uuid.uuid4(),
        state=state,
        scheduled_at=at,
    )
    holder = institution_holder(uuid.UUID(institution))
    await change(client, _RELATE, holder=holder, kind="party", object_id=referral)
    return str(referral)
