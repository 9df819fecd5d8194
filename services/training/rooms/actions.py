"""Every change of a room."""

from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.trust.access import demand
from services.training.permissions import Permission
from services.training.rooms import queries
from services.training.rooms.models import Room
from services.training.rooms.schemas import RoomCreate, RoomUpdate


def _record(
    change: Change, action: str, room: Stored, county: str, fields: list[str]
) -> None:
    # No event: planning a session reads the room at that moment.
    subject = Subject(f"rooms/{room.key}", room.version, county)
    change.record(action, subject, fields=fields)


async def add_room(change: Change, new: RoomCreate) -> Stored:
    """Add a room in one of the caller's counties."""
    # Checked here: the county is in the body, which the dependency cannot see.
    demand(change.caller, Permission.EDIT_ROOMS, county=new.county_terc)
    values = new.model_dump()
    statement = insert(Room).values(**values).returning(*queries.STORED)
    room = await change.stored(statement)
    _record(change, "add_room", room, new.county_terc, sorted(values))
    return room


async def amend_room(
    change: Change, room_id: UUID, patch: RoomUpdate, version: int
) -> Stored:
    """Change the facts of a room."""
    room = await queries.get_room_facts(change, room_id)
    # Rooms are readable everywhere; changing one depends on the row's county.
    demand(change.caller, Permission.EDIT_ROOMS, county=room.county_terc)
    require_version(room.version, version)
    patched = patch.model_dump(exclude_unset=True)
    fields = sorted(name for name in patched if patched[name] != getattr(room, name))
    # Without a change there is no new version, and ETags stay valid.
    if not fields:
        return await queries.get_room(change, room_id)
    statement = update(Room).where(col(Room.id) == room_id)
    statement = statement.values(
        **patched, version=Room.version + 1, changed_at=func.now()
    )
    after = await change.stored(statement.returning(*queries.STORED))
    _record(change, "amend_room", after, room.county_terc, fields)
    return after
