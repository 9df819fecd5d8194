"""Nobody overwrites what they have not read: strong ETags of (id, version), If-Match, If-None-Match."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import Header

from services.chassis.problems import PreconditionRequired, VersionMismatch
from services.chassis.routes import Answer, AnswerTerms

_ETAG = re.compile(r'"([0-9a-z-]{1,64}):([1-9][0-9]{0,9})"', re.ASCII)

IfMatch = Annotated[
    str | None,
    Header(
        description="the ETag of the thing as it was read just before; the example's belongs to nothing here",
        examples=['"01990000-0000-7000-8000-000000000001:3"'],
    ),
]


def etag(key: UUID | str, version: int) -> str:
    """The strong validator of one version."""
    return f'"{key}:{version}"'


def expected_version(if_match: str | None, key: UUID | str) -> int:
    """The version that the caller has read.

    Absent or `*`: PreconditionRequired; weak or of another resource: VersionMismatch.
    """
    if if_match is None or if_match.strip() == "*":
        raise PreconditionRequired()
    match = _ETAG.fullmatch(if_match.strip())
    if match is None or match[1] != str(key) or int(match[2]) > 2**31 - 1:
        raise VersionMismatch()
    return int(match[2])


def tagged(body: bytes | str, tag: str, terms: AnswerTerms | None = None, *, status: int = 200) -> Answer:
    """A JSON answer with its ETag; 304 when the caller already has this version."""
    headers = {"etag": tag, "cache-control": "no-cache"}
    if terms is not None and terms.if_none_match:
        known = [candidate.strip().removeprefix("W/") for candidate in terms.if_none_match.split(",")]
        if tag in known or known == ["*"]:
            return Answer(status_code=304, headers=headers)
    return Answer(body, status, headers)


def created(body: bytes | str, tag: str, location: str) -> Answer:
    """The answer to a creation: 201 with the new resource, its ETag and where it lives."""
    response = tagged(body, tag, status=201)
    response.headers["location"] = location
    return response
