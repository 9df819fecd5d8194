"""What is answered when the database is gone, is slow or refuses, and when an error is ours."""

import json
import re
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.chassis.data.database import Database, problem_of
from services.chassis.ground.problems import Internal, NotFound
from services.chassis.ground.settings import ServiceSettings
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import INSTITUTION, add_institution, add_territory, app_of, fetch

URL = "/v1/registry/institutions"


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
