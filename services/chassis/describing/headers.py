"""Headers of answers, described once and referred to where they are sent."""

from typing import Any

Json = dict[str, Any]

RETRIED = frozenset({429, 503})
"""Statuses of refusals that always send Retry-After."""

_TEXT: Json = {"type": "string"}
HEADERS: dict[str, Json] = {
    "ETag": {
        "description": "Which version this is. Send it as `If-Match` to change that"
        " version and no other, as `If-None-Match` to be told of a newer one only.",
        "schema": _TEXT,
        "example": '"0199c0de-0000-7000-8000-000000000001:3"',
    },
    "Link": {
        "description": 'Where the next page is (`rel="next"`, RFC 8288); absent on'
        " the last one.",
        "schema": _TEXT,
        "example": '</v1/registry/institutions?limit=2&cursor=WyJhIl0>; rel="next"',
    },
    "Location": {
        "description": "The address of what was created, or of the job that works on"
        " it.",
        "schema": {"type": "string", "format": "uri-reference"},
        "example": "/v1/registry/institutions/0199c0de-0000-7000-8000-000000000001",
    },
    "Retry-After": {
        "description": "After how many seconds to try again.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 1,
    },
    "Idempotency-Replayed": {
        "description": "`true` where the request was carried out before with the same"
        " `Idempotency-Key`: this is the answer of then. Absent otherwise.",
        "schema": {"type": "string", "const": "true"},
        "example": "true",
    },
    "Preference-Applied": {
        "description": "Which count `Prefer` asked for; absent without `Prefer`.",
        "schema": _TEXT,
        "example": "count=exact",
    },
    "Content-Disposition": {
        "description": "The name of the file; absent where the answer is JSON.",
        "schema": _TEXT,
        "example": 'attachment; filename="institutions-2026-01-31.csv"',
    },
    "WWW-Authenticate": {
        "description": "How to authenticate (RFC 9110): by a bearer token.",
        "schema": _TEXT,
        "example": "Bearer",
    },
}
"""The headers of answers that a client has to know."""


def header(name: str) -> Json:
    """A reference to the description of this header."""
    return {"$ref": f"#/components/headers/{name}"}
