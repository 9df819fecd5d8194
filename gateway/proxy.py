"""Pass one request to one upstream and its answer back, as a stream, never a truncated one as if it were whole."""

import asyncio
from typing import NamedTuple

from gateway.connections import (
    ConnectFailed,
    Connection,
    ConnectionBroken,
    ExchangeFailed,
    InvalidAnswer,
)
from gateway.headers import PASSED_ON, Headers, answer_headers, lines_of
from gateway.requests import CLOSING, Body, Request
from gateway.routes import SAFE_METHODS
from gateway.upstreams import Exchange, Replica, Upstream
from services.chassis.problems import (
    Problem,
    UpstreamInvalidResponse,
    UpstreamUnavailable,
)

HELD_BACK = 65_536
"""An answer announced as no longer than this is sent when it is complete, so that a broken one can become a problem."""
WITHOUT_BODY = frozenset({204, 304})


class BrokenOff(Exception):
    """The upstream failed after the answer had begun; the caller's connection has to be broken off too."""


class Answer(NamedTuple):
    """A complete answer."""

    status: int
    headers: Headers
    body: bytes


async def forward(request: Request, upstream: Upstream, body: Body) -> None:
    """Ask the upstream and pass its answer on while it arrives."""
    exchange = await ask(request, upstream, body)
    try:
        connection = exchange.connection
        headers = checked_headers(connection)
        if not body.complete:
            headers.append(CLOSING)
        if (
            connection.complete
            or int(connection.known.get(b"content-length", HELD_BACK + 1)) <= HELD_BACK
        ):
            body_of_answer = await _whole(exchange)
            if request.method != "HEAD":
                tell_length(connection, headers, body_of_answer)
            await request.answer(connection.status, headers, body_of_answer)
        else:
            await _stream(request, exchange, headers)
    finally:
        exchange.end()


async def fetch(request: Request, upstream: Upstream, body: Body) -> Answer:
    """Ask the upstream and wait for its whole answer."""
    exchange = await ask(request, upstream, body)
    try:
        headers = checked_headers(exchange.connection)
        return Answer(exchange.connection.status, headers, await _whole(exchange))
    finally:
        exchange.end()


async def ask(request: Request, upstream: Upstream, body: Body) -> Exchange:
    """Send the request to a healthy replica; once more to another one if that cannot do anything twice."""
    before: Replica | None = None
    while True:
        begun, request.exchange = request.exchange, None
        replica = begun.replica if begun else upstream.replica(besides=before)
        if replica is None:
            raise UpstreamUnavailable(retry_after=1)
        try:
            return await _answer_to(
                request, begun or await _begin(replica), body, is_sent=begun is not None
            )
        except ExchangeFailed as failure:
            replica.breaker.failed()
            if before is not None or not _may_repeat(request, body, failure, upstream):
                raise _problem_of(failure) from None
            before = replica


async def _begin(replica: Replica) -> Exchange:
    connection = await replica.connection()
    replica.begin(connection)
    return Exchange(replica, connection)


async def _answer_to(
    request: Request, exchange: Exchange, body: Body, *, is_sent: bool
) -> Exchange:
    """Send the request, unless the express lane has done that, and return when the answer has begun."""
    connection = exchange.connection
    try:
        if not is_sent:
            framing = _framing(request, body) if body.expected else b""
            left = request.deadline - asyncio.get_running_loop().time()
            head = request_head(
                request, exchange.replica, listed_lines(request.headers) + framing, left
            )
            connection.send(
                head + request.buffered if body.complete else head,
                bodiless=request.method == "HEAD",
            )
            if not body.complete:
                await _upload(request, connection, body)
        await connection.wait_for_head()
    except BaseException as failure:
        if isinstance(failure, ConnectionBroken) and connection.was_heard:
            failure = InvalidAnswer()
        connection.close()
        exchange.replica.end(connection, answered=False)
        raise failure from None
    return exchange


def listed_lines(headers: dict[bytes, bytes]) -> bytes:
    """Those headers of a request that reach the service; the one of its length is written anew."""
    return lines_of(
        (name, headers[name])
        for name in headers
        if name in PASSED_ON and name != b"content-length"
    )


