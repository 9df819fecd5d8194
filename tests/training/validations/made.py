"""Learning outcomes of a programme, and people of a group in whom they are validated."""

from typing import Any

import httpx

from tests.support.callers import call_as
from tests.support.records import change, fetch
from tests.training.sessions.made import Ids, a_course, a_trainee, put

VALIDATIONS = "/v1/training/validations"
VALIDATOR = "maria"
AS_VALIDATOR = call_as("trainer", subject=VALIDATOR, counties=[])
"""Somebody who trains elsewhere, and reaches no county."""
_OUTCOME = """
INSERT INTO learning_outcomes (id, module_id, code, text_pl, text_en, criterion_pl, criterion_en, method, is_required)
VALUES (:id, :module, :code, 'Stosuje', 'Applies', 'Bez błędu', 'Without a mistake', 'test', :required)
"""


async def an_outcome(client: httpx.AsyncClient, module: str, code: str, *, required: bool = True) -> str:
    """An outcome of a module."""
    return await put(client, _OUTCOME, module=module, code=code, required=required)


async def seat_of(client: httpx.AsyncClient, trainee: str) -> str:
    """The enrolment of somebody."""
    [[enrolment]] = await fetch(client, "SELECT id FROM enrolments WHERE trainee_id = CAST(:id AS uuid)", id=trainee)
    return str(enrolment)


async def taught(client: httpx.AsyncClient, county: str = "2469", account: str | None = None) -> Ids:
    """A group with one person, and two outcomes of its only module: the second one is not required."""
    ids = await a_course(client, county, None)
    ids["trainee"] = await a_trainee(client, ids["group"], county, account)
    ids["enrolment"] = await seat_of(client, ids["trainee"])
    ids["outcome"] = await an_outcome(client, ids["module"], "E1")
    ids["other"] = await an_outcome(client, ids["module"], "E2", required=False)
    return ids


def found(ids: Ids, outcome: str = "outcome", **facts: Any) -> dict[str, Any]:
    """An outcome that is achieved."""
    return {
        "enrolment_id": ids["enrolment"],
        "outcome_id": ids[outcome],
        "is_achieved": True,
        "evidence": "arkusz 12",
        "validated_on": "2026-10-05",
        **facts,
    }


async def recorded(client: httpx.AsyncClient, ids: Ids, outcome: str = "outcome", **facts: Any) -> dict[str, Any]:
    """A validation."""
    answer = await client.post(VALIDATIONS, json=found(ids, outcome, **facts))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def named(client: httpx.AsyncClient, ids: Ids, account: str = VALIDATOR) -> httpx.Response:
    """The answer to naming a validator of the group."""
    return await client.post(f"/v1/training/groups/{ids['group']}/validators", json={"account": account})


async def on_seat(client: httpx.AsyncClient, ids: Ids, state: str) -> None:
    """Let the person's enrolment be in that state."""
    await change(
        client, "UPDATE enrolments SET state = :state WHERE id = CAST(:id AS uuid)", state=state, id=ids["enrolment"]
    )
