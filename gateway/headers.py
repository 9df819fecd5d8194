"""The headers that pass, in both directions. A request header in no list is dropped."""

from collections.abc import Iterable

from services.chassis.ground.problems import HeadersTooLarge, MalformedRequest
from services.chassis.serving.server import LARGEST_HEADERS, MOST_HEADERS

Headers = list[tuple[bytes, bytes]]

ONE = False
LIST = True
# What passes is listed, not what does not: a caller cannot send the headers by which
# services trust the gateway (`x-forwarded-for`, `x-deadline-ms`). Without
# `accept-encoding` no service encodes its answer; `proxy` refuses one that does.
PASSED_ON: dict[bytes, bool] = {
    b"accept": LIST,
    b"accept-language": LIST,
    b"authorization": ONE,
    b"content-disposition": ONE,
    b"content-language": ONE,
    b"content-length": ONE,
    b"content-type": ONE,
    b"idempotency-key": ONE,
    b"if-match": LIST,
    b"if-none-match": LIST,
    b"last-event-id": ONE,
    b"prefer": LIST,
    b"tracestate": LIST,
    b"webhook-id": ONE,
    b"webhook-signature": LIST,
    b"webhook-timestamp": ONE,
}
"""Request headers that reach a service: LIST may come more than once, ONE may not."""

READ_HERE: dict[bytes, bool] = {
    b"accept-encoding": LIST,
    b"access-control-request-headers": LIST,
    b"access-control-request-method": ONE,
    b"content-encoding": LIST,
    b"expect": ONE,
    b"host": ONE,
    b"origin": ONE,
    b"traceparent": ONE,
    b"transfer-encoding": ONE,
    b"x-forwarded-for": LIST,
}
"""Request headers that the gateway reads itself and does not pass on.

Where a service gets a header of such a name, the gateway wrote it."""

_KNOWN = PASSED_ON | READ_HERE
# The recommendation on trace contexts asks to restart a broken trace, not to refuse it.
_IGNORED_IF_REPEATED = frozenset({b"traceparent"})

DROPPED_FROM_ANSWERS = frozenset(
    {
        b"access-control-allow-credentials",
        b"access-control-allow-headers",
        b"access-control-allow-methods",
        b"access-control-allow-origin",
        b"access-control-expose-headers",
        b"connection",
        b"date",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-connection",
        b"referrer-policy",
        b"server",
        b"te",
        b"traceparent",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"x-content-type-options",
        b"x-powered-by",
    }
)
"""Answer headers that are dropped: those of the connection, and those that we write."""

WRITTEN_ON_ANSWERS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
TRANSPORT_SECURITY = (
    b"strict-transport-security",
    b"max-age=31536000; includeSubDomains",
)
NOT_STORED = (b"cache-control", b"no-store")
# Stored, but checked each time: the document at an address may change.
CHECK_AGAIN = (b"cache-control", b"no-cache")
NOTHING_TO_LOAD = (
    b"content-security-policy",
    b"default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
)


def lines_of(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Headers as lines of HTTP/1.1."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def read_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The listed headers of a request, by name.

    HeadersTooLarge when all of them together are too many or too long; MalformedRequest
    when one comes twice that may come once.
    """
    by_name: dict[bytes, bytes] = {}
    count = size = 0
    for name, value in headers:
        count += 1
        # Dropped headers count as well. The 4 bytes are the colon, the space and the
        # end of the line.
        size += len(name) + len(value) + 4
        may_repeat = _KNOWN.get(name)
        if may_repeat is None:
            continue
        by_name[name] = (
            value
            if name not in by_name
            else _joined(name, by_name[name], value, may_repeat)
        )
    if count > MOST_HEADERS or size > LARGEST_HEADERS:
        raise HeadersTooLarge
    return by_name


def _joined(name: bytes, first: bytes, second: bytes, may_repeat: bool) -> bytes:
    if may_repeat:
        return first + b", " + second
    if name in _IGNORED_IF_REPEATED:
        return b""
    # Of two values one program would take the first and another the second.
    raise MalformedRequest


def answer_headers(headers: Headers, by_name: dict[bytes, bytes]) -> Headers:
    """The headers of a service's answer that the caller gets; `by_name` are the same.

    Unless the service says otherwise, the answer is not to be stored and loads nothing.
    """
    result = [header for header in headers if header[0] not in DROPPED_FROM_ANSWERS]
    # A record must not stay in a cache because a service forgot a header.
    if b"cache-control" not in by_name:
        result.append(NOT_STORED)
    if b"content-security-policy" not in by_name:
        result.append(NOTHING_TO_LOAD)
    return result
