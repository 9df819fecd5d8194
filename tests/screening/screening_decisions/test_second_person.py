"""Two people stand by a positive result: whoever brought it about does not confirm it, by whichever way it came."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.screening.campaigns.results import add_protocol, open_campaign
from tests.screening.fhir.sent import URL as FHIR_URL
from tests.screening.fhir.sent import coded, response
from tests.screening.rescorings.test_endpoints import add_stricter_norms, ask, computed, decide
from tests.screening.screening_imports.made import IMPORTS, row, table
from tests.screening.screenings.made import (
    CALLING,
    SUBMISSION,
    TYPICAL,
    URL,
    Made,
    act,
    add_screening,
    events_of,
    screening,
)
from tests.support.callers import call_as
from tests.support.files import send_file
from tests.support.problems import assert_problem
from tests.support.records import fetch

MYSELF = call_as("early_screening_coordinator")
STAGE = {"forms": [{"instrument_code": "DEMO", "instrument_version": 1}], "days": 90}


async def at_once(client: httpx.AsyncClient) -> Made:
    return await add_screening(client, answers=CALLING)


async def as_a_draft(client: httpx.AsyncClient) -> Made:
    draft = await add_screening(client, answers=CALLING, submission=None)
    return dict((await act(client, draft, "submit", SUBMISSION)).json())


async def in_a_batch(client: httpx.AsyncClient) -> Made:
    items = {"items": [screening(answers=CALLING)]}
    made = await client.post(f"{URL}:batch", json=items, headers={"idempotency-key": "batch"})
    return await read(client, made.json()["items"][0]["id"])


async def as_fhir(client: httpx.AsyncClient) -> Made:
    rows = [coded(leaf, code) for leaf, code in CALLING.items() if leaf.startswith("SENSES.")]
    items = [coded(leaf, code) for leaf, code in CALLING.items() if not leaf.startswith("SENSES.")]
    sent = response({"item": [*items, {"linkId": "SENSES", "item": rows}]})
    made = await client.post(f"{FHIR_URL}/QuestionnaireResponse", json=sent)
    assert made.status_code == 201, made.text
    return await read(client, made.json()["id"])


async def read(client: httpx.AsyncClient, screening_id: str) -> Made:
    return dict((await client.get(f"{URL}/{screening_id}")).json())


async def refuse(client: httpx.AsyncClient, made: Made) -> None:
    """The one who made it cannot confirm it, and is told that somebody else has to; nothing has changed."""
    assert (made["state"], made["outcome"], made["submitted_by"]) == (
        "scored",
        "positive",
        "early_screening_coordinator",
    )
    before, told = await read(client, made["id"]), await events_of(client)
    refused = await act(client, made, "confirm", {"consent_to_refer": True}, MYSELF)
    problem = assert_problem(refused, 403, "second-person-required")
    assert (problem["permission"], problem["missing"]) == ("screening:screenings:confirm", ["another_person"])
    assert await read(client, made["id"]) == before
    assert await events_of(client) == told


@pytest.mark.parametrize("way", [at_once, as_a_draft, in_a_batch, as_fhir])
async def test_whoever_submitted_a_positive_result_does_not_confirm_it_and_a_colleague_does(
    screening: httpx.AsyncClient, way: Callable[[httpx.AsyncClient], Awaitable[Made]]
) -> None:
    made = await way(screening)
    await refuse(screening, made)
    confirmed = await act(screening, made, "confirm")
    assert (confirmed.status_code, confirmed.json()["confirmed_by"]) == (200, "colleague")


async def test_whoever_sent_a_file_does_not_confirm_what_was_positive_in_it(
    working_screening: httpx.AsyncClient,
) -> None:
    sent = await send_file(working_screening, IMPORTS, table(row(1, CALLING)))
    assert sent.counts == (1, 0, 0, 0)
    [made] = (await working_screening.get(URL)).json()["items"]
    await refuse(working_screening, made)
    assert (await act(working_screening, made, "confirm")).status_code == 200


async def test_whoever_had_it_scored_again_does_not_confirm_what_became_positive(
    working_screening: httpx.AsyncClient,
) -> None:
    """Nor does who submitted it: a third one stands by it."""
    client, nurse = working_screening, call_as("screener", subject="nurse", institution=None)
    made = await add_screening(client, answers=TYPICAL)
    assert (await act(client, made, "confirm", headers=MYSELF)).status_code == 200, "a negative one may be one's own"
    rescoring = await computed(client, await ask(client, norm_set_id=await add_stricter_norms(client)))
    client.headers["authorization"] = call_as("pupil_screening_coordinator", subject="rescorer")["authorization"]
    assert (await decide(client, rescoring, "accept")).status_code == 200
    after = await read(client, made["id"])
    assert (after["state"], after["outcome"]) == ("scored", "positive")
    for alone in (MYSELF, {**client.headers}):
        assert_problem(await act(client, after, "confirm", headers=alone), 403, "second-person-required")
    assert_problem(await act(client, after, "confirm", headers=nurse), 403, "forbidden")
    assert (await act(client, after, "confirm")).json()["confirmed_by"] == "colleague"


@pytest.mark.parametrize(("said", "status"), [({}, 403), ({"one_person_may_confirm": False}, 403)])
async def test_a_protocol_that_does_not_say_otherwise_asks_for_a_second_person(
    screening: httpx.AsyncClient, said: dict[str, Any], status: int
) -> None:
    assert (await _confirmed_alone(screening, said)).status_code == status


async def test_a_protocol_may_say_that_one_person_is_enough(screening: httpx.AsyncClient) -> None:
    answer = await _confirmed_alone(screening, {"one_person_may_confirm": True})
    assert (answer.status_code, answer.json()["confirmed_by"]) == (200, "early_screening_coordinator")


async def _confirmed_alone(client: httpx.AsyncClient, said: dict[str, Any]) -> httpx.Response:
    protocol = await add_protocol(client, version={"stage_one": STAGE, **said})
    version = (await client.get(f"/v1/screening/protocols/{protocol}/versions/1")).json()
    assert version["one_person_may_confirm"] is said.get("one_person_may_confirm", False)
    campaign = await open_campaign(client, protocol, "project")
    made = await add_screening(client, answers=CALLING, campaign_id=campaign, implementer="project")
    return await act(client, made, "confirm", headers=MYSELF)


async def test_an_attempt_to_confirm_alone_is_on_record(screening: httpx.AsyncClient) -> None:
    await refuse(screening, await at_once(screening))
    kept = await fetch(screening, "SELECT actor, action, outcome FROM audit_records ORDER BY id DESC LIMIT 1")
    assert [tuple(one) for one in kept] == [
        ("early_screening_coordinator", "confirm_screening", "second-person-required")
    ]
