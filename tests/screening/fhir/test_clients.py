"""The facade as clients of FHIR R4 use it; Bundles and outcomes are read by fhir.resources."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome

from services.chassis.ground.clock import CIVIL_TIME, now
from tests.screening.fhir.posting import post
from tests.screening.fhir.sent import URL, response
from tests.screening.screenings.made import CALLING, act, add_screening
from tests.support.callers import call_as
from tests.support.problems import assert_outcome

BASE = f"http://127.0.0.1:8000{URL}"
SUBJECT = "6f1f64a5-3c4e-4a43-9c0c-5d3f6a1b2c3d"
FORM = {"content-type": "application/x-www-form-urlencoded"}
Made = dict[str, Any]


async def found(client: httpx.AsyncClient, asked: str) -> Made:
    answer = await client.get(asked if asked.startswith("/") else f"{URL}/{asked}")
    assert answer.status_code == 200, answer.text
    Bundle.model_validate(answer.json())
    bundle: Made = answer.json()
    return bundle


def ids(bundle: Made) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", ())]


def link(bundle: Made, relation: str) -> str | None:
    urls = [one["url"] for one in bundle["link"] if one["relation"] == relation]
    assert all(url.startswith(BASE) for url in urls)
    return urls[0].removeprefix("http://127.0.0.1:8000") if urls else None


@pytest.fixture
async def three(screening: httpx.AsyncClient) -> list[str]:
    """Three scored screenings of the subject, the newest first."""
    made = [await add_screening(screening, subject_ref=SUBJECT, answers=CALLING) for _ in range(3)]
    return [one["id"] for one in reversed(made)]


@pytest.mark.parametrize("kind", ["QuestionnaireResponse", "Observation"])
async def test_the_next_links_lead_to_everything_once_and_the_self_link_asks_the_same(
    screening: httpx.AsyncClient, three: list[str], kind: str
) -> None:
    whole = await found(screening, f"{kind}?subject={SUBJECT}")
    assert whole["total"] == len(ids(whole))
    assert [entry["fullUrl"] for entry in whole["entry"]] == [f"{BASE}/{kind}/{one}" for one in ids(whole)]
    page = await found(screening, f"{kind}?subject={SUBJECT}&_count=2&_format=application/fhir%2Bjson")
    paged, next_page = ids(page), link(page, "next")
    while next_page is not None:
        assert parse_qs(urlsplit(next_page).query)["subject"] == [SUBJECT]
        page = await found(screening, next_page)
        assert (page["total"], ids(await found(screening, str(link(page, "self"))))) == (whole["total"], ids(page))
        paged, next_page = paged + ids(page), link(page, "next")
    assert paged == ids(whole)
    total_alone = await found(screening, f"{kind}?subject={SUBJECT}&_count=0")
    assert (total_alone["total"], ids(total_alone), link(total_alone, "next")) == (whole["total"], [], None)


async def test_questionnaires_are_paged_form_by_form(screening: httpx.AsyncClient) -> None:
    both = ids(await found(screening, "Questionnaire?instrument=DEMO"))
    first = await found(screening, "Questionnaire?instrument=DEMO&_count=1")
    second = await found(screening, str(link(first, "next")))
    assert (first["total"], ids(first) + ids(second), link(second, "next")) == (2, both, None)
    assert ids(await found(screening, f"Questionnaire?_id={both[1]},{both[0]}")) == both
    assert ids(await found(screening, f"Questionnaire?_id={both[1]}")) == [both[1]]


async def test_a_cursor_serves_its_own_search_only(screening: httpx.AsyncClient, three: list[str]) -> None:
    page = await found(screening, f"QuestionnaireResponse?subject={SUBJECT}&_count=1")
    cursor = parse_qs(urlsplit(str(link(page, "next"))).query)["cursor"][0]
    other = f"{URL}/Observation?subject={SUBJECT}&cursor={cursor}"
    problem = assert_outcome(await screening.get(other), 422, "validation-failed")
    assert problem["errors"] == [{"parameter": "cursor", "code": "stale_cursor"}]


async def test_ids_find_what_the_caller_may_see(screening: httpx.AsyncClient, three: list[str]) -> None:
    asked = f"QuestionnaireResponse?_id={three[2]},{three[0]},nothing"
    assert ids(await found(screening, asked)) == [three[0], three[2]]
    assert ids(await found(screening, f"Observation?_id={three[1]}.0,{three[1]}.999")) == [f"{three[1]}.0"]
    neighbour = call_as("early_screening_coordinator", counties=["2401"])
    assert (await screening.get(f"{URL}/{asked}", headers=neighbour)).json()["total"] == 0


async def test_what_was_changed_when_is_found_by_every_comparison(
    screening: httpx.AsyncClient, three: list[str]
) -> None:
    day = now().astimezone(CIVIL_TIME)
    month, tomorrow = f"{day:%Y-%m}", f"{day + timedelta(days=1):%Y-%m-%d}"
    later, long_ago = (day + timedelta(hours=1)).isoformat().replace("+", "%2B"), "2001-01-01T00:00:00Z"
    asked = f"QuestionnaireResponse?subject={SUBJECT}"
    for values, expected in (
        ([month], 3), ([f"ne{month}"], 0), ([f"ge{day:%Y}"], 3), ([f"gt{day:%Y}"], 0), ([f"le{day:%Y}"], 3),
        ([f"lt{later}"], 3), ([f"eb{later}"], 3), ([f"sa{later}"], 0), ([f"gt{long_ago}", f"lt{tomorrow}"], 3),
        (["gt2001-01", "lt2001-02"], 0),
    ):  # fmt: skip
        query = "".join(f"&_lastUpdated={value}" for value in values)
        assert (await found(screening, f"{asked}{query}"))["total"] == expected, values
    refused = await screening.get(f"{URL}/{asked}&_lastUpdated=2026-02-30")
    assert assert_outcome(refused, 422, "validation-failed")["errors"][0]["parameter"] == "_lastUpdated"


async def test_a_search_by_post_finds_the_same_without_a_key(screening: httpx.AsyncClient, three: list[str]) -> None:
    for kind in ("QuestionnaireResponse", "Observation"):
        by_get = await found(screening, f"{kind}?subject={SUBJECT}&_count=2")
        content = f"subject=urn%3Asplot%3Asubject%7C{SUBJECT}"
        program = call_as(scope="screening:read", counties=["*"])
        answer = await screening.post(f"{URL}/{kind}/_search?_count=2", content=content, headers=FORM | program)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["total"], ids(answer.json())) == (by_get["total"], ids(by_get))
        assert ids(await found(screening, str(link(answer.json(), "next"))))
    of_demo = await screening.post(f"{URL}/Questionnaire/_search", content="instrument=DEMO", headers=FORM)
    assert of_demo.json()["total"] == 2
    for content, name, code in (
        ("patient=1", "patient", "unknown"),
        (f"subject={SUBJECT}&" * 2, "subject", "repeated"),
    ):
        refused = await screening.post(f"{URL}/Observation/_search", content=content, headers=FORM)
        error = {"parameter": name, "code": code}
        assert assert_outcome(refused, 422, "validation-failed")["errors"] == [error]
    assert_outcome(await screening.post(f"{URL}/Observation/_search", json={}), 415, "unsupported-media-type")


async def test_a_resource_says_its_version_and_is_not_sent_twice(screening: httpx.AsyncClient) -> None:
    created = await post(screening, response())
    made = created.json()
    assert (created.headers["etag"], made["meta"]["versionId"]) == ('W/"1"', "1")
    assert created.headers["location"] == f"{BASE}/QuestionnaireResponse/{made['id']}/_history/1"
    assert datetime.fromisoformat(made["meta"]["lastUpdated"]).tzinfo is not None
    place = created.headers["location"].removeprefix("http://127.0.0.1:8000")
    assert (await screening.get(place)).json() == made
    one = f"{URL}/QuestionnaireResponse/{made['id']}"
    assert (await screening.get(one, headers={"if-none-match": 'W/"1"'})).status_code == 304
    kept = (await screening.get(f"/v1/screening/screenings/{made['id']}")).json()
    assert (await act(screening, kept, "confirm")).status_code == 200
    confirmed = await screening.get(one, headers={"if-none-match": 'W/"1"'})
    assert (confirmed.status_code, confirmed.headers["etag"]) == (200, 'W/"2"')
    assert confirmed.json()["meta"]["lastUpdated"] >= made["meta"]["lastUpdated"]
    assert_outcome(await screening.get(place), 404, "fhir-resource-not-found")
    bundle = await found(screening, f"QuestionnaireResponse?_id={made['id']}")
    assert bundle["entry"][0]["resource"] == confirmed.json()


async def test_every_refusal_is_an_outcome(screening: httpx.AsyncClient) -> None:
    anonymous = {"authorization": ""}
    answers = [
        (await screening.get(f"{URL}/Questionnaire", headers=anonymous), 401, "unauthenticated", "login"),
        (await screening.get(f"{URL}/Patient/1"), 404, "not-found", "not-found"),
        (await screening.get(f"{URL}/Observation/x"), 404, "not-found", "not-found"),
        (await screening.delete(f"{URL}/Questionnaire"), 405, "method-not-allowed", "not-supported"),
        (await screening.get(f"{URL}/metadata?_format=xml"), 406, "not-acceptable", "not-supported"),
        (
            await screening.get(f"{URL}/Questionnaire", headers={"accept": "application/fhir+xml"}),
            406,
            "not-acceptable",
            "not-supported",
        ),
        (await screening.get(f"{URL}/Observation"), 422, "validation-failed", "required"),
        (
            await screening.post(f"{URL}/QuestionnaireResponse", content=b"{", headers={"content-type": "text/xml"}),
            415,
            "unsupported-media-type",
            "not-supported",
        ),
        (
            await screening.post(
                f"{URL}/QuestionnaireResponse", content=b"{", headers={"content-type": "application/json"}
            ),
            400,
            "malformed-json",
            "invalid",
        ),
    ]
    for answer, status, slug, kind in answers:
        assert_outcome(answer, status, slug)
        assert answer.json()["issue"][0]["code"] == kind
        OperationOutcome.model_validate(answer.json())
    assert answers[3][0].headers["allow"] == "GET, HEAD"
    assert answers[0][0].headers["www-authenticate"].startswith("Bearer")
