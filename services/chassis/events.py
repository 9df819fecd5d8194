"""The transactional outbox and its feed.

An event is inserted in the transaction of its change. After commit it gets a dense sequence number; readers go by that
number, so a transaction that commits late is never skipped, and two changes of one subject keep their order: whoever
sees the later one committed also sees the earlier one, and numbering goes by insertion among what is visible.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.bodies import Line
from services.chassis.database import Database
from services.chassis.identity import requires
from services.chassis.paging import QueryCount
from services.chassis.problems import answers
from services.chassis.routes import router

SECONDS_BETWEEN_LOOKS = 0.25
_NUMBERING_LOCK = 7_305_801

_PENDING = text("SELECT EXISTS (SELECT FROM events WHERE sequence IS NULL)")
_LOCK = text("SELECT pg_advisory_xact_lock(:name, hashtext(current_schema()))")
_NUMBER = text("""
WITH last AS (SELECT coalesce(max(sequence), 0) AS number FROM events),
     pending AS (SELECT position, row_number() OVER (ORDER BY position) AS place FROM events WHERE sequence IS NULL)
UPDATE events SET sequence = last.number + pending.place FROM last, pending WHERE events.position = pending.position
""")
_READ = text("""
SELECT coalesce(json_agg(json_build_object(
           'specversion', '1.0', 'id', id, 'source', '/v1/' || current_schema(), 'type', type, 'subject', subject,
           'time', occurred_at, 'datacontenttype', 'application/json', 'sequence', sequence::text,
           'subjectversion', subject_version, 'countyterc', county_terc, 'traceid', trace_id, 'data', data
       ) ORDER BY sequence)::text, '[]'), count(*), max(sequence)
FROM (
    SELECT * FROM events WHERE sequence > :after AND (:kind = '' OR type = :kind) ORDER BY sequence LIMIT :limit
) AS part
""")


def emit(
    session: AsyncSession,
    type_: str,
    subject: str,
    version: int,
    *,
    county: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Tell of a change of `subject` (`institutions/<id>`). `data` holds ids, codes and links, never personal data."""
    session.info.setdefault("events", []).append(
        {"type": type_, "subject": subject, "subject_version": version, "county_terc": county, "data": dict(data or {})}
    )


async def number_events(database: Database) -> None:
    """Give every committed event its place in the sequence; one transaction at a time does so."""
    async with database.sessions() as session, session.begin():
        connection = await session.connection()
        if await connection.scalar(_PENDING):
            await connection.execute(_LOCK, {"name": _NUMBERING_LOCK})
            await connection.execute(_NUMBER)


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
        deadline = time.monotonic() + (0 if "splot.is_head" in request.scope else wait)
        while True:
            found = await _read(request.app.state.database, after, type, limit)
            if found is not None or time.monotonic() >= deadline or await request.is_disconnected():
                items, last = found or ("[]", after)
                body = f'{{"items":{items},"next_cursor":{json.dumps(str(last))}}}'
                return Response(body, media_type="application/json", headers={"cache-control": "no-store"})
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    return feed


async def _read(database: Database, after: str, kind: str, limit: int) -> tuple[str, int] | None:
    await number_events(database)
    async with database.readings() as session:
        values = {"after": int(after), "kind": kind, "limit": limit}
        items, count, last = (await (await session.connection()).execute(_READ, values)).one()
    return (items, last) if count else None
