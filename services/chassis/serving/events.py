"""The feed of a service's events: complete, in order, for each caller their part.

A caller sees only the events within their rights, and not even the number of the
others: `sequence` counts the visible ones, and the cursor is encrypted.
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

# Polling takes a connection for a moment; LISTEN would hold one for each caller.
SECONDS_BETWEEN_LOOKS = 0.25
# Cursors pass over hidden events in steps of this size: they reveal no smaller number.
EVENTS_PER_STEP = 10_000

# Built by PostgreSQL: Python passes the JSON on unread.
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


def event_feed(service: str, feed: Feed) -> SliceRouter:
    """`GET …/events` of a service."""
    routes = router(tags=["events"])

    @routes.get(
        "/events",
        name=f"read_{service}_events",
        responses=answers(EventFeed),
    )
    async def read_events(
        request: Request,
        caller: Annotated[Caller, requires(feed.permission)],
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

        Long poll with `wait`. The same cursor always replays the same. It belongs to a
        type and to the reach of the caller's rights: with others it is refused as
        `stale_cursor`, because events would be missing, and also when the database was
        restored to a moment before it; then begin anew, and skip by their ids the
        events that you know. An answer without items: there is nothing more now.
        """
        cursors = Cursors(request, caller, feed, type)
        visible, place = visible_events(caller, feed, type), cursors.opened(after)
        async with request.app.state.database.reading() as reading:
            await require_known(reading, place)
        items, place = await _first(request, visible, place, limit, wait)
        return _page(items, cursors.sealed(place))

    return routes


def _page(items: str, next_cursor: str) -> Response:
    body = f'{{"items":{items or "[]"},"next_cursor":{json.dumps(next_cursor)}}}'
    headers = {"cache-control": "no-store"}
    return Response(body, media_type="application/json", headers=headers)


async def _first(
    request: Request,
    visible: ColumnElement[bool],
    place: Place,
    limit: int,
    seconds: float,
) -> tuple[str, Place]:
    """The next events as JSON and the place after them; waits up to `seconds`."""
    # A HEAD does not wait: its body is not sent.
    waits = "splot.is_head" not in request.scope
    deadline = time.monotonic() + (seconds if waits else 0)
    # Built once for all looks, since that takes longer than the query.
    part = _part(visible, limit)
    while True:
        items, place = await _read(request.app.state.database, part, place)
        if items or time.monotonic() >= deadline or await request.is_disconnected():
            return items, place
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def visible_events(caller: Caller, feed: Feed, kind: str) -> ColumnElement[bool]:
    """The condition for the events that the caller may see."""
    institution = cast(EVENTS.c.data["institution_id"].astext, Uuid)
    county = EVENTS.c.county_terc
    # The longest prefix first: `case` takes the first that matches.
    cases = [
        (
            func.starts_with(EVENTS.c.type, prefix),
            true()
            if permission is None
            else within(caller, permission, county=county, institution=institution),
        )
        for prefix, permission in sorted(
            feed.kinds.items(), key=lambda pair: -len(pair[0])
        )
    ]
    # An event of an undeclared kind is visible to nobody.
    visible: ColumnElement[bool] = case(*cases, else_=false())
    return visible & (EVENTS.c.type == kind) if kind else visible


async def _read(database: Database, part: Rows, place: Place) -> tuple[str, Place]:
    """The next events as JSON, an empty text for none, and the place after them.

    Hidden events are passed in steps: nobody reads the same events again and again, and
    no cursor reveals a single one.
    """
    # Readers number the events: writers never wait for one another.
    await number_events(database)
    async with database.reading() as reading:
        while True:
            until = place.passed + EVENTS_PER_STEP
            values = {"passed": place.passed, "shown": place.shown, "until": until}
            row = await reading.one(part, values=values)
            items, count, last, last_id, until_id, newest = row
            if count:
                return items, Place(last, place.shown + count, last_id)
            # The place stays: another would reveal the number of hidden events.
            if newest <= until:
                return "", place
            place = Place(until, place.shown, until_id)


async def require_known(reading: Reading, place: Place) -> None:
    """Refuse a cursor whose last event is not in the feed: a restored database has
    other events under the numbers of lost ones.
    """
    if place.last is None:
        return
    this = EVENTS.c.sequence == place.passed, EVENTS.c.id == place.last
    if not await reading.scalar(select(exists().where(*this))):
        raise stale_cursor()


def _part(visible: ColumnElement[bool], limit: int) -> Rows:
    """The visible events after a place: from `passed` up to `until`."""
    number = EVENTS.c.sequence
    passed, shown, until = (
        bindparam(name, type_=BigInteger) for name in ("passed", "shown", "until")
    )
    place = (shown + func.row_number().over(order_by=number)).label("place")
    events = select(*EVENTS.c, place).where(number > passed, number <= until, visible)
    part = events.order_by(number).limit(limit).subquery("part")
    newest = select(func.coalesce(func.max(number), 0)).scalar_subquery()
    ids = aggregate_order_by(part.c.id, part.c.sequence.desc())
    last_event = EVENTS.alias("named")
    until_id = (
        select(last_event.c.id).where(last_event.c.sequence == until).scalar_subquery()
    )
    return select(
        literal_column(_EVENTS),
        func.count(),
        func.max(part.c.sequence),
        func.array_agg(ids, type_=ARRAY(Uuid))[1],
        until_id,
        newest,
    ).select_from(part)
