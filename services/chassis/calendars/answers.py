"""A calendar over HTTP: its bytes are their own validator."""

import hashlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.ground.problems import Problem
from services.chassis.ground.responses import problems

ICAL = "text/calendar"


def calendar_answers(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an endpoint that answers with a calendar."""
    content = {"content": {ICAL: {"schema": {"type": "string"}}}}
    return {200: content, **problems(*kinds)}


def calendar_answer(request: Request, body: bytes) -> Response:
    """The calendar; 304 where the program has these bytes already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    tags = request.headers.get("if-none-match", "").replace("W/", "").split(",")
    if {tag, "*"} & {each.strip() for each in tags}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=ICAL, headers=headers)
