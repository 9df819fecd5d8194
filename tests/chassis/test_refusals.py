"""How a refusal reads, and that nothing ever leaves without being one."""

import json
import re
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.chassis.data.database import Database, problem_of
from services.chassis.ground import refusals
from services.chassis.ground.problems import FieldError, Internal, NotFound, Problem, ValidationFailed, catalogue
from services.chassis.ground.refusals import preferred_language, problem_bytes
from services.chassis.ground.settings import ServiceSettings
from services.chassis.migrating import asyncpg_url
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import INSTITUTION, add_institution, add_territory, app_of, fetch

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
    assert not [code for code, (english, polish) in refusals.WORDS.items() if english == polish or not polish]


async def test_every_constraint_that_a_problem_names_exists(admin_url: str) -> None:
    named = {kind.constraint for kind in catalogue() if kind.constraint and kind.__module__.startswith("services.")}
    admin = await asyncpg.connect(asyncpg_url(admin_url))
    found = await admin.fetch("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
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
    assert problem["detail"] == ("is not known here" if language == "en" else "nie jest tu znane")
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


@pytest.fixture
async def registry_without_database(
    registry: httpx.AsyncClient, settings: ServiceSettings
) -> AsyncIterator[httpx.AsyncClient]:
    """The registry whose database has gone."""
    state, kept = app_of(registry).state, app_of(registry).state.database
    url = type(settings.database_url)("postgresql+asyncpg://registry_app:x@127.0.0.1:1/nowhere")
    state.database = Database(settings.model_copy(update={"database_url": url}), "registry")
    yield registry
    await state.database.close()
    state.database = kept


async def test_without_the_database_it_is_said_so_and_when_to_try_again(
    registry_without_database: httpx.AsyncClient,
) -> None:
    client = registry_without_database
    for answer in [
        await client.get(URL),
        await client.post(URL, json=INSTITUTION),
        await client.get("/v1/registry/events", headers=call_as("operator")),
    ]:
        assert_problem(answer, 503, "database-unavailable")
        assert int(answer.headers["retry-after"]) >= 1
    assert (await client.get("/livez")).status_code == 200
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"status": "unavailable"})


async def test_with_database_and_keys_the_registry_is_ready(racing_registry: httpx.AsyncClient) -> None:
    assert (await racing_registry.get("/readyz")).status_code == 200


@pytest.mark.parametrize("kind", [RuntimeError, KeyError, ValueError, AssertionError, UnicodeError, RecursionError])
async def test_an_unexpected_error_tells_nothing(
    registry: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    kind: type[Exception],
) -> None:
    def fail(*_: object) -> None:
        raise kind("KANAREK")

    monkeypatch.setattr(app_of(registry).state.database, "reading", fail)
    answer = await registry.get(URL)
    problem = assert_problem(answer, 500, "internal")
    said = capfd.readouterr()
    assert "KANAREK" not in answer.text + str(answer.headers) + said.out + said.err
    assert problem.keys() == {"type", "title", "status", "code", "instance", "trace_id"}
    assert problem["trace_id"] in said.out + said.err


async def test_a_time_out_below_is_not_taken_for_the_callers_deadline(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(app_of(registry).state.database, "reading", fail)
    assert_problem(await registry.get(URL), 503, "database-unavailable")


async def test_a_request_whose_time_is_over_writes_nothing(racing_registry: httpx.AsyncClient) -> None:
    await add_territory(racing_registry)
    answer = await racing_registry.post(URL, json=INSTITUTION, headers={"x-deadline-ms": "0"})
    assert_problem(answer, 504, "upstream-timeout")
    assert await fetch(racing_registry, "SELECT 1 FROM institutions") == []


@pytest.mark.parametrize("deadline", ["", "soon", "-5", "1e3", "9" * 400, "\u0663"])
async def test_a_deadline_that_is_no_number_is_none(registry: httpx.AsyncClient, deadline: str) -> None:
    headers = [(b"x-deadline-ms", deadline.encode())]
    assert (await registry.get(URL, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (asyncpg.LockNotAvailableError("KANAREK"), 503, "resource-busy"),
        (asyncpg.SerializationError("KANAREK"), 503, "resource-busy"),
        (asyncpg.DeadlockDetectedError("KANAREK"), 503, "resource-busy"),
        (asyncpg.QueryCanceledError("KANAREK"), 503, "unavailable"),
        (asyncpg.DiskFullError("KANAREK"), 503, "storage-exhausted"),
        (asyncpg.TooManyConnectionsError("KANAREK"), 503, "overloaded"),
        (asyncpg.AdminShutdownError("KANAREK"), 503, "database-unavailable"),
        (asyncpg.CannotConnectNowError("KANAREK"), 503, "database-unavailable"),
        (asyncpg.ConnectionDoesNotExistError("KANAREK"), 503, "database-unavailable"),
        (asyncpg.InternalClientError("KANAREK"), 503, "database-unavailable"),
        (asyncpg.UniqueViolationError("KANAREK"), 409, "duplicate"),
        (asyncpg.ExclusionViolationError("KANAREK"), 409, "duplicate"),
        (asyncpg.ForeignKeyViolationError("KANAREK"), 422, "unknown-reference"),
        (asyncpg.InsufficientPrivilegeError("KANAREK"), 500, "internal"),
        (asyncpg.UndefinedTableError("KANAREK"), 500, "internal"),
        (PoolTimeout("KANAREK"), 503, "overloaded"),
        (ConnectionResetError("KANAREK"), 503, "database-unavailable"),
        (KeyError("KANAREK"), 500, "internal"),
    ],
)
def test_what_the_database_says_has_one_meaning(error: Exception, status: int, slug: str) -> None:
    wrapped = DBAPIError("SELECT", {}, error)
    wrapped.__cause__ = error
    for told in (error, wrapped):
        problem = problem_of(told)
        assert (problem.status, problem.slug()) == (status, slug)
        assert "KANAREK" not in json.dumps([problem.members, problem.errors])


def test_a_trail_that_cannot_be_written_is_told_apart() -> None:
    fields = {"S": "ERROR", "C": "42501", "M": "permission denied for table audit_records"}
    assert problem_of(asyncpg.PostgresError.new(fields)).slug() == "audit-unavailable"
    assert problem_of(asyncpg.PostgresError.new(fields | {"M": "permission denied for table x"})).status == 500


def test_a_problem_in_a_chain_is_the_answer() -> None:
    outer = RuntimeError()
    outer.__cause__ = NotFound()
    assert isinstance(problem_of(outer), NotFound)
    assert isinstance(problem_of(ExceptionGroup("g", [ValueError()])), Internal)


async def test_a_broken_constraint_is_the_problem_that_names_it(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    await add_institution(registry, rspo="77")
    answer = await registry.post(URL, json=INSTITUTION | {"rspo": "77"})
    assert_problem(answer, 409, "rspo-already-registered")
    assert "77" not in re.sub(r'"trace_id":"\w+"', "", answer.text)


def test_at_most_a_hundred_errors_are_told() -> None:
    many = ValidationFailed(*[FieldError("pointer", f"/{number}", "missing") for number in range(1000)])
    body = json.loads(problem_bytes(many, language="en", trace_id="0", instance="/"))
    assert (len(body["errors"]), body["detail"]) == (100, "is required")


async def test_the_catalogue_is_public_so_that_its_pages_can_be_made(registry: httpx.AsyncClient) -> None:
    del registry.headers["authorization"]
    listed = (await registry.get("/problems")).json()
    slugs = [entry["slug"] for entry in listed]
    assert slugs == sorted(set(slugs))
    assert {kind.slug() for kind in catalogue()} == set(slugs)
