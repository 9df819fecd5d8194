"""A QuestionnaireResponse becomes a screening like any other."""

import json
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from tests.screening.fhir.sent import FHIR, MONTH, URL, coded, demo_items, extensions, response, told_of
from tests.screening.screenings.made import SUBMISSION, TYPICAL, act, add_campaign, counts_of, events_of
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch

HERE = f"{URL}/QuestionnaireResponse"
SCREENINGS = "/v1/screening/screenings"
IDENTIFIER = {"system": "urn:splot:source:clinic", "value": "2026/0001"}
Y = "urn:splot:instrument:DEMO:Y_MOVE1"
Made = dict[str, Any]


async def post(client: httpx.AsyncClient, resource: Made, **headers: str) -> httpx.Response:
    return await client.post(HERE, content=json.dumps(resource).encode(), headers=FHIR | headers)


async def posted(client: httpx.AsyncClient, resource: Made, **headers: str) -> Made:
    answer = await post(client, resource, **headers)
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    QuestionnaireResponse.model_validate(made)
    return made


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
    waiting = (await screening.get(answer.headers["location"])).json()
    assert {**waiting, "authored": ""} == {**made, "authored": ""}
    assert (await act(screening, kept, "submit", SUBMISSION)).status_code == 200
    assert (await screening.get(answer.headers["location"])).json()["status"] == "completed"


