"""Which web pages may call from a browser: those of the listed origins, without cookies."""

from gateway.headers import Headers

METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
REQUEST_HEADERS = (
    b"Accept, Accept-Language, Authorization, Content-Disposition, Content-Type, Idempotency-Key, If-Match,"
    b" If-None-Match, Last-Event-ID, Prefer, traceparent, tracestate"
)
READABLE_HEADERS = (
    b"API-Version, Content-Disposition, Deprecation, ETag, Idempotency-Replayed, Link, Location, Retry-After,"
    b" Server-Timing, Sunset, WWW-Authenticate, traceparent"
)
VARY = (b"vary", b"Origin")


class Cors:
    """The allow-list of origins, and the headers that tell a browser of it."""

    def __init__(self, origins: list[str]) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)

    def headers(self, origin: bytes | None) -> Headers:
        """Headers of an answer to a page of this origin; none for a foreign one."""
        if not self._origins:
            return []
        if origin is None or origin not in self._origins:
            return [VARY]
        return [
            VARY,
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", READABLE_HEADERS),
        ]

    def preflight(self, origin: bytes | None) -> Headers:
        """Headers of the answer to a browser that asks beforehand."""
        if origin is None or origin not in self._origins:
            return [VARY]
        return [
            (b"access-control-allow-methods", METHODS),
            (b"access-control-allow-headers", REQUEST_HEADERS),
            (b"access-control-max-age", b"600"),
        ]
