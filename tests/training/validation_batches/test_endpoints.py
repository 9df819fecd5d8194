"""A validator's sheet: each item is judged as if it were sent alone."""

import asyncio
import uuid
from typing import Any

import httpx

from tests.support.asks import Made
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch
from tests.training.sessions.made import TRAINER, Ids, a_trainee
from tests.training.validations.made import VALIDATIONS, found, recorded, seat_of, taught


async def sent(client: httpx.AsyncClient, ids: Ids, *items: Any, **more: Any) -> httpx.Response:
    """The answer to a sheet."""
    headers = {"idempotency-key": str(uuid.uuid4()), **more.get("headers", {})}
    path = f"/v1/training/groups/{ids['group']}/validations:batch"
    return await client.post(path, json={"items": list(items)}, headers=headers)


_LEFT = "UPDATE enrolments SET state = 'waitlisted' WHERE id = CAST(:id AS uuid)"


async def a_sheet(client: httpx.AsyncClient) -> tuple[Ids, list[tuple[Made, str | None]]]:
    """A group with three people, and items of a sheet, each with the code of its refusal."""
    strange = await taught(client)
    await change(client, "UPDATE trainers SET account = NULL")
    ids = await taught(client)
    others = [await seat_of(client, await a_trainee(client, ids["group"], county)) for county in ("2401", "2469")]
    other, waiting = [ids | {"enrolment": enrolment} for enrolment in others]
    await change(client, _LEFT, id=waiting["enrolment"])
    await recorded(client, ids)
    return ids, [
        (found(ids), "outcome_validated"),
        (found(ids, "other", is_achieved=False), None),
        (found(ids, "other"), "outcome_validated"),
        (found(other), None),
        (found(waiting), "state_conflict"),
        (found(strange), "enrolment_not_found"),
        (found(other, outcome_id=strange["outcome"]), "/outcome_id not_of_version"),
        (found(other, "other", validated_on="2020-01-01"), "/validated_on before_group"),
        (found(other, "other", is_achieved="yes"), "/is_achieved wrong_type"),
    ]


async def test_good_items_are_recorded_and_each_other_one_says_why_not(training: httpx.AsyncClient) -> None:
    ids, sheet = await a_sheet(training)
    answer = await sent(training, ids, *[item for item, _ in sheet])
    assert answer.status_code == 200, answer.text
    told = answer.json()["items"]
    assert [(each["index"], why(each["problem"])) for each in told] == [*enumerate(code for _, code in sheet)]
    made = {each["id"] for each in told if each["status"] == "created"}
    listed = (await training.get(f"{VALIDATIONS}?group_id={ids['group']}")).json()["items"]
    assert {each["id"]: each["is_achieved"] for each in listed if each["id"] in made} == {
        told[1]["id"]: False,
        told[3]["id"]: True,
    }
    events = await fetch(training, "SELECT subject FROM events WHERE type = 'training.validation.recorded'")
    assert len(events) == len(listed) == 3


def why(problem: Made | None) -> str | None:
    """The code of a refusal, or what is wrong with the one field that it names."""
    if problem is None or not problem.get("errors"):
        return None if problem is None else str(problem["code"])
    [error] = problem["errors"]
    return f"{error['pointer']} {error['code']}"


async def test_whoever_trains_the_group_sends_no_sheet_of_it(training: httpx.AsyncClient) -> None:
    ids = await taught(training)
    refused = await sent(training, ids, found(ids), headers=call_as("training_manager", subject=TRAINER))
    assert assert_problem(refused, 403, "validator-not-independent")["relation"] == "trainer"


async def test_two_sheets_at_once_record_each_outcome_once(racing_training: httpx.AsyncClient) -> None:
    client = racing_training
    ids = await taught(client)
    items = [found(ids), found(ids, "other")]
    both = await asyncio.gather(sent(client, ids, *items), sent(client, ids, *items[::-1]))
    statuses = [each["status"] for answer in both for each in answer.json()["items"]]
    assert sorted(statuses) == ["created"] * 2 + ["refused"] * 2
