"""Every query of rooms and of conflicts in them."""

from uuid import UUID

from sqlalchemy import bindparam, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.filters import Filter, Filtered, narrowed
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.training.problems import RoomNotFound
from services.training.rooms.models import Room
from services.training.rooms.rules import RoomConflict, room_conflicts
from services.training.rooms.schemas import RoomList, RoomRead
from services.training.trainers.queries import SESSIONS, takes_place
from services.training.trainers.rules import Span

ROOMS = rows_of(Room)
_WIRE = {name: ROOMS.c[name] for name in RoomRead.model_fields}
STORED = stored_columns(_WIRE, ROOMS.c.id, ROOMS.c.version)
_SORTED = ("name", "seats", "county_terc", "changed_at")
_LISTING = Listing(
    _WIRE,
    {name: ROOMS.c[name] for name in _SORTED} | {"name": in_polish_order(ROOMS.c.name)},
    "name",
    ROOMS.c.id,
)
_LIST = Filtered(
    _LISTING,
    ROOMS,
    {
        "county_terc": Filter(ROOMS.c.county_terc),
        "is_step_free": Filter(ROOMS.c.is_step_free),
        "seats_from": Filter(ROOMS.c.seats, "from"),
    },
)


def list_rooms(query: RoomList) -> Listed:
    """The rooms that a list shows."""
    # No reach: the permission covers rooms of all counties.
    return narrowed(_LIST, {name: getattr(query, name) for name in _LIST.filters})


_ONE: Rows = select(*STORED).where(ROOMS.c.id == bindparam("key"))


async def get_room(reading: Reading, room_id: UUID) -> Stored:
    """One room."""
    return await reading.stored(_ONE, RoomNotFound, {"key": room_id})


async def get_room_facts(reading: Reading, room_id: UUID) -> Room:
    """One room. In a transaction that changes data it is locked, so that two sessions
    cannot take it at once.
    """
    statement: Rows = select(ROOMS).where(ROOMS.c.id == room_id)
    # A read must not block the planning of sessions.
    if isinstance(reading, Change):
        statement = statement.with_for_update(key_share=True)
    return await reading.instance(Room, statement, RoomNotFound)


async def list_room_conflicts(
    reading: Reading, room: Room, span: Span, people: int, besides: UUID | None = None
) -> list[RoomConflict]:
    """Why a room cannot be used in a span by a number of people; empty when it can.

    `besides`: the session that is being moved, which is no conflict with itself.
    """
    statement = select(SESSIONS.c.id).where(
        SESSIONS.c.room_id == room.id, takes_place(span, besides)
    )
    # Only whether, not which: the other session may be of a group out of reach.
    is_taken = await reading.find(statement.limit(1)) is not None
    return room_conflicts(room.seats, people, is_taken=is_taken)
