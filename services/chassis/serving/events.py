"""The feed of a service's events: complete, in order, each caller's part of it.

A caller is shown the events that they may see and nothing of the others, not even how
many there are: `sequence` counts what is shown, and the cursor is encrypted.
"""

import asyncio
import json
import time
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Uuid,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.data.database import Database
from services.chassis.data.outbox import EVENTS, number_events
from services.chassis.data.work import Reading, Rows
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Line
from services.chassis.serving.feed_cursors import (
    Cursors,
    Feed,
    Place,
    stale_cursor,
)
from services.chassis.serving.routes import SliceRouter, router
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.identity import requires
from services.chassis.web.listing import QueryCount

# A look takes a connection for a moment; LISTEN would hold one for each caller.
SECONDS_BETWEEN_LOOKS = 0.25
# Cursors pass over hidden events in steps of this size: they tell no smaller number.
LOOKED_THROUGH_AT_ONCE = 10_000

# Built by PostgreSQL: nobody reads the JSON on its way to the caller.
EVENT_JSON = """
json_build_object(
    'specversion', '1.0', 'id', part.id, 'source', '/v1/' || current_schema(), 'type', part.type,
    'subject', part.subject, 'time', part.occurred_at, 'datacontenttype', 'application/json',
    'sequence', part.place::text, 'subjectversion', part.subject_version, 'countyterc', part.county_terc,
    'traceid', part.trace_id, 'data', part.data)
"""
_EVENTS = f"coalesce(json_agg({EVENT_JSON} ORDER BY part.sequence)::text, '[]')"


class EventRead(BaseModel):
    """A CloudEvents 1.0 event."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str = "application/json"
    sequence: str = Field(
        description="place among what the caller is shown, from 1;"
        " dense: a gap would be a loss"
    )
    subjectversion: int = Field(description="version of the subject after the change")
    countyterc: str | None
    traceid: str
    data: dict[str, Any]


class EventFeed(BaseModel):
    """Events in their order; ask again with `after=next_cursor`."""

    items: list[EventRead]
    next_cursor: str


_Cursor = Annotated[
    Line,
    Query(
        max_length=100,
        description="`next_cursor` of the last answer; 0 from the beginning",
    ),
]


def event_feed(service: str, asked: Feed) -> SliceRouter:
    """`GET …/events` of a service."""
    feed = router(tags=["events"])

    @feed.get(
        "/events",
        name=f"read_{service}_events",
        responses=answers(EventFeed),
    )
    async def read_events(
        request: Request,
        caller: Annotated[Caller, requires(asked.permission)],
        after: _Cursor = "0",
        wait: Annotated[
            QueryCount,
            Query(ge=0, le=30, description="seconds to wait for the first new event"),
        ] = 0,
        limit: Annotated[
            QueryCount, Query(ge=1, le=1000, description="events in one answer")
        ] = 100,
        type: Annotated[Line, Query(max_length=100, description="only this type")] = "",  # noqa: A002
    ) -> Response:
        """What changed since, in order and complete, as far as the caller may see it.

        Long poll with `wait`. The same cursor always replays the same. It belongs to a type and to
        how far the caller's rights reach: with others it is refused as `stale_cursor`, for
        something would be missing, and so it is when the database was restored to a moment before it;
        then begin anew, and know by their ids the events that were seen. An answer without items
        says that there is nothing more now.
        """
        cursors = Cursors(request, caller, asked, type)
        visible, place = visible_events(caller, asked, type), cursors.opened(after)
        async with request.app.state.database.reading() as reading:
            await require_known(reading, place)
        items, place = await _first(request, visible, place, limit, wait)
        return _page(items, cursors.sealed(place))

    return feed


def _page(items: str, next_cursor: str) -> Response:
    body = f'{{"items":{items or "[]"},"next_cursor":{json.dumps(next_cursor)}}}'
    uncached = {"cache-control": "no-store"}
    return Response(body, media_type="application/json", headers=uncached)


async def _first(
    request: Request,
    visible: ColumnElement[bool],
    place: Place,
    limit: int,
    seconds: float,
) -> tuple[str, Place]:
    """The next events as JSON and the place after them, waited for so many seconds."""
    # A HEAD waits for nothing: nobody is told what came.
    waits = "splot.is_head" not in request.scope
    deadline = time.monotonic() + (seconds if waits else 0)
    # Put together once for all looks, as that takes longer than asking.
    part = _part(visible, limit)
    while True:
        items, place = await _read(request.app.state.database, part, place)
        if items or time.monotonic() >= deadline or await request.is_disconnected():
            return items, place
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def visible_events(caller: Caller, asked: Feed, kind: str) -> ColumnElement[bool]:
    """The events that the caller is shown."""
    institution = cast(EVENTS.c.data["institution_id"].astext, Uuid)
    county = EVENTS.c.county_terc
    # The longest beginning first: `case` takes the first that fits.
    seen = [
        (
            func.starts_with(EVENTS.c.type, beginning),
            true()
            if needed is None
            else within(caller, needed, county=county, institution=institution),
        )
        for beginning, needed in sorted(
            asked.kinds.items(), key=lambda known: -len(known[0])
        )
    ]
    # A kind that no service has declared is shown to nobody.
    shown: ColumnElement[bool] = case(*seen, else_=false())
    return shown & (EVENTS.c.type == kind) if kind else shown


async def _read(database: Database, part: Rows, place: Place) -> tuple[str, Place]:
    """The next events as JSON, an empty text for none, and the place after them.

    What is not shown is passed in steps: nobody looks through the same events again and
    again, and no cursor tells of a single one.
    """
    # Whoever reads numbers them: writers never wait for one another.
    await number_events(database)
    async with database.reading() as reading:
        while True:
            until = place.passed + LOOKED_THROUGH_AT_ONCE
            values = {"passed": place.passed, "shown": place.shown, "until": until}
            row = await reading.one(part, values=values)
            items, count, last, last_id, until_id, newest = row
            if count:
                return items, Place(last, place.shown + count, last_id)
            # The place stays: moved on, it would tell how many hidden events there are.
            if newest <= until:
                return "", place
            place = Place(until, place.shown, until_id)


async def require_known(reading: Reading, place: Place) -> None:
    """Refuse a cursor that ended with an event which the feed has not: a restored
    database has other events under the numbers of those that went.
    """
    if place.last is None:
        return
    this = EVENTS.c.sequence == place.passed, EVENTS.c.id == place.last
    if not await reading.scalar(select(exists().where(*this))):
        raise stale_cursor()


def _part(visible: ColumnElement[bool], limit: int) -> Rows:
    """The events after a place: `passed` and `shown`, looked for up to `until`."""
    number = EVENTS.c.sequence
    passed, shown, until = (
        bindparam(name, type_=BigInteger) for name in ("passed", "shown", "until")
    )
    counted = (shown + func.row_number().over(order_by=number)).label("place")
    found = select(*EVENTS.c, counted).where(number > passed, number <= until, visible)
    part = found.order_by(number).limit(limit).subquery("part")
    newest = select(func.coalesce(func.max(number), 0)).scalar_subquery()
    ids = aggregate_order_by(part.c.id, part.c.sequence.desc())
    named = EVENTS.alias("named")
    until_id = select(named.c.id).where(named.c.sequence == until).scalar_subquery()
    return select(
        literal_column(_EVENTS),
        func.count(),
        func.max(part.c.sequence),
        func.array_agg(ids, type_=ARRAY(Uuid))[1],
        until_id,
        newest,
    ).select_from(part)
