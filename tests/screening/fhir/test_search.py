"""QuestionnaireResponses and Observations, searched for."""

import uuid
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle

from services.chassis.fhir import pages
from tests.screening.fhir.sent import URL
from tests.screening.screenings.made import CALLING, act, add_screening
from tests.support.callers import call_as
from tests.support.problems import assert_outcome

SUBJECT = "6f1f64a5-3c4e-4a43-9c0c-5d3f6a1b2c3d"
NEIGHBOUR = call_as("early_screening_coordinator", counties=["2401"])
OLDER: dict[str, Any] = {
    "subject_ref": SUBJECT,
    "submission": {"born_on": "2022-01-15", "administered_on": "2026-03-20"},
}


async def found(client: httpx.AsyncClient, asked: str, **headers: str) -> dict[str, Any]:
    answer = await client.get(f"{URL}/{asked}", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/fhir+json"), answer.text
    bundle: dict[str, Any] = answer.json()
    Bundle.model_validate(bundle)
    return bundle


def ids(bundle: dict[str, Any]) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", ())]


@pytest.fixture
async def two(screening: httpx.AsyncClient) -> list[str]:
    """Two scored screenings of the subject, the newer first; a draft of it, and a screening of somebody else."""
    made = [await add_screening(screening, subject_ref=SUBJECT) for _ in range(2)]
    await add_screening(screening, subject_ref=SUBJECT, submission=None)
    await add_screening(screening)
    return [one["id"] for one in reversed(made)]


@pytest.mark.parametrize(
    "asked",
    [
        f"subject={SUBJECT}",
        f"subject=urn:splot:subject|{SUBJECT}",
        f"subject:identifier=urn:splot:subject%7C{SUBJECT}",
        f"subject={SUBJECT}&questionnaire=urn:splot:instrument:DEMO:YOUNGER|1",
        f"subject={SUBJECT}&questionnaire=urn:splot:instrument:DEMO:YOUNGER",
    ],
)
async def test_the_scored_responses_of_a_subject_are_found_newest_first(
    screening: httpx.AsyncClient, two: list[str], asked: str
) -> None:
    bundle = await found(screening, f"QuestionnaireResponse?{asked}")
    assert (bundle["total"], ids(bundle)) == (2, two)
    one = (await screening.get(f"{URL}/QuestionnaireResponse/{two[0]}")).json()
    assert bundle["entry"][0]["resource"] == one


@pytest.mark.parametrize(
    "asked",
    [
        f"subject={uuid.UUID(int=7)}",
        f"subject={SUBJECT}&subject:identifier={uuid.UUID(int=7)}",
        f"subject={SUBJECT}&questionnaire=urn:splot:instrument:DEMO:YOUNGER|2",
        f"subject={SUBJECT}&questionnaire=urn:splot:instrument:DEMO:OLDER",
        f"subject={SUBJECT}&questionnaire=urn:splot:instrument:DEMI:YOUNGER",
    ],
)
async def test_what_does_not_match_is_not_found(screening: httpx.AsyncClient, two: list[str], asked: str) -> None:
    bundle = await found(screening, f"QuestionnaireResponse?{asked}")
    assert (bundle["total"], "entry" in bundle, [one["relation"] for one in bundle["link"]]) == (0, False, ["self"])


async def test_a_form_finds_the_responses_of_all_subjects(screening: httpx.AsyncClient, two: list[str]) -> None:
    older = await add_screening(screening, **OLDER, answers={"O_MOVE1": "yes"})
    by_form = "QuestionnaireResponse?questionnaire=urn:splot:instrument:DEMO"
    assert ids(await found(screening, f"{by_form}:OLDER")) == [older["id"]]
    younger = ids(await found(screening, f"{by_form}:YOUNGER"))
    assert (len(younger), younger[1:]) == (3, two)


async def test_confirmed_and_annulled_screenings_are_found_as_what_they_are(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, subject_ref=SUBJECT)
    made = (await act(screening, made, "confirm")).json()
    asked = f"QuestionnaireResponse?subject={SUBJECT}"
    assert [entry["resource"]["status"] for entry in (await found(screening, asked))["entry"]] == ["completed"]
    await act(screening, made, "annul", {"reason": "pomyłka"})
    assert [entry["resource"]["status"] for entry in (await found(screening, asked))["entry"]] == ["entered-in-error"]


@pytest.mark.parametrize("kind", ["QuestionnaireResponse", "Observation"])
async def test_another_county_and_another_institution_find_nothing(
    screening: httpx.AsyncClient, two: list[str], kind: str
) -> None:
    asked = f"{kind}?subject={SUBJECT}"
    assert (await found(screening, asked))["total"] > 0
    for stranger in (NEIGHBOUR, call_as("screener")):
        assert (await found(screening, asked, **stranger))["total"] == 0
    refused = await screening.get(f"{URL}/{asked}", headers=call_as("researcher"))
    assert assert_outcome(refused, 403, "forbidden")["permission"] == "screening:screenings:read"


async def test_where_more_are_found_than_are_counted_no_total_is_claimed(
    screening: httpx.AsyncClient, two: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_COUNTED", 1)
    for kind in ("QuestionnaireResponse", "Observation"):
        bundle = await found(screening, f"{kind}?subject={SUBJECT}")
        assert "total" not in bundle
        assert {one.partition(".")[0] for one in ids(bundle)} == {*two}


async def test_observations_are_found_by_subject_by_response_and_by_screening(
    screening: httpx.AsyncClient, two: list[str]
) -> None:
    newer = ids(await found(screening, f"Observation?screening_id={two[0]}"))
    older = ids(await found(screening, f"Observation?screening_id={two[1]}"))
    assert newer
    assert older
    assert ids(await found(screening, f"Observation?subject={SUBJECT}")) == newer + older
    assert ids(await found(screening, f"Observation?derived-from=QuestionnaireResponse/{two[1]}")) == older
    assert ids(await found(screening, f"Observation?subject={SUBJECT}&screening_id={two[1]}")) == older
    other = f"Observation?subject={uuid.UUID(int=7)}&screening_id={two[1]}"
    assert (await found(screening, other))["total"] == 0


async def test_a_draft_of_a_known_form_is_in_progress_with_what_the_form_takes(screening: httpx.AsyncClient) -> None:
    answers = {"Y_MOVE1": "yes", "Y_LOSS": "not an option", "NOBODY_ASKS": "yes"}
    known: dict[str, Any] = {"subject_ref": SUBJECT, "submission": None, "answers": answers}
    draft = await add_screening(screening, form_code="YOUNGER", **known)
    formless = await add_screening(screening, **known)
    told = (await screening.get(f"{URL}/QuestionnaireResponse/{draft['id']}")).json()
    assert (told["status"], [item["linkId"] for item in told["item"]]) == ("in-progress", ["Y_MOVE1"])
    assert ids(await found(screening, f"QuestionnaireResponse?subject={SUBJECT}")) == [draft["id"]]
    refused = await screening.get(f"{URL}/QuestionnaireResponse/{formless['id']}")
    assert assert_outcome(refused, 409, "result-not-available")["state"] == "draft"


async def test_a_screening_without_a_result_has_no_observations(screening: httpx.AsyncClient) -> None:
    draft = await add_screening(screening, subject_ref=SUBJECT, submission=None, answers=CALLING)
    for name in ("screening_id", "derived-from"):
        answer = await screening.get(f"{URL}/Observation?{name}={draft['id']}")
        assert assert_outcome(answer, 409, "result-not-available")["state"] == "draft"
        unknown = await screening.get(f"{URL}/Observation?{name}={uuid.UUID(int=7)}")
        assert_outcome(unknown, 404, "screening-not-found")


@pytest.mark.parametrize(
    ("asked", "parameter", "code"),
    [
        ("QuestionnaireResponse", "subject", "missing"),
        ("Observation", "subject", "missing"),
        ("QuestionnaireResponse?patient=1", "patient", "unknown"),
        (f"QuestionnaireResponse?screening_id={SUBJECT}", "screening_id", "unknown"),
        (f"Observation?subject=Patient/{SUBJECT}", "subject", "wrong_format"),
        ("QuestionnaireResponse?subject:identifier=urn:oid:1.2|1", "subject:identifier", "wrong_format"),
        ("QuestionnaireResponse?questionnaire=DEMO", "questionnaire", "wrong_format"),
        (f"QuestionnaireResponse?subject={SUBJECT}&subject={SUBJECT}", "subject", "repeated"),
        (f"Observation?derived-from=Media/{SUBJECT}", "derived-from", "wrong_format"),
    ],
)
async def test_what_cannot_be_searched_by_is_named_and_not_repeated(
    screening: httpx.AsyncClient, asked: str, parameter: str, code: str
) -> None:
    problem = assert_outcome(await screening.get(f"{URL}/{asked}"), 422, "validation-failed")
    assert [(error["parameter"], error["code"]) for error in problem["errors"]] == [(parameter, code)]
    assert SUBJECT not in str(problem)


async def test_questionnaires_are_found_by_their_address(screening: httpx.AsyncClient) -> None:
    for asked, names in {
        "urn:splot:instrument:DEMO:OLDER": ["DEMO_OLDER"],
        "urn:splot:instrument:DEMO:YOUNGER|1": ["DEMO_YOUNGER"],
        "urn:splot:instrument:DEMO:YOUNGER|2": [],
        "urn:splot:instrument:DEMO:YOUNG": [],
    }.items():
        bundle = await found(screening, f"Questionnaire?url={asked}")
        assert [entry["resource"]["name"] for entry in bundle.get("entry", ())] == names
