"""The helpers of the client in Python: against answers that are told here, and against the running platform."""

import importlib
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from tests.clients.conftest import Environment

INSTITUTION = {"name": "Żłobek", "type": "nursery", "county_terc": "2469"}
Made = dict[str, Any]


@pytest.fixture
def client(python_programs: dict[str, Path]) -> ModuleType:
    """The package, which is not there before it is generated."""
    return importlib.import_module("splot_client")


@pytest.fixture
async def importer(client: ModuleType, platform: Environment) -> AsyncIterator[Any]:
    async with client.Splot(platform["SPLOT_URL"], platform["IMPORTER"], language="en") as splot:
        yield splot


class Told:
    """A platform that gives these replies one after another, and what it was asked."""

    def __init__(self, client: ModuleType, *replies: httpx.Response | Exception) -> None:
        self.replies = list(replies)
        self.asked: list[httpx.Request] = []
        self.paused: list[float] = []
        self._tokens = 0
        patience = client.Patience(pause=self._pause)
        transport = httpx.MockTransport(self._reply)
        self.splot = client.Splot("http://told.test", self._token, patience=patience, transport=transport)

    def headers(self, name: str) -> list[str | None]:
        return [request.headers.get(name) for request in self.asked]

    async def _token(self) -> str:
        self._tokens += 1
        return f"token-{self._tokens}"

    async def _pause(self, seconds: float) -> None:
        self.paused.append(seconds)

    def _reply(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(httpx.Request(request.method, request.url, headers=request.headers, content=request.content))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


def refusal(status: int, code: str, **headers: str) -> httpx.Response:
    problem = {"title": "No", "detail": "do this", "status": status, "code": code, "missing": ["day"]}
    kind = {"content-type": "application/problem+json"}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=problem, headers=kind | given)


async def test_a_post_is_sent_again_under_the_same_key_after_the_time_it_was_told(client: ModuleType) -> None:
    replayed = httpx.Response(201, json={"id": "1"}, headers={"idempotency-replayed": "true"})
    told = Told(
        client,
        refusal(503, "overloaded", retry_after="3"),
        httpx.ReadError("connection lost"),
        refusal(409, "request_in_progress"),
        replayed,
    )
    answer = await told.splot.registry.create_institution(INSTITUTION)
    assert answer.is_replayed
    assert len({*told.headers("idempotency-key")}) == 1
    assert (len(told.paused), told.paused[0]) == (3, 3)
    assert len({request.content for request in told.asked}) == 1


async def test_a_change_that_was_lost_on_the_way_is_not_sent_again(client: ModuleType) -> None:
    told = Told(client, httpx.ReadError("connection lost"))
    with pytest.raises(client.Unreachable):
        await told.splot.registry.amend_institution("1", {"name": "x"}, if_match='"1:1"')
    assert told.headers("content-type") == ["application/merge-patch+json"]


async def test_who_is_told_to_wait_for_long_is_refused_at_once_with_what_is_missing(client: ModuleType) -> None:
    told = Told(client, refusal(429, "rate_limited", retry_after="600"))
    with pytest.raises(client.ProblemError) as refused:
        await told.splot.registry.list_counties()
    problem = refused.value
    assert (problem.code, problem.missing, problem.detail) == ("rate_limited", ("day",), "do this")
    assert (problem.retry_after, told.paused) == (600, [])


async def test_a_token_that_is_over_is_asked_for_anew_once(client: ModuleType) -> None:
    told = Told(client, refusal(401, "unauthenticated"), refusal(401, "unauthenticated"))
    with pytest.raises(client.ProblemError):
        await told.splot.registry.list_counties()
    assert told.headers("authorization") == ["Bearer token-1", "Bearer token-2"]


class Broken(httpx.AsyncByteStream):
    """What arrives before the connection breaks."""

    def __init__(self, arrives: bytes) -> None:
        self._arrives = arrives

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._arrives
        raise httpx.ReadError("broken")


