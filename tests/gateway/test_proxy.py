"""One request through the gateway to a service and back, as a stream."""

import asyncio

import pytest

from tests.gateway.conftest import ANNA, Town
from tests.gateway.fakes import AssertProblem, misbehaving, read_answer, request_bytes, speak

LONG = b"".join(b"%07d\n" % line for line in range(50_000))


def chunked(data: bytes, size: int) -> bytes:
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


async def test_a_request_reaches_its_service_as_it_was_sent(open_town: Town) -> None:
    open_town.registry.status, open_town.registry.body = 201, b'{"id":"1"}'
    answer = await open_town.ask(
        "/v1/registry/institutions?x=1",
        "Content-Type: application/json",
        "Content-Length: 12",
        method="POST",
        body=b'{"name":"a"}',
    )
    seen = open_town.registry.seen[0]
    assert (seen.method, seen.path, seen.query) == ("POST", "/v1/registry/institutions", "x=1")
    assert (seen.body, seen.header("content-type")) == (b'{"name":"a"}', "application/json")
    assert (answer.status, answer.body) == (201, b'{"id":"1"}')


@pytest.mark.parametrize("size", [1000, 65_536, 400_000])
async def test_a_long_body_arrives_whole_with_or_without_a_length(open_town: Town, size: int) -> None:
    address, data = "/v1/registry/institution-imports", LONG[:size]
    await open_town.ask(address, f"Content-Length: {len(data)}", method="POST", body=data)
    await open_town.ask(address, "Transfer-Encoding: chunked", method="POST", body=chunked(data, 10_000))
    assert [seen.body for seen in open_town.registry.seen] == [data, data]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_every_changing_method_carries_its_body(open_town: Town, method: str) -> None:
    await open_town.ask("/v1/registry/institutions/1", "Content-Length: 2", method=method, body=b"{}")
    assert [(seen.method, seen.body) for seen in open_town.registry.seen] == [(method, b"{}")]


async def test_a_long_answer_arrives_whole(open_town: Town) -> None:
    open_town.registry.body = LONG
    answer = await open_town.ask("/v1/registry/institutions?format=csv")
    assert (answer.status, answer.body) == (200, LONG)


@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_without_a_body_stays_one(open_town: Town, status: int) -> None:
    open_town.registry.status, open_town.registry.headers = status, [(b"etag", b'"a:1"')]
    open_town.registry.body = b""
    answer = await open_town.ask("/v1/registry/institutions/1")
    assert (answer.status, answer.body, answer.header("etag")) == (status, b"", '"a:1"')
    assert answer.header("transfer-encoding") is None


async def test_head_gets_the_headers_only(open_town: Town) -> None:
    answer = await open_town.ask("/v1/registry/institutions", method="HEAD")
    assert (answer.status, answer.header("content-length"), answer.body) == (200, "12", b"")
    assert open_town.registry.seen[0].method == "HEAD"


async def test_connections_to_a_service_are_kept(town: Town) -> None:
    opened = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

    async with misbehaving(count, town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        for _ in range(3):
            assert (await town.ask("/v1/registry/institutions")).status == 200
    assert opened == 1


async def test_events_reach_the_reader_while_the_stream_stays_open(town: Town) -> None:
    go_on = asyncio.Event()

    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        writer.write(b"8\r\ndata: 1\n\r\n")
        await go_on.wait()
        writer.write(b"8\r\ndata: 2\n\r\n0\r\n\r\n")
        await writer.drain()

    async with misbehaving(stream, town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        reader, writer = await asyncio.open_connection("127.0.0.1", town.port)
        writer.write(request_bytes("/v1/registry/jobs/1/events", f"Authorization: Bearer {ANNA}"))
        assert (await reader.readuntil(b"data: 1\n")).startswith(b"HTTP/1.1 200 ")
        go_on.set()
        assert b"data: 2\n" in await reader.read()
        writer.close()


async def test_an_answer_may_come_before_the_body_was_read(town: Town) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n{}")
        await writer.drain()
        await reader.read()  # closing now would break off what is still sent, and the answer with it

    async with misbehaving(refuse, town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        reader, writer = await asyncio.open_connection("127.0.0.1", town.port)
        lines = (f"Authorization: Bearer {ANNA}", "Content-Length: 10000000")
        writer.write(request_bytes("/v1/registry/institution-imports", *lines, method="POST", body=LONG))
        answer = read_answer(await reader.read())
        writer.close()
    assert (answer.status, answer.body, answer.closed) == (401, b"{}", True)


async def test_work_nobody_waits_for_is_given_up(open_town: Town) -> None:
    open_town.registry.may_answer = asyncio.Event()
    _, writer = await asyncio.open_connection("127.0.0.1", open_town.port)
    writer.write(request_bytes("/v1/registry/institutions", f"Authorization: Bearer {ANNA}"))
    await open_town.registry.asked.wait()
    writer.close()
    await open_town.registry.left.wait()


async def test_the_deadline_holds_for_an_answer_that_drips(town: Town, assert_problem: AssertProblem) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
        await reader.read()

    async with misbehaving(drip, town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"], deadline_seconds=0.01)
        assert_problem(await town.ask("/v1/registry/institutions"), 504, "upstream-timeout")


async def test_a_service_past_the_deadline_is_told_by_the_end_of_its_connection(
    town: Town, assert_problem: AssertProblem
) -> None:
    await town.open(deadline_seconds=0.01)
    town.registry.may_answer = asyncio.Event()
    assert_problem(await town.ask("/v1/registry/institutions"), 504, "upstream-timeout")
    await town.registry.left.wait()


async def test_an_undeployed_service_is_nowhere(town: Town, assert_problem: AssertProblem) -> None:
    await town.open()
    assert_problem(await town.ask("/v1/casework/cases"), 404, "not-found")


async def test_the_issuer_is_reached_in_development_without_a_token(town: Town) -> None:
    await town.open(issuer_upstream=f"unix:{town.folder}/registry.sock", environment="development")
    answer = await town.ask("/issuer/token", "Content-Length: 3", method="POST", body=b"a=b", token=None)
    assert (answer.status, town.registry.seen[0].path) == (200, "/issuer/token")


async def test_two_askers_on_one_connection_do_not_see_each_others_answers(open_town: Town) -> None:
    open_town.registry.body = b'{"a":1}'
    first = request_bytes("/v1/registry/institutions/1", f"Authorization: Bearer {ANNA}").replace(
        b"Connection: close\r\n", b""
    )
    second = request_bytes("/v1/registry/institutions/2")
    answers = await speak(open_town.port, first + second)
    assert answers.count(b'{"a":1}') == 1
    assert answers.count(b"/problems/unauthenticated") == 1
