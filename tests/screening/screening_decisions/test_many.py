"""A coordinator confirms a list at once, and each result is judged by itself."""

import httpx

from tests.screening.screenings.made import (
    CALLING,
    COLLEAGUE,
    SUBMISSION,
    URL,
    Made,
    add_campaign,
    add_screening,
    events_of,
)
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch

COORDINATOR = call_as("early_screening_coordinator", subject=COLLEAGUE)
TYPES = ["screening.screening.confirmed", "screening.screening.confirmed-positive"]


async def test_of_many_results_each_is_confirmed_or_refused_alone(screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(screening)
    facts: Made = {"campaign_id": campaign, "implementer": "project"}
    negative = await add_screening(screening, **facts)
    positive = await add_screening(screening, answers=CALLING, **facts)
    own = await add_screening(screening, COORDINATOR, answers=CALLING)
    draft = await add_screening(screening, submission=None)
    elsewhere = await add_screening(
        screening, call_as("early_screening_coordinator", counties=["2401"]), county_terc="2401"
    )
    items = [{"id": made["id"], "version": made["version"]} for made in (positive, own, draft, elsewhere, negative)]
    items[0] |= {"consent_to_refer": True}
    key = COORDINATOR | {"idempotency-key": "list"}
    answer = await screening.post(f"{URL}:confirm", json={"items": items}, headers=key)
    told = answer.json()["items"]
    assert [(item["status"], item["version"]) for item in told] == [
        ("done", 2),
        *[("refused", None)] * 3,
        ("done", 2),
    ]
    assert [item["problem"] and item["problem"]["code"] for item in told] == [
        None,
        "second_person_required",
        "state_conflict",
        "screening_not_found",
        None,
    ]
    states = {made["id"]: (await screening.get(f"{URL}/{made['id']}")).json()["state"] for made in (own, draft)}
    assert states == {own["id"]: "scored", draft["id"]: "draft"}
    kinds = sorted(event["type"] for event in await events_of(screening) if event["type"] in TYPES)
    assert kinds == [TYPES[0], *TYPES]
    again = await screening.post(f"{URL}:confirm", json={"items": items}, headers=key)
    assert (again.json(), again.headers["idempotency-replayed"]) == (answer.json(), "true")
    confirmed = await fetch(screening, "SELECT count(*) FROM audit_records WHERE action = 'confirm_screening'")
    assert confirmed[0][0] == 2


async def test_a_list_needs_a_key_and_a_person(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, submission=SUBMISSION)
    items = {"items": [{"id": made["id"], "version": 1}]}
    assert_problem(
        await screening.post(f"{URL}:confirm", json=items, headers=COORDINATOR), 400, "missing-idempotency-key"
    )
    machine = call_as(scope="screening:write", counties=["*"]) | {"idempotency-key": "x"}
    assert_problem(await screening.post(f"{URL}:confirm", json=items, headers=machine), 403, "forbidden")
