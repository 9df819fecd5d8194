"""Requests on a bare socket: what is not exactly one well-formed request is refused and the connection closed."""

import asyncio

import pytest

from services.chassis.serving import server
from tests.gateway.conftest import ANNA, Town
from tests.gateway.fakes import AssertProblem, FakeService, read_answer, request_bytes, speak

ASK = "GET /v1/registry/counties HTTP/1.1\r\n"
POST = "POST /v1/registry/institutions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HOST = "Host: 127.0.0.1\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        POST + "Content-Length: 3\r\n" + CHUNKED + "\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        POST + CHUNKED + "Content-Length: 3\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        POST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        POST + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
        POST + "Content-Length: 1, 1\r\n\r\na",
        *(POST + f"Content-Length: {length}\r\n\r\nabc" for length in ("+3", "-1", "0x3", "1_0", "", "9" * 20)),
        POST + "Content-Length : 3\r\n\r\nabc",
        *(
            POST + f"Transfer-Encoding: {coding}\r\n\r\n0\r\n\r\n"
            for coding in ("xchunked", "chunked, identity", "\x0bchunked")
        ),
        *(POST + CHUNKED + f"\r\n{chunk}\r\nabc\r\n0\r\n\r\n" for chunk in ("0x3", "+3", "0_3", "3" * 17, "3;a\nb")),
        POST + CHUNKED + "\r\n3\nabc\r\n0\r\n\r\n",
        POST + CHUNKED + "\r\n3\r\nabcXX0\r\n\r\n",
        ASK + "Host: 127.0.0.1\nX: y\n\n",
        ASK + HOST + "X: a\rb\r\n\r\n",
        ASK + HOST + "X: a\x00b\r\n\r\n",
        ASK + HOST + "X\x00Y: a\r\n\r\n",
        ASK + HOST + "X Y: a\r\n\r\n",
        ASK + HOST + ": a\r\n\r\n",
        ASK + " Host: 127.0.0.1\r\n\r\n",
        "GET /v1/registry/counties HTTP/9.9\r\n" + HOST + "\r\n",
        "GET /v1/registry/counties HTTP/1.2\r\n" + HOST + "\r\n",
        "get /v1/registry/counties HTTP/1.1\r\n" + HOST + "\r\n",
        "GET /v1/registry/counties\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /v1/registry/cou\xc5\x9bnties HTTP/1.1\r\n" + HOST + "\r\n",
    ],
)
async def test_what_is_not_one_request_gets_400_and_a_closed_connection(open_town: Town, raw: str) -> None:
    answer = await speak(open_town.port, raw.encode("latin-1"))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert not open_town.registry.seen


@pytest.mark.parametrize(
    ("hosts", "status", "slug"),
    [
        ((), 400, "malformed-request"),
        (("127.0.0.1", "127.0.0.1"), 400, "malformed-request"),
        (("a.pl/..@evil",), 400, "malformed-request"),
        (("127.0.0.1:8o",), 400, "malformed-request"),
        (("evil.example",), 421, "misdirected-request"),
        (("127.0.0.1.evil.example",), 421, "misdirected-request"),
        (("127.0.0.1:8000",), 200, ""),
        (("LOCALHOST",), 200, ""),
        (("[::1]:8000",), 200, ""),
    ],
)
async def test_exactly_one_host_that_is_served_here(
    open_town: Town, assert_problem: AssertProblem, hosts: tuple[str, ...], status: int, slug: str
) -> None:
    lines = "".join(f"Host: {host}\r\n" for host in hosts)
    raw = f"{ASK}{lines}Authorization: Bearer {ANNA}\r\nConnection: close\r\n\r\n"
    answer = read_answer(await speak(open_town.port, raw.encode()))
    if slug:
        assert_problem(answer, status, slug)
    assert answer.status == status


async def test_the_host_of_an_absolute_target_is_the_one_that_counts(open_town: Town) -> None:
    ours = await open_town.ask("http://localhost:8000/v1/registry/counties", host="evil.example")
    theirs = await open_town.ask("http://evil.example/v1/registry/counties", host="localhost")
    assert (ours.status, theirs.status) == (200, 421)


@pytest.mark.parametrize(
    ("lines", "status", "slug"),
    [
        (["X-Long: " + "a" * 65_536], 431, "headers-too-large"),
        ([f"X-{number}: a" for number in range(1000)], 431, "headers-too-large"),
        ([f"X-{number}: a" for number in range(61)], 200, ""),
        (["Authorization: Bearer another"], 400, "malformed-request"),
        (["Idempotency-Key: a", "Idempotency-Key: b"], 400, "malformed-request"),
        (["Expect: something"], 417, "expectation-failed"),
    ],
)
async def test_headers_have_limits(
    open_town: Town, assert_problem: AssertProblem, lines: list[str], status: int, slug: str
) -> None:
    answer = await open_town.ask("/v1/registry/counties", *lines)
    if slug:
        assert_problem(answer, status, slug)
    assert answer.status == status
    assert len(open_town.registry.seen) == (status == 200)


async def test_a_head_without_end_is_cut_off(open_town: Town) -> None:
    endless = ASK.encode() + b"X: " + b"a" * server.LARGEST_READ_HEAD
    assert await speak(open_town.port, endless) == b""


async def test_a_head_that_does_not_arrive_is_not_waited_for(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.02)
    await town.open()
    assert await speak(town.port) == b""
    assert await speak(town.port, ASK.encode()) == b""