async def test_a_response_counts_in_its_campaign(screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(screening)
    made = await posted(screening, response(campaign=campaign, stage=1, implementer="project"))
    assert await counts_of(screening, campaign) == {"negative": 1}
    told = told_of(made)
    assert (told["campaign"], told["stage"], told["implementer"]) == (campaign, 1, "project")
    refused = await post(screening, response(campaign=campaign))
    assert_refused(refused, [("/extension", "missing")])
    strange = await post(screening, response(campaign=campaign, implementer="somebody"))
    assert_problem(strange, 422, "implementer-not-in-campaign")
    unknown = response(campaign=made["id"], implementer="project")
    problem = assert_problem(await post(screening, unknown), 422, "unknown-reference")
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
    assert_problem(refused, 400, "missing-idempotency-key")
    assert_problem(await post(screening, sent), 409, "screening-already-recorded")


async def test_another_county_is_out_of_reach(screening: httpx.AsyncClient) -> None:
    refused = await post(screening, response(county="2401"))
    assert assert_problem(refused, 403, "outside-scope")["relation"] == "own_county"
    refused = await post(screening, response(), **call_as("researcher"))
    assert assert_problem(refused, 403, "forbidden")["permission"] == "screening:screenings:submit"


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
    problem = assert_problem(await post(screening, response({"status": status})), 422, "fhir-status-not-taken")
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


def assert_refused(answer: httpx.Response, wrong: list[tuple[str, str]]) -> Made:
    problem = assert_problem(answer, 422, "validation-failed")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == wrong
    return problem


def item(*items: Made) -> Made:
    return {"item": list(items)}


ANSWER = coded("Y_MOVE1", "yes")["answer"]
WRONG: dict[str, tuple[Made, str, str]] = {
    "an item of another form": (item(coded("O_MOVE1", "yes")), "/item/0/linkId", "unknown"),
    "a row outside its group": (item(coded("SENSES.SEEING", "no")), "/item/0/linkId", "unknown"),
    "a row of another group": (
        item({"linkId": "SENSES", "item": [coded("Y_MOVE1", "yes")]}),
        "/item/0/item/0/linkId",
        "unknown",
    ),
    "an item twice": (item(*[coded("Y_MOVE1", "yes")] * 2), "/item/1/linkId", "repeated"),
    "a group answered": (item({"linkId": "SENSES", "answer": ANSWER}), "/item/0/answer", "not_allowed"),
    "an item with items": (
        item({"linkId": "Y_MOVE1", "item": [coded("Y_MOVE1", "no")]}),
        "/item/0/item",
        "not_allowed",
    ),
    "the system of another item": (
        item(coded("Y_MOVE1", "yes", "urn:splot:instrument:DEMO:Y_MOVE2")),
        "/item/0/answer/0/valueCoding/system",
        "not_listed",
    ),
    "a code of no option": (item(coded("Y_MOVE1", "maybe")), "/item/0/answer/0/valueCoding/code", "not_listed"),
    "why not, as an option": (item(coded("Y_MOVE1", "refused")), "/item/0/answer/0/valueCoding/code", "not_listed"),
    "an option, as why not": (
        item(coded("Y_MOVE1", "yes", "urn:splot:no-answer")),
        "/item/0/answer/0/valueCoding/code",
        "not_listed",
    ),
    "a text for a code": (
        item({"linkId": "Y_MOVE1", "answer": [{"valueString": "yes"}]}),
        "/item/0/answer/0",
        "wrong_type",
    ),
    "a fraction for a whole": (
        item({"linkId": "V_MINUTES", "answer": [{"valueDecimal": 3.5}]}),
        "/item/0/answer/0",
        "wrong_type",
    ),
    "too many minutes": (item({"linkId": "V_MINUTES", "answer": [{"valueInteger": 241}]}), "/item/0", "too_large"),
    "two answers to one": (item({"linkId": "Y_MOVE1", "answer": ANSWER * 2}), "/item/0/answer/1", "repeated"),
    "what was not asked": (item(coded("Y_LOSS", "no"), coded("Y_LOSS_WHAT", "talking")), "/item/1", "not_asked"),
    "another name of a value": (
        item({"linkId": "Y_MOVE1", "answer": [{"valueUri": "urn:x"}]}),
        "/item/0/answer/0/valueUri",
        "unknown",
    ),
    "no such version": ({"questionnaire": "urn:splot:instrument:DEMO:YOUNGER|9"}, "/questionnaire", "not_found"),
    "no such form": ({"questionnaire": "urn:splot:instrument:DEMO:YOUNG|1"}, "/questionnaire", "not_found"),
    "a form of other ages": (
        {"questionnaire": "urn:splot:instrument:DEMO:OLDER|1", "item": None},
        "/questionnaire",
        "",
    ),
    "no version": ({"questionnaire": "urn:splot:instrument:DEMO:YOUNGER"}, "/questionnaire", "wrong_format"),
    "a person": ({"subject": {"reference": "Patient/1"}}, "/subject/identifier", "missing"),
    "a source that is none": ({"identifier": {"system": "urn:x", "value": "1"}}, "/identifier/system", "wrong_format"),
    "no day": ({"authored": None}, "/authored", "missing"),
    "a day that is none": ({"authored": "2026-02-30"}, "/authored", "wrong_format"),
    "a day to come": ({"authored": "2126-02-28"}, "/authored", "in_future"),
    "a narrative": ({"text": {"status": "empty"}}, "/text", "unknown"),
    "no answers, written": ({"item": []}, "/item", "too_short"),
    "another resource": ({"resourceType": "Observation"}, "/resourceType", "not_listed"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_wrong_is_pointed_at_in_the_resource(screening: httpx.AsyncClient, name: str) -> None:
    changes, pointer, code = WRONG[name]
    answer = await post(screening, response(changes))
    assert answer.status_code == 422, answer.text
    errors = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert (pointer, code or errors[0][1]) in errors
    assert (await screening.get(SCREENINGS)).json()["items"] == []


@pytest.mark.parametrize(
    ("facts", "at", "code"),
    [
        ({"county": "99"}, "county/valueCode", "wrong_format"),
        ({"sex": "girl"}, "sex/valueCode", "not_listed"),
        ({"informant": "pupil"}, "informant/valueCode", "no_form"),
        ({"birth-date": "2026-03-15"}, "birth-date/valueDate", "after_screening"),
        ({"birth-date": "2024-03"}, "birth-date/valueDate", "wrong_format"),
        ({"birth-date": "2024-02-30"}, "birth-date/valueDate", "wrong_format"),
        (MONTH | {"age-months": 25}, "age-months/valueInteger", "too_large"),
        (MONTH | {"age-months": 22}, "age-months/valueInteger", "too_small"),
        (MONTH | {"birth-month": "2024-03-15"}, "birth-month/valueDate", "wrong_format"),
        (MONTH | {"birth-date": "2024-03-15"}, "birth-date/valueDate", "not_allowed"),
        ({"gestation-weeks": 45}, "gestation-weeks/valueInteger", "too_large"),
        ({"stage": 1}, "stage/valueInteger", "without_campaign"),
        ({"stage": 3}, "stage/valueInteger", "too_large"),
    ],
)
async def test_what_is_wrong_with_an_extension_is_pointed_at(
    screening: httpx.AsyncClient, facts: Made, at: str, code: str
) -> None:
    sent = response(**facts)
    name, _, member = at.partition("/")
    place = [one["url"] for one in sent["extension"]].index(f"urn:splot:fhir:{name}")
    problem = assert_refused(await post(screening, sent), [(f"/extension/{place}/{member}", code)])
    assert str(sent["extension"][place][member]) not in json.dumps(problem["errors"]).replace(f"/{place}/", "/")


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"url": "urn:splot:fhir:name", "valueString": "x"}, "/extension/4/url", "unknown"),
        ({"url": "urn:splot:fhir:stage", "valueString": "1"}, "/extension/4", "wrong_type"),
        ({"url": "urn:splot:fhir:stage"}, "/extension/4", "wrong_type"),
        ({"url": "urn:splot:fhir:sex", "valueCode": "male"}, "/extension/4", "repeated"),
        ({"url": "urn:splot:fhir:stage", "valueInteger": 1, "valueCode": "1"}, "/extension/4", "wrong_type"),
        ({"url": "urn:splot:fhir:stage", "valueInteger": "1"}, "/extension/4/valueInteger", "wrong_type"),
    ],
)
async def test_an_extension_that_is_not_one_of_ours_is_refused(
    screening: httpx.AsyncClient, given: Made, pointer: str, code: str
) -> None:
    answer = await post(screening, response({"extension": [*extensions(), given]}))
    assert_refused(answer, [(pointer, code)])


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"county": None, "sex": None}, ["county", "sex"]),
        ({"informant": None, "birth_date": None}, ["informant", "birth-date"]),
        (MONTH | {"age-months": None}, ["age-months"]),
        (MONTH | {"birth-month": None}, ["birth-month"]),
    ],
)
async def test_missing_extensions_are_named(screening: httpx.AsyncClient, facts: Made, missing: list[str]) -> None:
    problem = assert_refused(await post(screening, response(**facts)), [("/extension", "missing")])
    assert problem["missing_extensions"] == [f"urn:splot:fhir:{name}" for name in missing]


async def test_a_draft_says_nothing_that_only_a_submission_keeps(screening: httpx.AsyncClient) -> None:
    refused = await post(screening, response({"status": "in-progress"}))
    assert_refused(refused, [("/extension/3", "not_allowed")])


async def test_no_value_is_echoed_and_the_day_of_birth_is_not_kept(screening: httpx.AsyncClient) -> None:
    canary = "Nie wolno tego powtarzać"
    for changes in (
        item({"linkId": "Y_MOVE1", "answer": [{"valueString": canary}]}),
        {"extension": extensions(sex=canary)},
        {"extension": [{"url": "urn:x:kanarek", "valueString": canary}]},
    ):
        answer = await post(screening, response(changes))
        assert answer.status_code == 422
        assert canary not in answer.json().values()
        assert canary not in answer.text
        assert "kanarek" not in answer.text
    await posted(screening, response(**{"birth-date": "2024-03-17"}))
    for table in ("screenings", "audit_records", "events"):
        rows = await fetch(screening, f"SELECT row_to_json(t)::text FROM {table} AS t")
        assert rows
        assert not [row for row in rows if "2024-03-17" in row[0]]
