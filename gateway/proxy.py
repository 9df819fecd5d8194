"""Pass a request to a service and its answer back; a truncated answer never looks whole."""

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
from services.chassis.ground.problems import (
    Problem,
    UpstreamInvalidResponse,
    UpstreamUnavailable,
)

LONGEST_BUFFERED = 65_536
"""Bytes. An answer up to this length is sent when it is complete, so that a broken one can
become a problem."""
WITHOUT_BODY = frozenset({204, 304})


class BrokenOff(Exception):
    """The service failed after its answer had begun, so the caller's connection is cut too."""


class Answer(NamedTuple):
    """A complete answer."""

    status: int
    headers: Headers
    body: bytes


async def forward(request: Request, upstream: Upstream, body: Body) -> None:
    """Send the request and pass the answer on while it arrives."""
    exchange = await _exchange(request, upstream, body)
    try:
        connection = exchange.connection
        headers = checked_headers(connection)
        if not body.complete:
            # The service answered before the whole body had arrived. The rest is not
            # read, so no other request can follow on this connection.
            headers.append(CLOSING)
        if connection.complete or not is_long(connection):
            answer = await _whole_body(exchange)
            # The empty body here does not have the length of the answer to GET.
            if request.method != "HEAD":
                add_length(connection, headers, answer)
            await request.answer(connection.status, headers, answer)
        else:
            await _stream(request, exchange, headers)
    finally:
        exchange.end()


async def fetch(request: Request, upstream: Upstream, body: Body) -> Answer:
    """Send the request and wait for the whole answer."""
    exchange = await _exchange(request, upstream, body)
    try:
        headers = checked_headers(exchange.connection)
        return Answer(exchange.connection.status, headers, await _whole_body(exchange))
    finally:
        exchange.end()


async def _exchange(request: Request, upstream: Upstream, body: Body) -> Exchange:
    """An exchange whose answer has begun.

    If a replica fails, the request is sent once more, to another one, if that cannot do
    anything twice; to each of them if it could not be sent at all.
    """
    failed_replicas: list[Replica] = []
    while True:
        # The express lane may have sent the request already.
        earlier, request.exchange = request.exchange, None
        replica = (
            earlier.replica if earlier else upstream.replica(besides=failed_replicas)
        )
        if replica is None:
            raise UpstreamUnavailable(retry_after=1)
        try:
            exchange = earlier or await _begin(replica)
            return await _with_answer_begun(
                request, exchange, body, is_sent=earlier is not None
            )
        except ExchangeFailed as failure:
            replica.failed()
            failed_replicas.append(replica)
            most = len(upstream.replicas) if isinstance(failure, ConnectFailed) else 1
            if len(failed_replicas) > max(most - 1, 1) or not _may_repeat(
                request, body, failure, upstream
            ):
                raise _problem_of(failure) from None


async def _begin(replica: Replica) -> Exchange:
    connection = await replica.connection()
    replica.begin(connection)
    return Exchange(replica, connection)


async def _with_answer_begun(
    request: Request, exchange: Exchange, body: Body, *, is_sent: bool
) -> Exchange:
    """The same exchange when its answer has begun; sends the request unless `is_sent`."""
    connection = exchange.connection
    try:
        if not is_sent:
            await _send(request, exchange, body)
        await connection.wait_for_head()
    except BaseException as failure:
        # Half a head is an answer: the request may have been carried out.
        if isinstance(failure, ConnectionBroken) and connection.has_begun:
            failure = InvalidAnswer()
        connection.close()
        exchange.replica.end(connection, answered=False)
        raise failure from None
    return exchange


async def _send(request: Request, exchange: Exchange, body: Body) -> None:
    framing = _framing(request, body) if body.expected else b""
    lines = forwarded_lines(request.headers) + framing
    # The remaining time: waiting for the body has used some of it.
    seconds = request.deadline - asyncio.get_running_loop().time()
    head = request_head(request, exchange.replica, lines, seconds)
    exchange.connection.send(
        head + request.buffered if body.complete else head,
        bodiless=request.method == "HEAD",
    )
    if not body.complete:
        await _upload(request, exchange.connection, body)


