"""Every change of a calendar's address, and the audited read of a calendar."""

from datetime import datetime, timedelta
from uuid import UUID

from services.chassis.calendars.addresses import (
    SecretAddress,
    lock_secret,
    open_address,
    revoke_address,
)
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import (
    FieldError,
    Language,
    UnknownReference,
    refuse,
)
from services.training.calendars import queries
from services.training.calendars.models import SessionCalendar
from services.training.calendars.rules import sessions_calendar
from services.training.calendars.schemas import (
    SessionCalendarCreate,
    SessionCalendarCreated,
)
from services.training.problems import CalendarNotFound, GroupNotFound

ADDRESSES = "/v1/training/calendars"
# The days of a leap year: no session of the last year is left out.
_A_YEAR = timedelta(days=366)


def _record(change: Change, action: str, calendar: SecretAddress) -> None:
    change.record(action, Subject(f"calendars/{calendar.id}", calendar.version))


async def create_calendar(change: Change, new: SessionCalendarCreate) -> Stored:
    """Make a secret address with the caller's present rights. It is shown once."""
    if new.group_id is not None and new.room_id is not None:
        refuse(("room_id", "not_allowed"))
    exists = {"group_id": queries.group_exists, "room_id": queries.room_exists}
    for name, is_there in exists.items():
        object_id = getattr(new, name)
        if object_id is not None and not await is_there(change, object_id):
            raise UnknownReference(FieldError("pointer", f"/{name}", "not_found"))
    values = new.model_dump()
    calendar, secret = await open_address(change, SessionCalendar, **values)
    _record(change, "create_session_calendar", calendar)
    # Only here: the table stores a digest, from which no address can be made.
    address = f"{ADDRESSES}/{secret}.ics"
    body = SessionCalendarCreated(**calendar.model_dump(), address=address)
    return Stored(calendar.id, calendar.version, body.model_dump_json())


async def revoke_calendar(change: Change, calendar_id: UUID, version: int) -> Stored:
    """Revoke an address: from now on it is not found."""
    calendar = await revoke_address(change, queries.CALENDARS, calendar_id, version)
    _record(change, "revoke_session_calendar", calendar)
    return queries.CALENDARS.shown(calendar)


async def read_calendar(change: Change, secret: str, now: datetime) -> bytes:
    """The calendar at an address, with the rights that its owner had when it was made,
    and the owner's present relations. The access is written to the audit log.
    """
    calendar = await lock_secret(change, SessionCalendar, secret, CalendarNotFound)
    # `lock_secret` has made the owner of the address the caller of this transaction.
    _record(change, "read_session_calendar", calendar)
    language: Language = "en" if calendar.language == "en" else "pl"
    if calendar.group_id is not None:
        return await group_calendar(change, calendar.group_id, language, now)
    since = now - _A_YEAR
    if calendar.room_id is not None:
        entries = await queries.list_room_entries(change, calendar.room_id, since, now)
    else:
        entries = await queries.list_own_entries(change, since, now)
    return sessions_calendar(entries, language, civil_date(now))


async def group_calendar(
    reading: Reading, group_id: UUID, language: Language, now: datetime
) -> bytes:
    """A group's sessions of the last year and all later ones; GroupNotFound for an
    unknown group.
    """
    if not await queries.group_exists(reading, group_id):
        raise GroupNotFound()
    # A year back, since programs drop the sessions that a feed no longer has.
    entries = await queries.list_group_entries(reading, group_id, now - _A_YEAR)
    return sessions_calendar(entries, language, civil_date(now))
