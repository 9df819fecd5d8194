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
    # No event: whoever plans a session asks for the room at that moment.
    subject = Subject(f"rooms/{room.key}", room.version, county)
    change.record(action, subject, fields=fields)


async def add_room(change: Change, new: RoomCreate) -> Stored:
    """Add a room in a county of the caller's."""
    # The county is in the body, so that the endpoint cannot judge it.
    demand(change.caller, Permission.EDIT_ROOMS, county=new.county_terc)
    values = new.model_dump()
    statement = insert(Room).values(**values).returning(*queries.STORED)
    room = await change.stored(statement)
    _record(change, "add_room", room, new.county_terc, sorted(values))
    return room


async def amend_room(
    change: Change, room_id: UUID, patch: RoomUpdate, version: int
) -> Stored:
    """Change what a room is like."""
    room = await queries.get_room_facts(change, room_id)
    # Everybody sees rooms; whose it is stands in the row.
    demand(change.caller, Permission.EDIT_ROOMS, county=room.county_terc)
    require_version(room.version, version)
    patched = patch.model_dump(exclude_unset=True)
    fields = sorted(name for name in patched if patched[name] != getattr(room, name))
    # Without a change there is no version: the ETags that others hold stay valid.
    if not fields:
        return await queries.get_room(change, room_id)
    statement = update(Room).where(col(Room.id) == room_id)
    statement = statement.values(
        **patched, version=Room.version + 1, changed_at=func.now()
    )
    after = await change.stored(statement.returning(*queries.STORED))
    _record(change, "amend_room", after, room.county_terc, fields)
    return after
