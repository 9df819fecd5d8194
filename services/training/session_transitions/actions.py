"""Every step of a session: moved while it has not begun, cancelled, or held."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col

from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict
from services.training.permissions import Permission
from services.training.problems import SessionBegun, SessionNotOver
from services.training.sessions import queries
from services.training.sessions.actions import (
    EDIT,
    Plan,
    change_session,
    frame_of,
    keep_trainers,
    lock_group_of,
    record_change,
    require_possible,
)
from services.training.sessions.models import Session, SessionDeparture
from services.training.sessions.rules import Meeting, SessionMode, SessionState
from services.training.sessions.schemas import SessionMove


async def _lock_planned(
    change: Change, session_id: UUID, version: int, permission: Permission
) -> Session:
    session = await queries.lock_session(change, session_id, permission)
    require_version(session.version, version)
    # The version first: a caller with an older version has to read again in any case.
    if session.state != SessionState.PLANNED:
        raise StateConflict(state=session.state, allowed=[])
    return session


async def move_session(
    change: Change, session_id: UUID, to: SessionMove, version: int, now: datetime
) -> Stored:
    """Move a session that has not begun: change its time, place or trainers.

    The checks are those of a new session.
    """
    # Group first, then session, as in planning: one lock order prevents deadlocks.
    group_id = await queries.find_group_of(change, session_id)
    group = await lock_group_of(change, group_id)
    session = await _lock_planned(change, session_id, version, EDIT)
    # A begun session may have attendance: it has to be cancelled and planned again.
    if session.starts_at <= now:
        raise SessionBegun()
    meeting = _meeting_after(session, to)
    # Absent trainers stay, and are checked again, since they may be busy then.
    trainers_before = await queries.list_session_trainers(change, session_id)
    trainer_ids = [*trainers_before] if to.trainer_ids is None else to.trainer_ids
    frame = await frame_of(change, group, session.programme_id)
    plan = Plan(
        meeting,
        trainer_ids,
        frame,
        group,
        session.module_id,
        session.makes_up_for_id,
        session_id,
    )
    await require_possible(change, plan)
    after = await change_session(change, session, **meeting._asdict())
    await keep_trainers(change, session_id, trainer_ids)
    await _note_departures(change, session_id, "trainer", trainers_before, trainer_ids)
    rooms = [[each.room_id] if each.room_id else [] for each in (session, after)]
    await _note_departures(change, session_id, "room", *rooms)
    record_change(change, "move_session", after, "moved")
    return await queries.get_session(change, session_id)


def _meeting_after(session: Session, to: SessionMove) -> Meeting:
    """Time and place after a move, in which absent fields stay."""
    before = session.model_dump() | {"mode": SessionMode(session.mode)}
    facts = {name: before[name] for name in Meeting._fields}
    # Null clears the room; for other fields null means absent.
    facts |= {
        name: value
        for name, value in to.model_dump(exclude_unset=True).items()
        if name in facts and (value is not None or name == "room_id")
    }
    return Meeting(**facts)


async def _note_departures(
    change: Change,
    session_id: UUID,
    kind: str,
    before: Sequence[UUID],
    after: Sequence[UUID],
) -> None:
    """Store who was taken out of a session, and delete rows of those who are back."""
    table = SessionDeparture
    of_session = col(table.session_id) == session_id
    back = delete(table).where(of_session, col(table.object_id).in_(after))
    await change.execute(back)
    departed_ids = [each for each in before if each not in after]
    if departed_ids:
        rows = [
            {"session_id": session_id, "kind": kind, "object_id": each}
            for each in departed_ids
        ]
        await change.execute(insert(table).values(rows))


async def cancel_session(
    change: Change, session_id: UUID, reason: str, version: int
) -> Stored:
    """Cancel a planned session."""
    session = await _lock_planned(change, session_id, version, EDIT)
    values = {"state": SessionState.CANCELLED, "reason": reason}
    after = await change_session(change, session, **values)
    record_change(change, "cancel_session", after, "cancelled")
    return await queries.get_session(change, session_id)


async def hold_session(
    change: Change, session_id: UUID, version: int, now: datetime
) -> Stored:
    """Mark a session as held. SessionNotOver before its end."""
    # Trainers, who may not plan sessions, may do this.
    permission = Permission.RECORD_ATTENDANCE
    session = await _lock_planned(change, session_id, version, permission)
    # Not before the end: all of its minutes count from now on.
    if now < session.ends_at:
        raise SessionNotOver(ends_at=session.ends_at.isoformat())
    after = await change_session(change, session, state=SessionState.HELD)
    record_change(change, "hold_session", after, "held")
    return await queries.get_session(change, session_id)
