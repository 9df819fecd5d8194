"""Responses that are refused: each fault is pointed at in the resource, and nothing is echoed."""

import json

import httpx
import pytest

from tests.screening.fhir.posting import SCREENINGS, Made, assert_refused, item, post, posted
from tests.screening.fhir.sent import MONTH, coded, extensions, response
from tests.support.problems import assert_outcome
from tests.support.records import fetch

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
    "implicit rules": ({"implicitRules": "urn:x"}, "/implicitRules", "unknown"),
    "no answers, written": ({"item": []}, "/item", "too_short"),
    "another resource": ({"resourceType": "Observation"}, "/resourceType", "not_listed"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_wrong_is_pointed_at_in_the_resource(screening: httpx.AsyncClient, name: str) -> None:
    changes, pointer, code = WRONG[name]
    answer = await post(screening, response(changes))
    slug = answer.json()["issue"][0]["details"]["coding"][0]["code"]
    errors = [(error["pointer"], error["code"]) for error in assert_outcome(answer, 422, slug)["errors"]]
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
