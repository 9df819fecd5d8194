"""/rooms."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
    refuse,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.demands import CanEditRooms, CanReadRooms
from services.training.problems import RoomNotFound
from services.training.rooms import actions, queries
from services.training.rooms.schemas import (
    RoomConflictQuery,
    RoomConflicts,
    RoomCreate,
    RoomList,
    RoomRead,
    RoomUpdate,
)
from services.training.trainers.rules import Span

router = slice_router(prefix="/rooms", tags=["rooms"])


@router.get(
    "",
    responses=answers(
        Page[RoomRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_rooms(
    caller: CanReadRooms,
    reading: Reading,
    request: Request,
    query: Annotated[RoomList, Query()],
) -> Response:
    """Rooms by county, seats, and step-free access."""
    return await list_answer(request, reading, query, queries.list_rooms(query))


@router.post("", status_code=201, responses=answers(RoomRead, OutsideScope, status=201))
async def add_room(caller: CanEditRooms, change: Change, new: RoomCreate) -> Answer:
    """Add a room in which sessions can take place, one at a time."""
    room = await actions.add_room(change, new)
    return created_answer(room, f"/v1/training/rooms/{room.key}")


@router.get("/{room_id}", responses=answers(RoomRead, RoomNotFound))
async def get_room(
    caller: CanReadRooms, reading: Reading, terms: Terms, room_id: Id
) -> Answer:
    """One room."""
    return stored_answer(await queries.get_room(reading, room_id), terms)


@router.patch(
    "/{room_id}",
    responses=answers(
        RoomRead, RoomNotFound, OutsideScope, PreconditionRequired, VersionMismatch
    ),
)
async def amend_room(
    caller: CanEditRooms,
    change: Change,
    room_id: Id,
    patch: RoomUpdate,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Change a room by a merge patch."""
    version = expected_version(if_match, room_id)
    return stored_answer(await actions.amend_room(change, room_id, patch, version))


@router.get("/{room_id}/conflicts", responses=answers(RoomConflicts, RoomNotFound))
async def list_room_conflicts(
    caller: CanReadRooms,
    reading: Reading,
    room_id: Id,
    query: Annotated[RoomConflictQuery, Query()],
) -> Answer:
    """Why a room cannot be used at a time by a number of people.

    It is taken, or too small.
    """
    # Without this check no session would overlap, and every room would seem free.
    if query.ends_at <= query.starts_at:
        refuse(("ends_at", "wrong_order"))
    # Not locked: planning a session checks the room again, under a lock.
    room = await queries.get_room_facts(reading, room_id)
    span = Span(query.starts_at, query.ends_at)
    items = await queries.list_room_conflicts(reading, room, span, query.people)
    return Answer(RoomConflicts(items=items).model_dump_json())
