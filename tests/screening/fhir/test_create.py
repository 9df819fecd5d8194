"""A QuestionnaireResponse becomes a screening like any other."""

import json

import httpx
import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from tests.screening.fhir.posting import HERE, SCREENINGS, Made, assert_refused, post, posted
from tests.screening.fhir.sent import MONTH, URL, coded, demo_items, response, told_of
from tests.screening.screenings.made import SUBMISSION, TYPICAL, act, add_campaign, counts_of, events_of
from tests.support.callers import call_as
from tests.support.problems import assert_outcome
from tests.support.records import fetch

IDENTIFIER = {"system": "urn:splot:source:clinic", "value": "2026/0001"}
Y = "urn:splot:instrument:DEMO:Y_MOVE1"


async def screening_of(client: httpx.AsyncClient, made: Made) -> Made:
    read: Made = (await client.get(f"{SCREENINGS}/{made['id']}")).json()
    return read


async def test_a_completed_response_is_scored_and_answered_as_it_is_read(screening: httpx.AsyncClient) -> None:
    sent = response({"identifier": IDENTIFIER}, consent_to_refer=True)
    answer = await post(screening, sent)
    made = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/fhir+json")
    read = await screening.get(answer.headers["location"])
    assert (read.json(), read.headers["etag"]) == (made, answer.headers["etag"])
    assert told_of(made) == {name: value for name, value in (told_of(sent) | MONTH).items() if value is not None}
    assert [made[name] for name in ("identifier", "subject", "status")] == [IDENTIFIER, sent["subject"], "completed"]
    kept = await screening_of(screening, made)
    assert (kept["state"], kept["outcome"], kept["form_code"]) == ("scored", "negative", "YOUNGER")
    assert (kept["source"], kept["external_id"], kept["has_consent"]) == ("clinic", "2026/0001", True)
    assert (kept["administered_on"], kept["answers"]) == ("2026-03-14", TYPICAL)
    assert [event["type"] for event in await events_of(screening)] == ["screening.screening.scored"]
    records = await fetch(screening, "SELECT action, subject FROM audit_records")
    assert [tuple(row) for row in records] == [("create_screening", f"screenings/{made['id']}")]


async def test_month_and_age_score_as_the_day_does_and_come_back_as_they_went(screening: httpx.AsyncClient) -> None:
    sent = response(**MONTH)
    made = await posted(screening, sent)
    assert (told_of(made), made["authored"]) == (told_of(sent), sent["authored"])
    again = await posted(screening, made | {"subject": sent["subject"]})
    assert {**again, "id": ""} == {**made, "id": ""}


async def test_an_instant_is_a_day_of_polish_time(screening: httpx.AsyncClient) -> None:
    late = await posted(screening, response({"authored": "2026-03-13T23:30:00.5Z"}))
    assert late["authored"] == "2026-03-14"


async def test_a_response_in_progress_stays_a_draft_until_it_is_submitted(screening: httpx.AsyncClient) -> None:
    sent = response({"status": "in-progress", "item": [coded("Y_MOVE1", "yes")]}, birth_date=None)
    answer = await post(screening, sent)
    made = answer.json()
    assert (made["status"], made["item"]) == ("in-progress", sent["item"])
    assert told_of(made) == told_of(sent)
    kept = await screening_of(screening, made)
    assert (kept["state"], kept["form_code"], kept["administered_on"]) == ("draft", "YOUNGER", None)
    address = answer.headers["location"].partition("/_history/")[0]
    waiting = (await screening.get(address)).json()
    assert {**waiting, "authored": ""} == {**made, "authored": ""}
    assert (await act(screening, kept, "submit", SUBMISSION)).status_code == 200
    assert (await screening.get(address)).json()["status"] == "completed"


