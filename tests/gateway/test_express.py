"""The express lane answers as the ordinary way does, and gives way to it wherever something is unusual."""

import asyncio
import os
import time
from collections.abc import Callable

import pytest

from gateway.fast.express import ExpressRequest
from gateway.fast.protocol import ExpressProtocol
from tests.gateway.conftest import ANNA, BARTEK, Town
from tests.gateway.fakes import (
    Answer,
    AssertProblem,
    misbehaving,
    read_answer,
    request_bytes,
    saying,
    serving,
    speak,
)

pytestmark = pytest.mark.skipif("PLAIN_WAYS" in os.environ, reason="the express lane is switched off")
PLAIN = "/v1/registry/institutions"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.fixture
def passages(monkeypatch: pytest.MonkeyPatch) -> list[ExpressRequest]:
    """Those that have begun so far."""
    begun: list[ExpressRequest] = []
    begin: Callable[..., None] = ExpressRequest.begin

    def noted(self: ExpressRequest, *where: object) -> None:
        begun.append(self)
        begin(self, *where)

    monkeypatch.setattr(ExpressRequest, "begin", noted)
    return begun


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[ExpressRequest]:
    """Those that went on the ordinary way."""
    over: list[ExpressRequest] = []
    hand_over: Callable[..., None] = ExpressProtocol.hand_over

    def noted(self: ExpressProtocol, request: ExpressRequest, exchange: object) -> None:
        over.append(request)
        hand_over(self, request, exchange)

    monkeypatch.setattr(ExpressProtocol, "hand_over", noted)
    return over


def without_what_differs(answer: Answer) -> tuple[int, list[tuple[str, str]], bytes]:
    kept = sorted((name, value) for name, value in answer.headers if name not in {"traceparent", "date"})
    return answer.status, kept, answer.body


@pytest.mark.parametrize("target", [PLAIN, f"{PLAIN}?limit=5&q=%00", f"{PLAIN}/01890a5d-ac96-774b-bcce-b302099a8057"])
@pytest.mark.parametrize("status", [200, 304, 403, 404, 422])
async def test_both_ways_ask_and_answer_the_same(
    open_town: Town, passages: list[ExpressRequest], target: str, status: int
) -> None:
    open_town.registry.status = status
    open_town.registry.headers = [(b"content-type", b"application/json"), (b"etag", b'"a:1"'), (b"server", b"x")]
    lines = ("Accept-Language: en", "X-Actor: 6", 'If-None-Match: "a:1"', "X-Forwarded-For: 6.6.6.6")
    ordinary, express = [await open_town.ask(target, *lines) for _ in range(2)]
    assert len(passages) == 1
    assert without_what_differs(ordinary) == without_what_differs(express)
    assert ordinary.header("traceparent") != express.header("traceparent")
    first, second = open_town.registry.seen
    different = {"traceparent", "x-deadline-ms"}
    for name in {name for name, _ in [*first.headers, *second.headers]} - different:
        assert first.header(name) == second.header(name)
    assert {name for name, _ in first.headers} == {name for name, _ in second.headers}


@pytest.mark.parametrize(
    ("target", "how"),
    [
        ("/v1/registry/counties", {}),
        (f"{PLAIN}?format=csv", {}),
        ("/v1/registry/events", {}),
        ("/openapi.json", {}),
        (PLAIN, {"method": "POST"}),
        (PLAIN, {"method": "HEAD"}),
        (PLAIN, {"token": None}),
        (PLAIN, {"token": "guess"}),
        (PLAIN, {"host": "evil.example"}),
        (f"{PLAIN}/", {}),
        ("/v1/registry/../x", {}),
    ],
)
async def test_what_is_not_a_plain_read_goes_the_ordinary_way(
    open_town: Town, passages: list[ExpressRequest], target: str, how: dict[str, str]
) -> None:
    await open_town.ask(PLAIN)
    await open_town.ask(target, **how)
    assert not passages


async def test_requests_on_one_connection_are_answered_in_order_by_either_way(
    open_town: Town, passages: list[ExpressRequest]
) -> None:
    open_town.registry.body = b'{"n":1}'
    await open_town.ask(PLAIN)
    plain = f"GET {PLAIN} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {ANNA}\r\n\r\n"
    refused = "GET /v1/registry/x/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    last = request_bytes(PLAIN, f"Authorization: Bearer {ANNA}")
    answers = await speak(open_town.port, (plain + refused + plain).encode() + last)
    assert [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]] == [200, 404, 200, 200]
    assert len(passages) == 1


