"""A form that was sent back is corrected by who filled it in."""

from typing import Any

import httpx
import pytest

from tests.screening.campaigns.results import ALL
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
from tests.support.records import fetch

COLLEAGUE = call_as("early_screening_coordinator", subject="colleague")
REASON = {"reason": "brak odpowiedzi na stronie drugiej"}


async def test_a_form_sent_back_counts_nowhere_until_who_filled_it_in_has_corrected_it(
    screening: httpx.AsyncClient,
) -> None:
    campaign = await add_campaign(screening, "2469")
    made = await add_screening(screening, campaign_id=campaign, implementer="project", answers=CALLING)
    returned = await act(screening, made, "return", REASON, COLLEAGUE)
    body = returned.json()
    assert (returned.status_code, body["state"], body["outcome"], body["submitted_by"]) == (200, "draft", None, None)
    assert (body["returned_by"], body["returning_reason"]) == ("colleague", REASON["reason"])
    assert await counts_of(screening, campaign) == {}
    tag = {"if-match": returned.headers["etag"]}
    amended = await screening.patch(f"{URL}/{made['id']}", json={"answers": TYPICAL, "sex": "male"}, headers=tag)
    assert (amended.status_code, amended.json()["sex"]) == (200, "male")
    submitted = await act(screening, amended.json(), "submit", SUBMISSION)
    assert (submitted.json()["state"], submitted.json()["outcome"]) == ("scored", "negative")
    assert await counts_of(screening, campaign) == {"negative": 1}
    assert (await act(screening, submitted.json(), "confirm")).status_code == 200
    kinds = [event["type"].rpartition(".")[2] for event in await events_of(screening)]
    assert kinds == ["scored", "returned", "changed", "scored", "confirmed"]


async def test_what_somebody_stands_by_is_not_sent_back_nor_what_a_closed_campaign_could_not_take_again(
    screening: httpx.AsyncClient,
) -> None:
    confirmed = (await act(screening, await add_screening(screening), "confirm")).json()
    assert_problem(await act(screening, confirmed, "return", REASON, COLLEAGUE), 409, "state-conflict")
    campaign = await add_campaign(screening, "2469")
    made = await add_screening(screening, campaign_id=campaign, implementer="project")
    closing = {"if-match": f'"{campaign}:1"', **ALL, "idempotency-key": "close"}
    path = f"/v1/screening/campaigns/{campaign}"
    closed = await screening.post(f"{path}/close", json={"closed_on": "2026-06-30"}, headers=closing)
    assert_problem(await act(screening, made, "return", REASON, COLLEAGUE), 409, "state-conflict")
    reopening = {"if-match": closed.headers["etag"], **ALL, "idempotency-key": "reopen"}
    reopened = await screening.post(f"{path}/reopen", json={"reason": "spóźnione formularze"}, headers=reopening)
    body = reopened.json()
    assert (body["state"], body["closed_on"], body["reopening_reason"]) == ("open", None, "spóźnione formularze")
    assert (await act(screening, made, "return", REASON, COLLEAGUE)).status_code == 200
    kept = await fetch(screening, "SELECT detail FROM audit_records WHERE action = 'reopen_campaign'")
    assert [(row.detail["state"], row.detail["closed_on"]) for row in kept] == [("open", "2026-06-30")]


async def test_an_empty_form_stays_a_draft_and_is_no_complete_one(screening: httpx.AsyncClient) -> None:
    campaign: dict[str, Any] = {"campaign_id": await add_campaign(screening, "2469"), "implementer": "project"}
    for empty in ({}, {"Y_MOVE1": None}):
        body: dict[str, Any] = {"answers": empty, **campaign}
        draft = await add_screening(screening, submission=None, **body)
        refused = await act(screening, draft, "submit", SUBMISSION)
        [error] = assert_problem(refused, 422, "validation-failed")["errors"]
        assert (error["pointer"], error["code"]) == ("/answers", "nothing_answered")
    assert await counts_of(screening, campaign["campaign_id"]) == {}
    # Who refuses every question has filled the form in.
    refused_all = await add_screening(screening, answers={"Y_MOVE2": "refused"}, **campaign)
    assert (refused_all["state"], refused_all["outcome"]) == ("scored", "undetermined")


@pytest.mark.parametrize(
    ("facts", "warnings"),
    [
        ({}, []),
        ({"sex": "male"}, ["other_sex"]),
        ({"sex": "unknown"}, []),
        ({"submission": SUBMISSION | {"born_on": "2024-04-15"}}, ["other_birth_month"]),
        ({"sex": "male", "submission": SUBMISSION | {"born_on": "2024-02-15"}}, ["other_sex", "other_birth_month"]),
    ],
)
async def test_two_sexes_or_birth_months_of_one_subject_are_told(
    screening: httpx.AsyncClient, facts: dict[str, Any], warnings: list[str]
) -> None:
    first = await add_screening(screening)
    assert first["warnings"] == []
    subject: dict[str, Any] = {"subject_ref": first["subject_ref"]}
    assert (await add_screening(screening, **subject, **facts))["warnings"] == warnings
    draft = await add_screening(screening, **{**subject, **facts, "submission": None})
    await act(screening, first, "annul", {"reason": "pomyłka"}, COLLEAGUE)
    # What was annulled contradicts nobody; the second screening says the same as the draft.
    assert (await act(screening, draft, "submit", facts.get("submission", SUBMISSION))).json()["warnings"] == []