def forwarded_lines(headers: dict[bytes, bytes]) -> bytes:
    """The headers of a request that reach the service, without its length.

    The length is written anew, by how the body is sent on.
    """
    return lines_of(
        (name, headers[name])
        for name in headers
        if name in PASSED_ON and name != b"content-length"
    )


def request_head(
    request: Request, replica: Replica, lines: bytes, seconds: float
) -> bytes:
    """The head that the service gets; `lines` are its forwarded headers.

    The gateway adds the caller's address, the seconds that are left, and the trace.
    """
    return (
        b"%b %b HTTP/1.1\r\n%b%bx-forwarded-for: %b\r\nx-deadline-ms: %d\r\n"
        b"traceparent: %b\r\n\r\n"
    ) % (
        request.method.encode(),
        request.target,
        replica.host_line,
        lines,
        request.client,
        max(seconds * 1000, 1),
        request.traceparent,
    )


def _framing(request: Request, body: Body) -> bytes:
    # A short body has arrived as a whole, so even a chunked one gets a length.
    if body.complete:
        return b"content-length: %d\r\n" % len(request.buffered)
    if body.chunked:
        return b"transfer-encoding: chunked\r\n"
    return b"content-length: %b\r\n" % request.headers[b"content-length"]


async def _upload(request: Request, connection: Connection, body: Body) -> None:
    """Send the rest of a long body until it ends or the service answers before that."""
    # In parallel: a service may refuse a file by its beginning. It then reads no more,
    # and the body would never be sent to its end.
    sending = asyncio.create_task(_send_body(request, connection, body))
    answering = asyncio.create_task(connection.wait_for_head())
    try:
        await asyncio.wait({sending, answering}, return_when=asyncio.FIRST_COMPLETED)
        # A fault of the caller (gone, too slow, too much) is raised as such, not as a
        # failure of the service.
        if not connection.status and sending.done():
            await sending
        await answering
    finally:
        for task in (sending, answering):
            task.cancel()
        await asyncio.gather(sending, answering, return_exceptions=True)
        # The service still expects the rest of this body.
        if not body.complete:
            connection.reusable = False


async def _send_body(request: Request, connection: Connection, body: Body) -> None:
    await connection.write(_in_chunk(request.buffered, body))
    while not body.complete:
        await connection.write(_in_chunk(await body.piece(), body))
    if body.chunked:
        await connection.write(b"0\r\n\r\n")


def _in_chunk(data: bytes, body: Body) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data) if body.chunked and data else data


def checked_headers(connection: Connection) -> Headers:
    """The headers of an answer that the caller gets.

    UpstreamInvalidResponse for an error that is no refusal (a crash page), and for an
    encoding, which is never requested.
    """
    headers = connection.by_name
    kind = headers.get(b"content-type", b"")
    is_problem = kind.startswith(
        (b"application/problem+json", b"application/fhir+json")
    )
    if connection.status >= 500 and not is_problem:
        raise UpstreamInvalidResponse
    if b"content-encoding" in headers:
        raise UpstreamInvalidResponse
    return answer_headers(connection.headers, headers)


def is_long(connection: Connection) -> bool:
    """Whether an answer is longer than what is buffered, or has no declared length."""
    length = connection.by_name.get(b"content-length")
    return length is None or int(length) > LONGEST_BUFFERED


def add_length(connection: Connection, headers: Headers, body: bytes) -> None:
    """Add the length of a complete body that came in chunks."""
    has_length = b"content-length" in connection.by_name
    if not has_length and connection.status not in WITHOUT_BODY:
        headers.append((b"content-length", b"%d" % len(body)))


async def _whole_body(exchange: Exchange) -> bytes:
    try:
        return await exchange.connection.wait_for_all()
    except ExchangeFailed:
        exchange.replica.breaker.failed()
        raise UpstreamInvalidResponse from None


async def _stream(request: Request, exchange: Exchange, headers: Headers) -> None:
    await request.start(exchange.connection.status, headers)
    try:
        while data := await exchange.connection.read():
            # A long answer must not count as silence, which is probed.
            exchange.replica.answered()
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
    """Whether a failed request may be sent again: nothing may be done twice.

    It may if it was not sent, changes nothing, or has a key by which the service
    recognises it.
    """
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