async def test_what_a_connection_said_before_counts_only_while_it_says_the_same(
    open_town: Town, passages: list[ExpressRequest]
) -> None:
    await open_town.ask(PLAIN)

    def ask(token: str, *lines: str) -> bytes:
        given = ("Host: 127.0.0.1", f"Authorization: Bearer {token}", *lines, "", "")
        return "\r\n".join((f"GET {PLAIN} HTTP/1.1", *given)).encode()

    reader, writer = await asyncio.open_connection("127.0.0.1", open_town.port)
    statuses = []
    for raw in (ask(ANNA), ask(ANNA), ask("guess"), ask(ANNA, "Host: evil.example"), ask(BARTEK, "If-Match: a")):
        writer.write(raw)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        statuses.append(int(head[9:12]))
        await reader.readexactly(int(head.lower().partition("content-length: ")[2].partition("\r")[0]))
    writer.close()
    assert statuses == [200, 200, 401, 400, 200]
    assert [seen.header("authorization") for seen in open_town.registry.seen[1:]] == [
        f"Bearer {ANNA}",
        f"Bearer {ANNA}",
        f"Bearer {BARTEK}",
    ]
    assert [seen.header("if-match") for seen in open_town.registry.seen[1:]] == [None, None, "a"]
    assert len(passages) == 3


async def test_a_token_that_runs_out_on_a_connection_is_refused_there(
    open_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_town.ask(PLAIN)
    raw = f"GET {PLAIN} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {ANNA}\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", open_town.port)
    for _ in range(3):
        writer.write(raw)
        assert b" 200 " in await reader.readuntil(b'\r\n\r\n{"items":[]}')
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 90_000)
    writer.write(raw)
    assert b" 401 " in await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def test_a_deadline_ends_a_passage_too(
    town: Town, passages: list[ExpressRequest], assert_problem: AssertProblem
) -> None:
    await town.open(deadline_seconds=0.05)
    await town.ask(PLAIN)
    town.registry.may_answer = asyncio.Event()
    answer = await town.ask(PLAIN)
    assert len(passages) == 1
    assert_problem(answer, 504, "upstream-timeout")
    await town.registry.left.wait()


async def test_a_passage_nobody_waits_for_is_given_up(open_town: Town, passages: list[ExpressRequest]) -> None:
    await open_town.ask(PLAIN)
    open_town.registry.may_answer = asyncio.Event()
    open_town.registry.asked.clear()
    _, writer = await asyncio.open_connection("127.0.0.1", open_town.port)
    writer.write(request_bytes(PLAIN, f"Authorization: Bearer {ANNA}"))
    await open_town.registry.asked.wait()
    writer.close()
    await open_town.registry.left.wait()
    assert len(passages) == 1
    room = open_town.gateway.entrance.room
    assert not any(room._inside.values())


async def test_a_long_answer_is_passed_on_as_a_stream(
    open_town: Town, passages: list[ExpressRequest], handed_over: list[ExpressRequest]
) -> None:
    await open_town.ask(PLAIN)
    open_town.registry.body = b"x" * 1_000_000
    answer = await open_town.ask(PLAIN)
    assert answer.body == open_town.registry.body
    assert handed_over == passages
    assert len(passages) == 1


async def test_a_short_answer_in_chunks_gets_a_length_on_either_way(town: Town, passages: list[ExpressRequest]) -> None:
    chunks = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx-trailer: a\r\n\r\n"
    async with misbehaving(saying(chunks, keep_open=1), town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        answers = [await town.ask(PLAIN) for _ in range(2)]
    assert [(answer.body, answer.header("content-length")) for answer in answers] == [(b"{}", "2")] * 2
    assert {answer.header("transfer-encoding") for answer in answers} == {None}
    assert len(passages) == 1


async def test_a_connection_that_was_lost_is_asked_for_again_on_the_ordinary_way(
    town: Town, handed_over: list[ExpressRequest]
) -> None:
    asked: list[bytes] = []
    async with misbehaving(saying(OK, b"", OK, asked=asked, keep_open=1), town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        assert [(await town.ask(PLAIN)).status for _ in range(2)] == [200, 200]
    assert len(asked) == 3
    assert len(handed_over) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-encoding: gzip\r\n\r\n{}",
        b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 9\r\n\r\nTraceback",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        OK + OK,
    ],
)
async def test_an_answer_that_cannot_be_trusted_is_refused_on_this_way_too(
    town: Town, handed_over: list[ExpressRequest], assert_problem: AssertProblem, answer: bytes
) -> None:
    async with misbehaving(saying(OK, answer, keep_open=1), town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        await town.ask(PLAIN)
        assert_problem(await town.ask(PLAIN), 502, "upstream-invalid-response")
    assert len(handed_over) == 1


async def test_a_passage_counts_for_the_limits(town: Town, assert_problem: AssertProblem) -> None:
    await town.open(max_requests=1)
    await town.ask(PLAIN)
    town.registry.may_answer = asyncio.Event()
    town.registry.asked.clear()
    waiting = asyncio.create_task(town.ask(PLAIN))
    await town.registry.asked.wait()
    assert_problem(await town.ask(PLAIN), 503, "overloaded")
    town.registry.may_answer.set()
    assert (await waiting).status == 200


async def test_an_application_without_an_express_lane_is_served_as_by_uvicorn() -> None:
    async def plain(scope: dict[str, object], receive: object, send: Callable[..., object]) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})  # type: ignore[misc]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[misc]

    async with serving(plain, http=ExpressProtocol) as port:
        assert read_answer(await speak(port, request_bytes("/x?y"))).status == 204
