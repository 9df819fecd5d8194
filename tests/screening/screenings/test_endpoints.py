"""A screening from its answers to a result that a person stands by."""

import json
import uuid
from typing import Any

import httpx
import pytest
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
from tests.screening.screenings.made import (
    screening as new_screening,
)
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of, fetch


async def test_a_screening_is_scored_when_it_is_submitted(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening)
    assert (made["state"], made["outcome"], made["form_code"]) == ("scored", "negative", "YOUNGER")
    assert (made["age_months"], made["birth_month"]) == (23, "2024-03-01")


async def test_the_day_of_birth_is_not_kept_anywhere(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, submission=SUBMISSION | {"born_on": "2024-03-17"})
    assert "2024-03-17" not in json.dumps(await events_of(screening))
    for table in ("screenings", "audit_records", "events", "idempotency_keys"):
        rows = await fetch(screening, f"SELECT row_to_json(t)::text FROM {table} AS t")
        assert (table == "idempotency_keys") != bool(rows)
        assert not [row for row in rows if "2024-03-17" in row[0]]
    assert "2024-03-17" not in (await screening.get(f"{URL}/{made['id']}")).text


async def test_a_draft_is_completed_and_then_submitted(screening: httpx.AsyncClient) -> None:
    draft = await add_screening(screening, submission=None, answers={"Y_MOVE1": "yes"})
    assert (draft["state"], draft["age_months"]) == ("draft", None)
    patched = await screening.patch(
        f"{URL}/{draft['id']}",
        json={"answers": TYPICAL},
        headers={"if-match": f'"{draft["id"]}:1"', "content-type": "application/merge-patch+json"},
    )
    assert patched.json()["answers"] == TYPICAL
    submitted = await act(screening, patched.json(), "submit", SUBMISSION)
    assert (submitted.json()["state"], submitted.json()["version"]) == ("scored", 3)
    again = await act(screening, submitted.json(), "submit", SUBMISSION)
    assert assert_problem(again, 409, "state-conflict")["allowed"] == ["confirm", "return", "consent", "annul"]


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"answers": TYPICAL | {"Y_MOVE1": "maybe"}}, "/answers/Y_MOVE1", "not_listed"),
        ({"answers": TYPICAL | {"X9": "yes"}}, "/answers/X9", "unknown"),
        ({"answers": TYPICAL | {"Y_LOSS_WHAT": ["talking"]}}, "/answers/Y_LOSS_WHAT", "not_asked"),
        ({"submission": SUBMISSION | {"born_on": "2026-03-15"}}, "/submission/born_on", "after_screening"),
        ({"submission": SUBMISSION | {"administered_on": "2126-03-15"}}, "/submission/administered_on", "in_future"),
        ({"submission": SUBMISSION | {"born_on": "2010-03-15"}}, "/form_code", "no_form"),
        ({"informant": "pupil"}, "/form_code", "no_form"),
        ({"form_code": "OLDER"}, "/form_code", "no_form"),
        ({"source": "platform"}, "/external_id", "both_or_neither"),
        ({"county_terc": "9999"}, "/county_terc", "wrong_format"),
        ({"stage": 1}, "/stage", "without_campaign"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_kept(
    screening: httpx.AsyncClient, facts: dict[str, object], pointer: str, code: str
) -> None:
    refused = assert_problem(await screening.post(URL, json=new_screening(**facts)), 422, "validation-failed")
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [(pointer, code)]
    assert (await screening.get(URL)).json()["items"] == []


async def test_another_countys_screening_is_not_there(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening)
    elsewhere = call_as("early_screening_coordinator", counties=["2401"])
    for path in ("", "/result", "/explanation", "/profile"):
        assert_problem(await screening.get(f"{URL}/{made['id']}{path}", headers=elsewhere), 404, "screening-not-found")
    assert (await screening.get(URL, headers=elsewhere)).json()["items"] == []
    assert_problem(await act(screening, made, "confirm", headers=elsewhere), 404, "screening-not-found")


async def test_a_screener_sees_the_own_institution_in_the_own_county_alone(screening: httpx.AsyncClient) -> None:
    mine, other = str(uuid.uuid4()), str(uuid.uuid4())
    screener = call_as("screener", institution=mine)
    await add_screening(screening, institution_id=other)
    made = await add_screening(screening, screener, institution_id=mine)
    assert [item["id"] for item in (await screening.get(URL, headers=screener)).json()["items"]] == [made["id"]]
    away = new_screening(institution_id=mine, county_terc="2401")
    refused = assert_problem(await screening.post(URL, json=away, headers=screener), 403, "outside-scope")
    assert "/v1/views/me" in refused["detail"], "what to do is said"


async def test_the_second_lock_holds_where_a_query_forgets_the_first(screening: httpx.AsyncClient) -> None:
    await add_screening(screening)
    async with app_of(screening).state.database.change() as change:
        for scope, seen in (("2469", 1), ("2401", 0), ("", 0), ("*", 1)):
            await change.execute(text("SELECT set_config('app.counties', :scope, true)"), {"scope": scope})
            assert len(await change.rows(text("SELECT id FROM screenings"))) == seen


async def test_a_campaign_counts_what_is_submitted_and_uncounts_what_is_annulled(screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(screening)
    place: dict[str, Any] = {"campaign_id": campaign, "implementer": "project"}
    made = await add_screening(screening, answers=CALLING, **place)
    await add_screening(screening, **place)
    assert await counts_of(screening, campaign) == {"positive": 1, "negative": 1}
    annulled = await act(screening, made, "annul", {"reason": "wprowadzono dwa razy"})
    assert (annulled.json()["state"], annulled.json()["annulling_reason"]) == ("annulled", "wprowadzono dwa razy")
    assert (await counts_of(screening, campaign)).get("positive", 0) == 0
    assert_problem(await act(screening, annulled.json(), "annul", {"reason": "x"}), 409, "state-conflict")


async def test_a_campaign_takes_only_what_belongs_to_it(screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(screening, county="2401")
    place: dict[str, Any] = {"campaign_id": campaign, "implementer": "project"}
    refused = await screening.post(URL, json=new_screening(**place))
    assert assert_problem(refused, 422, "validation-failed")["errors"][0]["code"] == "outside_campaign"
    unknown = await screening.post(URL, json=new_screening(campaign_id=str(uuid.uuid4()), implementer="project"))
    assert_problem(unknown, 422, "unknown-reference")
    open_to_all = {"campaign_id": await add_campaign(screening), "implementer": "nobody"}
    assert_problem(await screening.post(URL, json=new_screening(**open_to_all)), 422, "implementer-not-in-campaign")
    staged = open_to_all | {"implementer": "project", "stage": 2}
    assert_problem(await screening.post(URL, json=new_screening(**staged)), 409, "subject-not-selected")


async def test_screenings_are_had_as_a_file_without_answers(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, answers=CALLING)
    await add_screening(screening)
    found = (await screening.get(f"{URL}?outcome=positive&state=scored&stage=1")).json()["items"]
    assert found == []
    found = (await screening.get(f"{URL}?outcome=positive&state=scored&sort=created_at")).json()["items"]
    assert [item["id"] for item in found] == [made["id"]]
    assert "answers" not in found[0]
