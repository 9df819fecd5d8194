"""The feed of a service's events: complete, in order, each caller's part of it.

A caller is shown the events that they may see and nothing of the others, not even how many there
are: `sequence` counts what is shown, and the cursor is encrypted.
"""

import asyncio
import base64
import binascii
import hashlib
import json
import struct
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Uuid,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    select,
    true,
)
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.access import within
from services.chassis.answers import terms_of
from services.chassis.callers import Caller, Reach
from services.chassis.database import Database
from services.chassis.identity import requires
from services.chassis.listing import QueryCount
from services.chassis.outbox import EVENTS, number_events
from services.chassis.problems import FieldError, ValidationFailed
from services.chassis.responses import answers
from services.chassis.routes import router
from services.chassis.scalars import Line
from services.chassis.work import Change, Rows

SECONDS_BETWEEN_LOOKS = 0.25
LOOKED_THROUGH_AT_ONCE = 10_000

_EVENT = """
json_build_object(
    'specversion', '1.0', 'id', part.id, 'source', '/v1/' || current_schema(), 'type', part.type,
    'subject', part.subject, 'time', part.occurred_at, 'datacontenttype', 'application/json',
    'sequence', part.place::text, 'subjectversion', part.subject_version, 'countyterc', part.county_terc,
    'traceid', part.trace_id, 'data', part.data)
"""
_EVENTS = f"coalesce(json_agg({_EVENT} ORDER BY part.sequence)::text, '[]')"


class Feed(NamedTuple):
    """Who may follow the events of a service, and what they need to see them.

    `kinds` leads from the beginning of a type to the permission that must reach the event's county
    or institution; None for what every follower sees. The longest beginning counts; what none fits
    is shown to nobody.
    """

    permission: StrEnum
    kinds: Mapping[str, StrEnum | None]


class _Place(NamedTuple):
    """How far a caller has come: up to which number events were passed, how many were shown."""

    passed: int
    shown: int


def emit(
    change: Change,
    type_: str,
    subject: str,
    version: int,
    *,
    county: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Tell of a change of `subject` (`institutions/<id>`). `data` holds ids, codes and links, never personal data."""
    change.effects.events.append(
        {
            "type": type_,
            "subject": subject,
            "subject_version": version,
            "county_terc": county,
            "data": dict(data or {}),
        }
    )


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
        description="place among what the caller is shown, from 1; dense: a gap would be a loss"
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


def event_feed(service: str, asked: Feed) -> APIRouter:
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
        something would be missing; then begin anew, and know by their ids the events that were
        seen. An answer without items says that there is nothing more now.
        """
        cursors = _Cursors(request, caller, asked, type)
        seconds = 0 if "splot.is_head" in request.scope else wait
        visible = _visible(caller, asked, type)
        items, place = await _first(
            request, visible, cursors.opened(after), limit, seconds
        )
        next_cursor = json.dumps(cursors.sealed(place))
        body = f'{{"items":{items or "[]"},"next_cursor":{next_cursor}}}'
        uncached = {"cache-control": "no-store"}
        return Response(body, media_type="application/json", headers=uncached)

    return feed


async def _first(
    request: Request,
    visible: ColumnElement[bool],
    place: _Place,
    limit: int,
    seconds: float,
) -> tuple[str, _Place]:
    """The next events as JSON, and the place after them; waited for at most so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        items, place = await _read(request.app.state.database, visible, place, limit)
        if items or time.monotonic() >= deadline or await request.is_disconnected():
            return items, place
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


class _Cursors:
    """Makes and reads the cursors of one question.

    They are encrypted, for a number would tell of what is not shown.
    """

    def __init__(
        self, request: Request, caller: Caller, asked: Feed, kind: str
    ) -> None:
        terms = terms_of(request)
        secret = hashlib.blake2b(
            b"event feed",
            key=terms.cursor_key[: hashlib.blake2b.MAX_KEY_SIZE],
            digest_size=32,
        )
        self._cipher = AESSIV(secret.digest())
        self._about = [json.dumps([terms.path, kind, _rights(caller, asked)]).encode()]

    def sealed(self, place: _Place) -> str:
        """A place as a cursor."""
        sealed = (
            self._cipher.encrypt(struct.pack(">QQ", *place), self._about)
            if place.passed
            else b""
        )
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=") or "0"

    def opened(self, cursor: str) -> _Place:
        """The place of a cursor; ValidationFailed for one of another question or other rights."""
        if cursor == "0":
            return _Place(0, 0)
        try:
            sealed = base64.b64decode(
                cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True
            )
            return _Place(
                *struct.unpack(">QQ", self._cipher.decrypt(sealed, self._about))
            )
        except (binascii.Error, ValueError, InvalidTag, struct.error):
            raise ValidationFailed(
                FieldError("parameter", "after", "stale_cursor")
            ) from None


def _rights(caller: Caller, asked: Feed) -> list[Any]:
    """How far the caller sees: with other rights, a place in the feed would be another one."""
    reaches = {
        str(needed): caller.reach(needed)
        for needed in asked.kinds.values()
        if needed is not None
    }
    own = {
        Reach.OWN_COUNTIES: sorted(caller.counties),
        Reach.OWN_INSTITUTION: str(caller.institution_id),
    }
    return [
        [needed, reach, own.get(reach) if reach else None]
        for needed, reach in sorted(reaches.items())
    ]


def _visible(caller: Caller, asked: Feed, kind: str) -> ColumnElement[bool]:
    """The events that the caller is shown."""
    institution = cast(EVENTS.c.data["institution_id"].astext, Uuid)
    place = {"county": EVENTS.c.county_terc, "institution": institution}
    seen = [
        (
            func.starts_with(EVENTS.c.type, beginning),
            true() if needed is None else within(caller, needed, **place),
        )
        for beginning, needed in sorted(
            asked.kinds.items(), key=lambda known: -len(known[0])
        )
    ]
    shown: ColumnElement[bool] = case(*seen, else_=false())
    return shown & (EVENTS.c.type == kind) if kind else shown


async def _read(
    database: Database, visible: ColumnElement[bool], place: _Place, limit: int
) -> tuple[str, _Place]:
    """The next events as JSON, or an empty text when there are none, and the place after them.

    What is not shown is passed in steps: nobody looks through the same events again and again, and
    no cursor tells of a single one.
    """
    await number_events(database)
    async with database.reading() as reading:
        while True:
            asked = _part(visible, place, limit)
            items, count, last, newest = await reading.one(asked)
            if count:
                return items, _Place(last, place.shown + count)
            if newest <= place.passed + LOOKED_THROUGH_AT_ONCE:
                return "", place
            place = _Place(place.passed + LOOKED_THROUGH_AT_ONCE, place.shown)


def _part(visible: ColumnElement[bool], place: _Place, limit: int) -> Rows:
    number = EVENTS.c.sequence
    counted = (
        bindparam("shown", place.shown, BigInteger)
        + func.row_number().over(order_by=number)
    ).label("place")
    until = place.passed + LOOKED_THROUGH_AT_ONCE
    found = select(*EVENTS.c, counted).where(
        number > place.passed, number <= until, visible
    )
    part = found.order_by(number).limit(limit).subquery("part")
    newest = select(func.coalesce(func.max(number), 0)).scalar_subquery()
    return select(
        literal_column(_EVENTS), func.count(), func.max(part.c.sequence), newest
    ).select_from(part)
