"""The header policy, both ways, in lists: what stands in no list of requests does not pass."""

from collections.abc import Iterable

from services.chassis.problems import HeadersTooLarge, MalformedRequest
from services.chassis.server import LARGEST_HEADERS, MOST_HEADERS

Headers = list[tuple[bytes, bytes]]

ONE = False
LIST = True
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
"""Headers of a request that reach a service, and whether they may come more than once."""

READ_HERE: dict[bytes, bool] = {
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
"""Headers that the gateway itself acts on. Those a service receives under these names are written by the gateway."""

_KNOWN = PASSED_ON | READ_HERE
_MAY_BE_BROKEN = frozenset({b"traceparent"})

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
"""Headers of an upstream that end here: those of its connection, and those that the gateway writes itself."""

WRITTEN_ON_ANSWERS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
TRANSPORT_SECURITY = (
    b"strict-transport-security",
    b"max-age=31536000; includeSubDomains",
)
NOT_STORED = (b"cache-control", b"no-store")
NOTHING_TO_LOAD = (
    b"content-security-policy",
    b"default-src 'none'; frame-ancestors 'none'",
)


def lines_of(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Headers as they are written."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def read_headers(sent: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers that mean something here, by name; raises when they are too many, too long or ambiguous."""
    known: dict[bytes, bytes] = {}
    count = size = 0
    for name, value in sent:
        count += 1
        size += len(name) + len(value) + 4
        repeats = _KNOWN.get(name)
        if repeats is None:
            continue
        known[name] = (
            value if name not in known else _joined(name, known[name], value, repeats)
        )
    if count > MOST_HEADERS or size > LARGEST_HEADERS:
        raise HeadersTooLarge
    return known


def _joined(name: bytes, first: bytes, second: bytes, repeats: bool) -> bytes:
    if repeats:
        return first + b", " + second
    if name in _MAY_BE_BROKEN:
        return b""
    raise MalformedRequest


def answer_headers(received: Headers, known: dict[bytes, bytes]) -> Headers:
    """What a caller sees of an upstream's headers; not stored and loading nothing unless the service says otherwise."""
    passed = [pair for pair in received if pair[0] not in DROPPED_FROM_ANSWERS]
    if b"cache-control" not in known:
        passed.append(NOT_STORED)
    if b"content-security-policy" not in known:
        passed.append(NOTHING_TO_LOAD)
    return passed
