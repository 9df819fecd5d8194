"""`GET …/events`: the outbox as others follow it."""

import asyncio
import json
import time
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.events import read_events as read
from services.chassis.identity import requires
from services.chassis.listing import QueryCount
from services.chassis.problems import answers
from services.chassis.routes import router
from services.chassis.scalars import Line

SECONDS_BETWEEN_LOOKS = 0.25


class EventRead(BaseModel):
    """A CloudEvents 1.0 event."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str = "application/json"
    sequence: str = Field(description="dense: a gap would be a loss")
    subjectversion: int = Field(description="version of the subject after the change")
    countyterc: str | None
    traceid: str
    data: dict[str, Any]


class EventFeed(BaseModel):
    """Events in their order; ask again with `after=next_cursor`."""

    items: list[EventRead]
    next_cursor: str


_Cursor = Annotated[
    Line, Query(pattern="^[0-9]{1,18}$", description="`next_cursor` of the last answer; 0 from the beginning")
]


def event_feed(service: str, permission: StrEnum) -> APIRouter:
    """`GET …/events` for callers with that permission."""
    feed = router(tags=["events"])

    @feed.get(
        "/events",
        name=f"read_{service}_events",
        responses=answers(EventFeed),
        dependencies=[requires(permission)],
    )
    async def read_events(
        request: Request,
        after: _Cursor = "0",
        wait: Annotated[QueryCount, Query(ge=0, le=30, description="seconds to wait for the first new event")] = 0,
        limit: Annotated[QueryCount, Query(ge=1, le=1000, description="events in one answer")] = 100,
        type: Annotated[Line, Query(max_length=100, description="only this type")] = "",  # noqa: A002
    ) -> Response:
        """What changed since, in order and complete. Long poll with `wait`; the same cursor always replays the same."""
        deadline = time.monotonic() + wait
        while True:
            found = await read(request.app.state.database, after, type, limit)
            if found is not None or time.monotonic() >= deadline or await request.is_disconnected():
                items, last = found or ("[]", after)
                body = f'{{"items":{items},"next_cursor":{json.dumps(str(last))}}}'
                return Response(body, media_type="application/json", headers={"cache-control": "no-store"})
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    return feed
