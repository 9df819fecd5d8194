"""How a refusal reads, and that nothing ever leaves without being one."""

import json
import re

import asyncpg
import httpx
import pytest

from services.chassis.ground.problems import FieldError, Problem, ValidationFailed, catalogue
from services.chassis.ground.refusals import preferred_language, problem_bytes
from services.chassis.migrating import asyncpg_url
from services.chassis.wording import refusals as wording
from tests.support.problems import assert_problem
from tests.support.records import INSTITUTION, add_territory, fetch

URL = "/v1/registry/institutions"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def _slug(kind: type[Problem]) -> str:
    return kind.slug()


KINDS: list[type[Problem]] = sorted(set(catalogue()), key=_slug)


@pytest.mark.parametrize("kind", KINDS, ids=_slug)
def test_a_problem_reads_in_both_languages(kind: type[Problem]) -> None:
    assert kind.title("pl")
    assert kind.title("en")
    assert kind.title("pl") != kind.title("en")
    assert 400 <= kind.status < 600
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug())


def test_every_code_has_words_in_both_languages() -> None:
    assert not [code for code, (english, polish) in wording.WORDS.items() if english == polish or not polish]


async def test_every_constraint_that_a_problem_names_exists(admin_url: str) -> None:
    named = {kind.constraint for kind in catalogue() if kind.constraint and kind.__module__.startswith("services.")}
    admin = await asyncpg.connect(asyncpg_url(admin_url))
    # A trigger that refuses a row gives its own name as the constraint.
    found = await admin.fetch(
        "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes UNION SELECT tgname FROM pg_trigger"
    )
    await admin.close()
    assert named
    assert named <= {row["conname"] for row in found}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "pl"),
        ("en", "en"),
        ("en-GB,en;q=0.9,pl;q=0.2", "en"),
        ("pl,en;q=0.9", "pl"),
        ("de, fr;q=0.5", "pl"),
        ("en;q=0", "pl"),
        ("pl;q=0.3,en;q=0.30001", "pl"),
        ("EN-us", "en"),
        ("*", "pl"),
        ("en;q=9", "pl"),
        ("<script>", "pl"),
        ("," * 5000 + "en", "pl"),
    ],
)
async def test_a_problem_is_told_in_the_callers_language(
    registry: httpx.AsyncClient, accepted: str, language: str
) -> None:
    answer = await registry.get(f"{URL}?x=1", headers={"accept-language": accepted})
    problem = assert_problem(answer, 422, "validation-failed")
    assert problem["title"] == ValidationFailed.title("en" if language == "en" else "pl")
    assert problem["detail"].startswith("A field is not known here." if language == "en" else "Pole nie jest tu znane.")
    assert (answer.headers["content-language"], preferred_language(accepted)) == (language, language)
    assert (problem["code"], answer.headers["cache-control"]) == ("validation_failed", "no-store")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/registry",
        "/v1/registry/castles",
        f"{URL}/",
        f"/V1{URL[3:]}",
        f"{URL}/x/close/now",
        "/v1/casework",
    ],
)
async def test_an_unknown_address_is_not_found_and_nobody_is_sent_elsewhere(
    registry: httpx.AsyncClient, path: str
) -> None:
    problem = assert_problem(await registry.get(path), 404, "not-found")
    assert problem["instance"] == path


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", URL, {"GET", "HEAD", "POST"}),
        ("PUT", f"{URL}/01990000-0000-7000-8000-000000000001", {"GET", "HEAD", "PATCH"}),
        ("GET", f"{URL}/01990000-0000-7000-8000-000000000001/close", {"POST"}),
        ("POST", "/v1/registry/counties", {"GET", "HEAD"}),
        ("TRACE", URL, {"GET", "HEAD", "POST"}),
        ("BREW", "/v1/registry/events", {"GET", "HEAD"}),
    ],
)
async def test_a_method_that_is_not_taken_is_refused_with_those_that_are(
    registry: httpx.AsyncClient, method: str, path: str, allowed: set[str]
) -> None:
    answer = await registry.request(method, path, headers={"x-http-method-override": "GET"})
    assert_problem(answer, 405, "method-not-allowed")
    assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "key",
    [
        "{01990000-0000-7000-8000-000000000001}",
        "urn:uuid:01990000-0000-7000-8000-000000000001",
        "01990000000070008000000000000001",
        "01990000-0000-7000-8000-00000000000A",
        "00000000-0000-0000-0000-000000000000",
        "%00",
        "%FF",
        "' OR 1=1--",
        "..",
    ],
)
async def test_an_id_that_nothing_has_is_not_found_however_it_is_written(registry: httpx.AsyncClient, key: str) -> None:
    answer = await registry.get(f"{URL}/{key}/functions")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_trace_of_the_caller_goes_through_everything(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    made = await registry.post(URL, json=INSTITUTION, headers=headers)
    assert made.headers["traceparent"].split("-")[1] == TRACE
    refused = await registry.get(f"{URL}?x=1", headers=headers)
    assert refused.json()["trace_id"] == TRACE
    assert [row.trace_id for row in await fetch(registry, "SELECT trace_id FROM audit_records")] == [TRACE]


@pytest.mark.parametrize(
    "broken",
    ["", "x", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"00-{TRACE.upper()}-00f067aa0ba902b7-01", "00-1-2-3", "a" * 4000],
)
async def test_a_broken_trace_is_replaced(registry: httpx.AsyncClient, broken: str) -> None:
    first, second = [await registry.get(f"{URL}?x=1", headers={"traceparent": broken}) for _ in range(2)]
    traces = {answer.json()["trace_id"] for answer in (first, second)}
    assert len(traces) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", trace) and int(trace, 16) for trace in traces)


def test_at_most_a_hundred_errors_are_told() -> None:
    many = ValidationFailed(*[FieldError("pointer", f"/{number}", "missing") for number in range(1000)])
    body = json.loads(problem_bytes(many, language="en", trace_id="0", instance="/"))
    told = "A field is required. Correct the fields in `errors` and send the request again."
    assert (len(body["errors"]), body["detail"]) == (100, told)


async def test_the_catalogue_is_public_so_that_its_pages_can_be_made(registry: httpx.AsyncClient) -> None:
    del registry.headers["authorization"]
    listed = (await registry.get("/problems")).json()
    slugs = [entry["slug"] for entry in listed]
    assert slugs == sorted(set(slugs))
    assert {kind.slug() for kind in catalogue()} == set(slugs)
