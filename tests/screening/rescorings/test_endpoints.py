"""The same answers by other norms: a list before anybody accepts it, and nothing forgotten afterwards."""

import copy
import json
import uuid
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from tests.screening.screenings.made import (
    CALLING,
    SUBMISSION,
    TYPICAL,
    URL,
    act,
    add_campaign,
    add_screening,
    counts_of,
    events_of,
)
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import EVERYWHERE, app_of

RESCORINGS = "/v1/screening/rescorings"
ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "services/screening/migrations/shipped/demo_1_norms.json"
LABEL = {"pl": "przedział", "en": "band"}
_ADD = """
INSERT INTO norm_sets (instrument_version_id, code, state, document, replaced_at)
SELECT instrument_version_id, :code, 'replaced', CAST(:document AS jsonb), now() FROM norm_sets
WHERE state = 'in_force' AND code = 'DEMO-2026' RETURNING id
"""


async def add_stricter_norms(client: httpx.AsyncClient) -> str:
    """Norms by which a total from 0 upwards already calls for attention; their id."""
    document = copy.deepcopy(json.loads(SHIPPED.read_text(encoding="utf-8")))
    bands = [
        {"code": "low", "at_least": None, "label": LABEL, "outcome": "negative"},
        {"code": "look_closer", "at_least": 0, "label": LABEL, "outcome": "positive"},
    ]
    document["cut_offs"] = [{"scale": "TOTAL", "metric": "raw", "bands": bands}]
    values = {"document": json.dumps(document), "code": f"S{uuid.uuid4().hex[:10]}"}
    async with app_of(client).state.database.change(EVERYWHERE) as change:
        return str(await change.scalar(text(_ADD), values))


async def ask(client: httpx.AsyncClient, **facts: Any) -> httpx.Response:
    """Ask for the demonstration instrument's screenings of county 2469 to be scored again."""
    body = {"instrument_code": "DEMO", "instrument_version": 1, "counties": ["2469"], **facts}
    return await client.post(RESCORINGS, json=body)


async def computed(client: httpx.AsyncClient, asked: httpx.Response) -> dict[str, Any]:
    """The re-scoring when its job has ended."""
    assert asked.status_code == 201, asked.text
    async with client.stream("GET", f"/v1/screening/jobs/{asked.json()['job_id']}/events") as following:
        async for _ in following.aiter_lines():
            pass
    found: dict[str, Any] = (await client.get(asked.headers["location"])).json()
    assert found["state"] == "computed"
    return found


async def decide(client: httpx.AsyncClient, made: dict[str, Any], verb: str) -> httpx.Response:
    tag = {"if-match": f'"{made["id"]}:{made["version"]}"'}
    return await client.post(f"{RESCORINGS}/{made['id']}/{verb}", headers=tag)


async def test_every_decision_that_would_change_is_listed_before_it_is_accepted(
    working_screening: httpx.AsyncClient,
) -> None:
    client, campaign = working_screening, await add_campaign(working_screening)
    place: dict[str, Any] = {"campaign_id": campaign, "implementer": "project"}
    calm = await add_screening(client, **place)
    await add_screening(client, answers=CALLING, **place)
    confirmed = (await act(client, calm, "confirm")).json()
    made = await computed(client, await ask(client, norm_set_id=await add_stricter_norms(client)))
    assert (made["considered"], made["changing"]) == (2, 1)
    listed = (await client.get(f"{RESCORINGS}/{made['id']}/decisions?is_changing=true")).json()["items"]
    assert [(item["screening_id"], item["old_outcome"], item["new_outcome"]) for item in listed] == [
        (calm["id"], "negative", "positive")
    ]
    as_file = await client.get(f"{RESCORINGS}/{made['id']}/decisions?format=csv")
    assert as_file.text.count("\n") == 3
    assert (await client.get(f"{URL}/{calm['id']}")).json() == confirmed | {"answers": TYPICAL}

    accepted = await decide(client, made, "accept")
    assert (accepted.json()["state"], accepted.json()["applied"]) == ("accepted", 2)
    after = (await client.get(f"{URL}/{calm['id']}/result")).json()
    assert (after["outcome"], after["state"], after["is_confirmed"]) == ("positive", "scored", False)
    assert [before["outcome"] for before in after["replaced"]] == ["negative"]
    assert await counts_of(client, campaign) == {"positive": 2}
    assert [event["type"] for event in await events_of(client)].count("screening.screening.rescored") == 2
    assert_problem(await decide(client, accepted.json(), "accept"), 409, "state-conflict")


async def test_what_was_annulled_meanwhile_is_left_as_it_is(working_screening: httpx.AsyncClient) -> None:
    client = working_screening
    first, second = await add_screening(client), await add_screening(client)
    made = await computed(client, await ask(client, norm_set_id=await add_stricter_norms(client)))
    assert (await act(client, first, "annul", {"reason": "pomyłka"})).status_code == 200
    assert (await decide(client, made, "accept")).json()["applied"] == 1
    assert (await client.get(f"{URL}/{first['id']}")).json()["outcome"] == "negative"
    assert (await client.get(f"{URL}/{second['id']}")).json()["outcome"] == "positive"


async def test_what_was_sent_back_and_submitted_again_keeps_the_result_of_its_new_answers(
    working_screening: httpx.AsyncClient,
) -> None:
    client = working_screening
    corrected = await add_screening(client, answers=CALLING)
    made = await computed(client, await ask(client, norm_set_id=await add_stricter_norms(client)))
    returned = await act(client, corrected, "return", {"reason": "pomyłka"}, call_as("early_screening_coordinator"))
    tag = {"if-match": returned.headers["etag"]}
    amended = await client.patch(f"{URL}/{corrected['id']}", json={"answers": TYPICAL}, headers=tag)
    assert (await act(client, amended.json(), "submit", SUBMISSION)).json()["outcome"] == "negative"
    assert (await decide(client, made, "accept")).json()["applied"] == 0
    assert (await client.get(f"{URL}/{corrected['id']}")).json()["outcome"] == "negative"


async def test_a_discarded_re_scoring_changes_nothing(working_screening: httpx.AsyncClient) -> None:
    client = working_screening
    made = await add_screening(client)
    found = await computed(client, await ask(client, norm_set_id=await add_stricter_norms(client)))
    discarded = await decide(client, found, "discard")
    assert discarded.json()["state"] == "discarded"
    assert_problem(await decide(client, discarded.json(), "accept"), 409, "state-conflict")
    assert (await client.get(f"{URL}/{made['id']}")).json()["outcome"] == "negative"


async def test_norms_of_another_instrument_or_counties_of_others_are_refused(screening: httpx.AsyncClient) -> None:
    unknown = "01990000-0000-7000-8000-000000000009"
    assert_problem(await ask(screening, norm_set_id=unknown), 422, "unknown-reference")
    assert_problem(await ask(screening, norm_set_id=unknown, counties=["2401"]), 403, "outside-scope")
