"""Which web pages may call from a browser: those of listed origins, without cookies."""

from gateway.headers import Headers

METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
REQUEST_HEADERS = (
    b"Accept, Accept-Language, Authorization, Content-Disposition, Content-Type,"
    b" Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, traceparent,"
    b" tracestate"
)
READABLE_HEADERS = (
    b"API-Version, Content-Disposition, Data-Lag-Seconds, Deprecation, ETag,"
    b" Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After,"
    b" Server-Timing, Sunset, WWW-Authenticate, traceparent"
)
# A cache must not give the answer for one origin to a page of another.
VARY = (b"vary", b"Origin")


class Cors:
    """The allowed origins, and the headers that name them to a browser."""

    def __init__(self, origins: list[str]) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)

    def headers(self, origin: bytes | None) -> Headers:
        """Headers of an answer to a page of this origin; another origin is not allowed."""
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
        """Headers of the answer to a preflight request."""
        if origin is None or origin not in self._origins:
            return [VARY]
        # The origin itself is among the headers of every answer. `allow-credentials` is
        # never sent: callers send tokens, and no cookie may replace one.
        return [
            (b"access-control-allow-methods", METHODS),
            (b"access-control-allow-headers", REQUEST_HEADERS),
            (b"access-control-max-age", b"600"),
        ]