async def test_a_stream_of_a_job_that_breaks_is_taken_up_where_it_broke(client: ModuleType) -> None:
    first, second = (
        f'id: {number}\nevent: job\ndata: {{"state": "{state}"}}\n\n'.encode()
        for number, state in enumerate(("running", "succeeded"))
    )
    # Half an event was not seen, though its id arrived.
    half = second[: second.index(b"data")]
    told = Told(
        client, httpx.Response(200, stream=Broken(first + half)), httpx.Response(200, content=b": -\n\n" + second)
    )
    started = client.Answer({}, 202, {"location": "/v1/registry/jobs/1"})
    assert [job["state"] async for job in client.watch(told.splot, started)] == ["running", "succeeded"]
    assert told.headers("last-event-id") == [None, "0"]


async def test_a_file_is_imported_its_job_watched_its_rows_listed_and_its_events_followed(
    client: ModuleType, importer: Any
) -> None:
    registry = importer.registry
    rows = [f"P{number};Klubik {number};childrens_club;2469" for number in range(5)]
    file = "\n".join(["external_id;name;type;county_terc", *rows, "P9;Nigdzie;childrens_club;9999", ""]).encode()
    request: Made = {"content_type": "text/csv", "format": "generic", "system": "python", "idempotency_key": "python"}
    before = (await registry.read_registry_events(limit=1000)).data["next_cursor"]
    started = await registry.import_institutions(file, **request)
    job = await client.finished(importer, started)
    assert job["result"]["created"] == 5
    again = await registry.import_institutions(file, **request)
    assert (again.is_replayed, again.data["id"]) == (True, started.data["id"])
    problems = [line async for line in (await registry.list_registry_row_problems(job["id"])).lines()]
    assert ['"line":7' in line.replace(" ", "") for line in problems] == [True]
    found = client.items(registry.list_institutions, limit=2, sort="name", q="Klubik")
    assert [each["name"] async for each in found] == [row.split(";")[1] for row in rows]
    pages = client.follow(importer, "registry", after=before, wait=0)
    types = [event["type"] async for page in pages for event in page["items"]]
    assert types == ["registry.institution.created"] * 5


async def test_who_was_slower_is_told_what_it_is_now_or_writes_again(client: ModuleType, importer: Any) -> None:
    registry = importer.registry
    made = (await registry.create_institution(INSTITUTION)).data["id"]
    others: Iterator[bool] = iter(())

    async def write(read: Any) -> Any:
        if next(others):
            await registry.amend_institution(made, {"name": "Inny"}, if_match=read.etag)
        return await registry.amend_institution(made, {"name": "Mój"}, if_match=read.etag)

    others = iter([True])
    with pytest.raises(client.ChangedMeanwhile) as slower:
        await client.change(lambda: registry.get_institution(made), write)
    assert slower.value.current["name"] == "Inny"
    others = iter([True, False])
    written = await client.change(lambda: registry.get_institution(made), write, tries=2)
    assert written.data["name"] == "Mój"


async def test_a_file_and_the_json_of_one_address_are_told_apart(importer: Any) -> None:
    file = await importer.registry.list_institutions_file(format="csv")
    assert file.media_type == "text/csv"
    assert b"county_terc" in (await file.read()).splitlines()[0]
    assert "items" in (await importer.registry.list_institutions()).data


def test_a_day_is_that_of_poland_an_hour_or_two_before_the_one_of_utc(client: ModuleType) -> None:
    instants = ("2026-11-29T22:59:59Z", "2026-11-29T23:00:00Z", "2026-07-01T21:59:59Z", "2026-07-01T22:00:00Z")
    days = [client.today(datetime.fromisoformat(each)).isoformat() for each in instants]
    assert days == ["2026-11-29", "2026-11-30", "2026-07-01", "2026-07-02"]
    with pytest.raises(ValueError, match="time zone"):
        client.today(datetime.fromisoformat("2026-07-01T12:00:00"))