async def test_a_response_counts_in_its_campaign(screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(screening)
    made = await posted(screening, response(campaign=campaign, stage=1, implementer="project"))
    assert await counts_of(screening, campaign) == {"negative": 1}
    told = told_of(made)
    assert (told["campaign"], told["stage"], told["implementer"]) == (campaign, 1, "project")
    refused = await post(screening, response(campaign=campaign))
    assert_refused(refused, [("/extension", "missing")])
    strange = await post(screening, response(campaign=campaign, implementer="somebody"))
    assert_outcome(strange, 422, "implementer-not-in-campaign")
    unknown = response(campaign=made["id"], implementer="project")
    problem = assert_outcome(await post(screening, unknown), 422, "unknown-reference")
    at = [one["url"] for one in unknown["extension"]].index("urn:splot:fhir:campaign")
    assert [error["pointer"] for error in problem["errors"]] == [f"/extension/{at}/valueId"]


async def test_the_same_key_gives_the_same_answer_and_the_same_source_is_refused(screening: httpx.AsyncClient) -> None:
    sent = response({"identifier": IDENTIFIER})
    first = await post(screening, sent, **{"idempotency-key": "one"})
    again = await post(screening, sent, **{"idempotency-key": "one"})
    assert again.headers["idempotency-replayed"] == "true"
    kept = ("content-type", "location", "etag")
    assert [again.headers[name] for name in kept] == [first.headers[name] for name in kept]
    assert again.json() == first.json()
    assert len((await screening.get(SCREENINGS)).json()["items"]) == 1
    refused = await post(screening, sent, **call_as(scope="screening:submit"))
    assert_outcome(refused, 400, "missing-idempotency-key")
    assert_outcome(await post(screening, sent), 409, "screening-already-recorded")


async def test_another_county_is_out_of_reach(screening: httpx.AsyncClient) -> None:
    refused = await post(screening, response(county="2401"))
    assert assert_outcome(refused, 403, "outside-scope")["relation"] == "own_county"
    refused = await post(screening, response(), **call_as("researcher"))
    assert assert_outcome(refused, 403, "forbidden")["permission"] == "screening:screenings:submit"


async def test_several_choices_come_together_and_labels_are_not_read(screening: httpx.AsyncClient) -> None:
    loss = [coded("Y_LOSS", "yes"), {"linkId": "Y_LOSS_WHAT", "answer": [coded("Y_LOSS_WHAT", "talking")["answer"][0]]}]
    loss[1]["answer"].append(coded("Y_LOSS_WHAT", "contact")["answer"][0])
    others = [item for item in demo_items() if item["linkId"] != "Y_LOSS"]
    labelled = [{**item, "text": "Pytanie"} for item in [*others, *loss]]
    made = await posted(screening, response({"item": labelled}))
    assert (await screening_of(screening, made))["answers"]["Y_LOSS_WHAT"] == ["talking", "contact"]
    assert "Pytanie" not in json.dumps(made)


@pytest.mark.parametrize("status", ["amended", "entered-in-error", "stopped"])
async def test_a_response_of_another_status_is_not_taken(screening: httpx.AsyncClient, status: str) -> None:
    problem = assert_outcome(await post(screening, response({"status": status})), 422, "fhir-status-not-taken")
    assert [error["pointer"] for error in problem["errors"]] == ["/status"]


@pytest.mark.parametrize(
    ("url", "content_type", "taken"),
    [
        (HERE, "application/fhir+json", True),
        (HERE, 'APPLICATION/FHIR+JSON; charset="utf-8"', True),
        (HERE, "application/json", True),
        (HERE, "application/fhir+json; charset=latin-1", False),
        (HERE, "application/fhir+xml", False),
        (SCREENINGS, "application/fhir+json", False),
    ],
)
async def test_fhir_json_is_taken_where_fhir_is_spoken(
    screening: httpx.AsyncClient, url: str, content_type: str, taken: bool
) -> None:
    sent = json.dumps(response()).encode()
    answer = await screening.post(url, content=sent, headers={"content-type": content_type})
    assert answer.status_code == (201 if taken else 415)


async def test_what_form_renderers_add_is_taken_and_not_kept(screening: httpx.AsyncClient) -> None:
    child, plain = "6f1f64a5-3c4e-4a43-9c0c-5d3f6a1b2c3d", coded("Y_MOVE1", "yes")
    coding = plain["answer"][0]["valueCoding"] | {"version": "1", "display": "Tak", "userSelected": True}
    item = plain | {"answer": [{"valueCoding": coding}], "text": "Czy…?", "definition": "urn:x"}
    subject = {"identifier": {"system": "urn:splot:subject", "value": child}}
    added = {
        "meta": {"profile": ["urn:x"], "tag": [{"code": "lformsVersion: 36.1.3"}]},
        "language": "pl",
        "text": {"status": "generated", "div": "<div>Jan Kanarek</div>"},
        "author": {"reference": "Practitioner/1", "display": "Anna Kanarek"},
        "source": {"reference": "RelatedPerson/1"},
        "subject": subject | {"reference": "Patient/1", "type": "Patient", "display": "Jan Kanarek"},
        "item": [item],
    }
    sent = response(added)
    QuestionnaireResponse.model_validate(sent)
    answer = await post(screening, sent)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["subject"], made["item"]) == (subject, [plain])
    assert "Kanarek" not in answer.text
    statement = (await screening.get(f"{URL}/metadata")).json()
    [taken] = [one for one in statement["rest"][0]["resource"] if one["type"] == "QuestionnaireResponse"]
    for name in ("meta", "author", "subject.reference", "version"):
        assert name in taken["documentation"]
