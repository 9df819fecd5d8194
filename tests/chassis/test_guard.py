"""Both servers: a message that is faulty, too large outside its body or never complete ends its connection alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.fast.protocol import ExpressProtocol
from gateway.server import PatientProtocol
from services.chassis.serving import server
from services.chassis.serving.server import LARGEST_HEADERS, MOST_HEADERS, GuardedProtocol
from tests.gateway.fakes import read_answer, serving, speak

CHUNKED = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
CLOSING = "POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
NEXT = "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class Telling:
    """An application that tells what it was sent, and notes what reached it whole."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.answers_early = False

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        body, more = b"", not self.answers_early
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body, more = body + message["body"], message["more_body"]
        self.heard.append(scope["path"])
        names = [name.decode() for name, _ in scope["headers"]]
        told = json.dumps({"names": names, "size": len(body)}).encode()
        headers = [(b"content-length", b"%d" % len(told))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})


@pytest.fixture
def app() -> Telling:
    return Telling()


@pytest.fixture(params=[GuardedProtocol, PatientProtocol, ExpressProtocol])
async def port(app: Telling, request: pytest.FixtureRequest) -> AsyncIterator[int]:
    async with serving(app, http=request.param) as port:
        yield port


async def said(port: int, *pieces: str) -> bytes:
    """What the server says to these pieces, each of which it has read before the next one is sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece.encode("latin-1"))
            await writer.drain()
            for _ in range(10):
                await asyncio.sleep(0)
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "pieces", [["0\r\nX-Caller: eve\r\n", "Host: b\r\n\r\n"], ["0\r\nX-Caller: eve\r\nHost: b\r\n\r\n"]]
)
async def test_trailers_are_never_headers(port: int, pieces: list[str]) -> None:
    answer = read_answer(await said(port, CHUNKED + pieces[0], *pieces[1:], NEXT))
    assert json.loads(answer.body[: int(answer.header("content-length") or 0)]) == {
        "names": ["host", "transfer-encoding"],
        "size": 3,
    }


def assert_refused(raw: bytes) -> None:
    """400, unless it was lost because the sender went on sending to a closed connection."""
    assert raw.startswith(b"HTTP/1.1 400 ") or raw == b""


def trailers(number: int, size: int) -> str:
    return "".join(f"X-{place}: {'a' * size}\r\n" for place in range(number))


@pytest.mark.parametrize(
    "section",
    [
        trailers(MOST_HEADERS + 1, 1),
        trailers(2, LARGEST_HEADERS // 2),
        "X: " + "a" * LARGEST_HEADERS * 2,
        "a" * LARGEST_HEADERS * 2,
    ],
    ids=["too many", "too large together", "one without end", "a name without end"],
)
@pytest.mark.parametrize("cut", [True, False])
async def test_trailers_beyond_the_limits_of_a_head_are_refused(
    port: int, app: Telling, section: str, *, cut: bool
) -> None:
    cuts = [section[place : place + 4096] for place in range(0, len(section), 4096)] if cut else ["", section]
    assert_refused(await said(port, CHUNKED + "0\r\n", *cuts, "\r\n\r\n"))
    assert app.heard == []


async def test_trailers_within_the_limits_are_taken(port: int) -> None:
    raw = await speak(port, (CLOSING + "0\r\n" + trailers(MOST_HEADERS, 200) + "\r\n").encode())
    assert raw.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("piece", ["1;" + "x" * 300 + "\r\na\r\n", "1" + ";x=y" * 100 + "\r\na\r\n"])
async def test_extensions_of_chunks_are_limited_together(port: int, app: Telling, piece: str) -> None:
    assert_refused(await said(port, CHUNKED, *[piece] * 80, "0\r\n\r\n"))
    assert app.heard == []


async def test_an_extension_without_end_is_refused(port: int, app: Telling) -> None:
    assert_refused(await said(port, CHUNKED, "1;", *["x" * 4096] * 5))
    assert app.heard == []


async def test_small_chunks_and_short_extensions_are_taken(port: int) -> None:
    small = "1;a=b\r\nx\r\n" * 100
    raw = await said(port, CLOSING, *[small] * 50, "0\r\n\r\n")
    assert json.loads(read_answer(raw).body)["size"] == 5000


@pytest.mark.parametrize("end", ["0\r\nX: a", "0\r\n", "1;x", ""])
async def test_what_ends_a_body_is_not_waited_for(
    port: int, app: Telling, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(server, "BODY_SECONDS", 0.02)
    assert await said(port, CHUNKED + end) == b""
    assert app.heard == []


async def test_trailers_that_drip_do_not_win_time(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "BODY_SECONDS", 0.02)
    monkeypatch.setattr(server, "LARGEST_HEADERS", 2**40)
    monkeypatch.setattr(server, "MOST_HEADERS", 2**40)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(CHUNKED.encode() + b"0\r\n")
    while not reader.at_eof() and not writer.is_closing():
        writer.write(b"X: a\r\n")
        await asyncio.sleep(0)
    writer.close()


async def test_the_rest_of_a_body_nobody_reads_is_not_waited_for(
    port: int, app: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.02)
    app.answers_early = True
    raw = await said(port, CHUNKED)
    assert raw.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("framing", ["Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_a_body_under_a_method_without_one_ends_the_connection(
    port: int, app: Telling, method: str, framing: str
) -> None:
    raw = await said(port, f"{method} /x HTTP/1.1\r\nHost: a\r\n{framing}", NEXT)
    assert raw.count(b"HTTP/1.1 200 ") == 1
    assert read_answer(raw).closed
    assert app.heard == ["/x"]


@pytest.mark.parametrize(
    "raw",
    [
        "POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n",
        "GET /x#y HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x?y#z HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/x#y HTTP/1.1\r\nHost: a\r\n\r\n",
        *(f"{method} * HTTP/1.1\r\nHost: a\r\n\r\n" for method in ("GET", "POST", "OPTIONS")),
        *(
            f"POST /x HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n{framing}\r\n\r\n"
            for framing in ("Content-Length: 3", "Transfer-Encoding: chunked")
        ),
    ],
)
async def test_a_target_or_framing_with_two_readings_is_refused(port: int, app: Telling, raw: str) -> None:
    answer = await said(port, raw + NEXT)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert app.heard == []


async def test_a_refusal_is_never_taken_for_the_answer_to_an_earlier_request(port: int, app: Telling) -> None:
    raw = await speak(port, b"GET /x HTTP/1.1\r\nHost: a\r\n\r\nGET /y#z HTTP/1.1\r\nHost: a\r\n\r\n")
    assert b"HTTP/1.1 400 " not in raw


@pytest.mark.parametrize("head", ["GET /" + "a" * 4096, "GET / HTTP/1.1\r\nX: " + "a" * 4096])
async def test_a_head_without_end_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch, head: str) -> None:
    monkeypatch.setattr(server, "LARGEST_READ_HEAD", 4096)
    assert await said(port, head) == b""


async def test_a_head_is_not_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.02)
    assert await said(port, "GET / HTTP/1.1\r\n") == b""