@pytest.mark.parametrize(("method", "allow"), [("CONNECT", True), ("TRACE", True), ("PROPFIND", True), ("GET", False)])
async def test_only_the_methods_of_the_api_are_taken(
    open_town: Town, assert_problem: AssertProblem, method: str, allow: bool
) -> None:
    target = "example.org:443" if method == "CONNECT" else "/v1/registry/counties"
    answer = await open_town.ask(target, "X-HTTP-Method-Override: DELETE", method=method)
    if allow:
        assert_problem(answer, 405, "method-not-allowed")
        assert "GET" in (answer.header("allow") or "")
    else:
        assert open_town.registry.seen[0].method == "GET"


async def test_an_upgrade_is_not_taken_up_nor_passed_on(open_town: Town) -> None:
    raw = (
        f"{ASK}{HOST}Authorization: Bearer {ANNA}\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n\r\n"
    )
    answer = read_answer(await speak(open_town.port, raw.encode()))
    assert answer.status == 200
    assert open_town.registry.seen[0].header("upgrade") is None


async def test_the_body_of_a_get_is_not_passed_on_and_ends_the_connection(open_town: Town) -> None:
    inner = f"GET /v1/registry/inner HTTP/1.1\r\n{HOST}\r\n"
    raw = f"{ASK}{HOST}Authorization: Bearer {ANNA}\r\nContent-Length: {len(inner)}\r\n\r\n{inner}"
    answer = await speak(open_town.port, raw.encode())
    assert answer.count(b"HTTP/1.1 ") == 1
    assert read_answer(answer).closed
    assert [seen.body for seen in open_town.registry.seen] == [b""]
    assert open_town.registry.seen[0].header("content-length") is None


async def test_pipelined_requests_are_answered_in_order(open_town: Town) -> None:
    asks = [
        f"GET /v1/registry/counties?n={n} HTTP/1.1\r\n{HOST}Authorization: Bearer {ANNA}\r\n\r\n" for n in range(20)
    ]
    last = request_bytes("/v1/registry/counties?n=20", f"Authorization: Bearer {ANNA}")
    answers = await speak(open_town.port, "".join(asks).encode() + last)
    assert answers.count(b"HTTP/1.1 200 ") == 21
    assert [seen.query for seen in open_town.registry.seen] == [f"n={n}" for n in range(21)]


async def test_a_body_is_refused_before_it_is_read_when_it_is_announced_as_too_long(
    open_town: Town, assert_problem: AssertProblem
) -> None:
    answer = await open_town.ask("/v1/registry/institutions", "Content-Length: 1073741824", method="POST")
    assert_problem(answer, 413, "content-too-large")
    assert answer.closed


async def test_a_body_without_a_length_is_cut_off_at_the_limit(town: Town, assert_problem: AssertProblem) -> None:
    await town.open(max_body_bytes=100_000)
    chunk = b"2000\r\n" + b"a" * 0x2000 + b"\r\n"
    answer = await town.ask("/v1/registry/institutions", CHUNKED.strip(), method="POST", body=chunk * 13)
    assert_problem(answer, 413, "content-too-large")
    assert answer.closed
    assert not town.registry.seen


@pytest.mark.parametrize("path", ["/v1/registry/institutions", "/v1/registry/institution-imports"])
async def test_a_body_whose_trailers_stall_is_not_waited_for(
    town: Town, assert_problem: AssertProblem, path: str
) -> None:
    await town.open(body_seconds=0.02)
    answer = await town.ask(path, CHUNKED.strip(), method="POST", body=b"3\r\nabc\r\n0\r\nX-Caller: eve\r\n")
    assert_problem(answer, 408, "request-timeout")
    assert answer.closed
    assert not town.registry.seen


async def test_trailers_reach_no_service(open_town: Town) -> None:
    trailer = b"Prefer: count=exact\r\nAuthorization: Bearer another\r\n"
    answer = await open_town.ask(
        "/v1/registry/institutions", CHUNKED.strip(), method="POST", body=b"3\r\nabc\r\n0\r\n" + trailer + b"\r\n"
    )
    [seen] = open_town.registry.seen
    assert (answer.status, seen.body, seen.header("prefer")) == (200, b"abc", None)
    assert seen.header("authorization") == f"Bearer {ANNA}"


async def test_a_body_that_stalls_is_not_waited_for(town: Town, assert_problem: AssertProblem) -> None:
    await town.open(body_seconds=0.02)
    answer = await town.ask("/v1/registry/institutions", "Content-Length: 10", method="POST", body=b"abc")
    assert_problem(answer, 408, "request-timeout")
    assert answer.closed


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (["Content-Encoding: gzip", "Content-Length: 3"], b"abc"),
        (["Transfer-Encoding: gzip, chunked"], b"3\r\nabc\r\n0\r\n\r\n"),
    ],
)
async def test_a_compressed_body_is_not_taken(
    open_town: Town, assert_problem: AssertProblem, lines: list[str], body: bytes
) -> None:
    answer = await open_town.ask("/v1/registry/institutions", *lines, method="POST", body=body)
    assert_problem(answer, 415, "unsupported-media-type")


async def test_a_sender_who_leaves_in_the_middle_of_a_body_leaves_no_request_behind(open_town: Town) -> None:
    registry: FakeService = open_town.registry
    _, writer = await asyncio.open_connection("127.0.0.1", open_town.port)
    head = request_bytes(
        "/v1/registry/institution-imports", f"Authorization: Bearer {ANNA}", "Content-Length: 200000", method="POST"
    )
    writer.write(head + b"a" * 100_000)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await registry.left.wait()
    assert not registry.seen
