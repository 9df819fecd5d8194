"""Which sessions a calendar shows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from services.chassis.calendars.addresses import AddressStore
from services.chassis.calendars.ical import CANCELLED_FOR
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Rows
from services.chassis.trust.access import within
from services.training.calendars.models import SessionCalendar
from services.training.calendars.rules import Entry, Standing, as_cancelled
from services.training.calendars.schemas import SessionCalendarRead
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import ENDED, SEATED
from services.training.groups.queries import GROUPS
from services.training.permissions import Permission
from services.training.problems import CalendarNotFound
from services.training.rooms.models import Room
from services.training.sessions.queries import (
    DEPARTURES,
    SESSION_TRAINERS,
    SESSIONS,
)
from services.training.trainees.models import Trainee
from services.training.trainers.models import Trainer

CALENDARS = AddressStore(SessionCalendar, SessionCalendarRead, CalendarNotFound)
_ROOMS = rows_of(Room)
_TRAINEES = rows_of(Trainee)
_TRAINERS = rows_of(Trainer)
# Outer joins: a meeting has no group, and an online session no room.
_JOINED = SESSIONS.outerjoin(GROUPS, GROUPS.c.id == SESSIONS.c.group_id).outerjoin(
    _ROOMS, _ROOMS.c.id == SESSIONS.c.room_id
)


async def group_exists(reading: Reading, group_id: UUID) -> bool:
    """Whether there is such a group."""
    statement = select(GROUPS.c.id).where(GROUPS.c.id == group_id)
    return await reading.find(statement) is not None


async def room_exists(reading: Reading, room_id: UUID) -> bool:
    """Whether there is such a room."""
    statement = select(_ROOMS.c.id).where(_ROOMS.c.id == room_id)
    return await reading.find(statement) is not None


async def _list_entries(
    reading: Reading, shows: ColumnElement[bool], since: datetime
) -> list[Entry]:
    """The sessions that meet a condition and begin at or after `since`; also cancelled
    ones.
    """
    session = SESSIONS.c
    # A cancelled group keeps its planned sessions, which do not take place.
    is_off = or_(session.state == "cancelled", GROUPS.c.state == "cancelled")
    statement = (
        select(
            session.id.label("session_id"),
            session.group_id,
            session.title,
            session.makes_up_for_id.is_not(None).label("is_make_up"),
            GROUPS.c.code.label("group_code"),
            session.starts_at,
            session.ends_at,
            (session.mode == "online").label("is_online"),
            (_ROOMS.c.name + ", " + _ROOMS.c.address).label("room"),
            func.coalesce(is_off, False).label("is_cancelled"),
            # Each change of a session raises its version by one.
            (session.version - 1).label("sequence"),
            session.changed_at,
        )
        .select_from(_JOINED)
        .where(
            shows,
            session.starts_at >= since,
            within(
                reading.caller, Permission.READ_SESSIONS, county=session.county_terc
            ),
        )
    )
    return [Entry(**row._mapping) for row in await reading.rows(statement)]


async def list_group_entries(
    reading: Reading, group_id: UUID, since: datetime
) -> list[Entry]:
    """A group's sessions."""
    return await _list_entries(reading, SESSIONS.c.group_id == group_id, since)


async def list_room_entries(
    reading: Reading, room_id: UUID, since: datetime, now: datetime
) -> list[Entry]:
    """The sessions in a room, and those that were lately moved out of it."""
    entries = await _list_entries(reading, SESSIONS.c.room_id == room_id, since)
    return entries + await _list_left(reading, [room_id], since, now)


async def _list_left(
    reading: Reading, objects: Sequence[UUID] | Rows, since: datetime, now: datetime
) -> list[Entry]:
    """The sessions from which trainers or rooms were lately taken out."""
    session_ids = select(DEPARTURES.c.session_id).where(
        DEPARTURES.c.object_id.in_(objects), DEPARTURES.c.left_at > now - CANCELLED_FOR
    )
    entries = await _list_entries(reading, SESSIONS.c.id.in_(session_ids), since)
    return [as_cancelled(each) for each in entries]


async def list_own_entries(
    reading: Reading, since: datetime, now: datetime
) -> list[Entry]:
    """The sessions that the caller gives or attends, and those that the caller lately
    gave or attended.
    """
    standings = await _list_standings(reading, now)
    is_trainer = SESSIONS.c.id.in_(_trained_sessions(reading.caller.subject))
    trained = await _list_entries(reading, is_trainer, since)
    # A trainer who is also in the group has the session once, as its trainer.
    of_groups = SESSIONS.c.group_id.in_([*standings])
    attended = [
        standings[each.group_id].entry_for(each)
        for each in await _list_entries(reading, of_groups & ~is_trainer, since)
        if each.group_id is not None
    ]
    account: Rows = select(_TRAINERS.c.id)
    mine = account.where(_TRAINERS.c.account == reading.caller.subject)
    # A former trainer who now attends the session has it once, as an attendee.
    attended_ids = {each.session_id for each in attended}
    departures = await _list_left(reading, mine, since, now)
    return (
        trained
        + attended
        + [each for each in departures if each.session_id not in attended_ids]
    )


def _trained_sessions(account: str) -> Rows:
    sessions: Rows = select(SESSION_TRAINERS.c.session_id)
    trainer = _TRAINERS.c.id == SESSION_TRAINERS.c.trainer_id
    return sessions.join(_TRAINERS, trainer).where(_TRAINERS.c.account == account)


async def _list_standings(reading: Reading, now: datetime) -> dict[UUID, Standing]:
    """The caller's groups: those with a seat and, for a while, those they have left."""
    enrolment = ENROLMENTS.c
    is_seated = func.bool_or(enrolment.state.in_(SEATED))
    losses = func.count().filter(enrolment.state.in_(ENDED))
    changed_at = func.max(enrolment.changed_at)
    # Present relations of the owner, rights of the day when the address was made.
    reach = within(
        reading.caller,
        Permission.READ_ENROLMENTS,
        county=enrolment.county_terc,
        objects={"trainer": enrolment.group_id, "trainee": enrolment.trainee_id},
    )
    statement = (
        select(enrolment.group_id, is_seated, losses, changed_at)
        .join(_TRAINEES, _TRAINEES.c.id == enrolment.trainee_id)
        .where(_TRAINEES.c.account == reading.caller.subject, reach)
        # People who never had a seat have no session to be cancelled.
        .where(
            or_(
                enrolment.state.in_(SEATED),
                enrolment.state.in_(ENDED) & enrolment.accepted_at.is_not(None),
            )
        )
        .group_by(enrolment.group_id)
        # For a while, so that programs which read seldom still get the cancellation.
        .having(or_(is_seated, changed_at > now - CANCELLED_FOR))
    )
    rows = await reading.rows(statement)
    return {group_id: Standing(*facts) for group_id, *facts in rows}