def request_head(
    request: Request, replica: Replica, lines: bytes, seconds: float
) -> bytes:
    """The request as the service sees it: listed headers, and what the gateway vouches for."""
    return (
        b"%b %b HTTP/1.1\r\n%b%bx-forwarded-for: %b\r\nx-deadline-ms: %d\r\ntraceparent: 00-%b-%b-01\r\n\r\n"
    ) % (
        request.method.encode(),
        request.target,
        replica.host_line,
        lines,
        request.client,
        max(seconds * 1000, 1),
        request.trace,
        request.span,
    )


def _framing(request: Request, body: Body) -> bytes:
    if body.complete:
        return b"content-length: %d\r\n" % len(request.buffered)
    if body.chunked:
        return b"transfer-encoding: chunked\r\n"
    return b"content-length: %b\r\n" % request.headers[b"content-length"]


async def _upload(request: Request, connection: Connection, body: Body) -> None:
    """Send the rest of a long body until it ends or the upstream answers without waiting for it."""
    sending = asyncio.create_task(_send_body(request, connection, body))
    hearing = asyncio.create_task(connection.wait_for_head())
    try:
        await asyncio.wait({sending, hearing}, return_when=asyncio.FIRST_COMPLETED)
        if not connection.status and sending.done():
            await sending
        await hearing
    finally:
        for task in (sending, hearing):
            task.cancel()
        await asyncio.gather(sending, hearing, return_exceptions=True)
        if not body.complete:
            connection.reusable = False


async def _send_body(request: Request, connection: Connection, body: Body) -> None:
    await connection.write(_framed(request.buffered, body))
    while not body.complete:
        await connection.write(_framed(await body.piece(), body))
    if body.chunked:
        await connection.write(b"0\r\n\r\n")


def _framed(data: bytes, body: Body) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data) if body.chunked and data else data


def checked_headers(connection: Connection) -> Headers:
    """The headers to pass on. An encoding nobody asked for, or a crash page in place of a problem, is not passed on."""
    known = connection.known
    if connection.status >= 500 and not known.get(b"content-type", b"").startswith(
        b"application/problem+json"
    ):
        raise UpstreamInvalidResponse
    if b"content-encoding" in known:
        raise UpstreamInvalidResponse
    return answer_headers(connection.headers, known)


def tell_length(connection: Connection, headers: Headers, body: bytes) -> None:
    """Add the length of a complete body that came in chunks."""
    if (
        b"content-length" not in connection.known
        and connection.status not in WITHOUT_BODY
    ):
        headers.append((b"content-length", b"%d" % len(body)))


async def _whole(exchange: Exchange) -> bytes:
    try:
        return await exchange.connection.wait_for_all()
    except ExchangeFailed:
        exchange.replica.breaker.failed()
        raise UpstreamInvalidResponse from None


async def _stream(request: Request, exchange: Exchange, headers: Headers) -> None:
    await request.start(exchange.connection.status, headers)
    try:
        while data := await exchange.connection.read():
            exchange.replica.heard()
            await request.send(
                {"type": "http.response.body", "body": data, "more_body": True}
            )
    except ExchangeFailed:
        exchange.replica.breaker.failed()
        raise BrokenOff from None
    await request.send({"type": "http.response.body", "body": b""})


def _may_repeat(
    request: Request, body: Body, failure: ExchangeFailed, upstream: Upstream
) -> bool:
    """Nothing may be done twice: only what was not sent, changes nothing, or carries a key the service knows again."""
    if isinstance(failure, ConnectFailed):
        return True
    if not isinstance(failure, ConnectionBroken) or not body.complete:
        return False
    return (
        request.method in SAFE_METHODS or b"idempotency-key" in request.headers
    ) and upstream.may_retry()


def _problem_of(failure: ExchangeFailed) -> Problem:
    return (
        UpstreamInvalidResponse()
        if isinstance(failure, InvalidAnswer)
        else UpstreamUnavailable(retry_after=1)
    )
