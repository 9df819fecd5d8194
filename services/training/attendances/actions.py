"""Every change of attendance: recorded, signed once, and from then on only corrected
with a reason.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import reaches
from services.training.attendances import queries, rules
from services.training.attendances.models import Attendance, AttendanceCorrection
from services.training.attendances.rules import AttendanceEntry
from services.training.attendances.schemas import (
    AttendanceCorrect,
    AttendanceRecord,
    AttendanceSheetRead,
)
from services.training.permissions import Permission
from services.training.problems import (
    AttendanceIncomplete,
    CertificateStands,
    NotTrainerOfSession,
    SessionNotBegun,
    SessionWithoutGroup,
)
from services.training.sessions.actions import change_session
from services.training.sessions.models import Session
from services.training.sessions.queries import lock_session
from services.training.sessions.rules import SessionState

RECORD = Permission.RECORD_ATTENDANCE
_EVENTS = {
    "record_attendance": "attendance.recorded",
    "sign_attendance": "attendance.signed",
    "correct_attendance": "attendance.corrected",
}


def _record(
    change: Change,
    action: str,
    session: Session,
    people: Collection[UUID],
    path: str = "",
    version: int | None = None,
) -> None:
    """Write the audit record and the event, without minutes and reason."""
    address = f"sessions/{session.id}/attendance{path}"
    subject = Subject(address, version or session.version, session.county_terc)
    people_ids = sorted(str(person) for person in people)
    change.record(action, subject, _EVENTS[action], people=people_ids)


async def _require_recorder(change: Change, session: Session) -> None:
    """NotTrainerOfSession unless the caller organises the county's groups, and so types
    in paper lists, or is a trainer of the session.
    """
    if not reaches(change.caller, RECORD, county=session.county_terc):
        await _require_trainer(change, session)


async def _require_trainer(change: Change, session: Session) -> None:
    account = change.caller.subject
    if not await queries.account_is_of_trainer(change, session.id, account):
        raise NotTrainerOfSession()


async def _lock_unsigned(change: Change, session_id: UUID) -> tuple[Session, UUID]:
    """A session with an open list, locked, and its group's id."""
    session = await lock_session(change, session_id, RECORD)
    # Only a group has seats, which say who has to be on the list.
    if session.group_id is None:
        raise SessionWithoutGroup()
    # A signed list is closed: a later change is a correction with a reason.
    if session.attendance_signed_at is not None:
        raise StateConflict(state="signed", allowed=["correct"])
    return session, session.group_id


async def record_attendance(
    change: Change, session_id: UUID, new: AttendanceRecord, now: datetime
) -> Stored:
    """Record who attended a session that has begun and is not cancelled; the list can
    still be changed.
    """
    session, group_id = await _lock_unsigned(change, session_id)
    if session.state == SessionState.CANCELLED:
        raise StateConflict(state=session.state, allowed=[])
    if now < session.starts_at:
        raise SessionNotBegun(starts_at=session.starts_at.isoformat())
    await _require_recorder(change, session)
    entries = [AttendanceEntry(each.trainee_id, each.minutes) for each in new.items]
    # A group's people may be of other counties, and so be out of the recorder's reach.
    async with acting_everywhere(change):
        seated = await queries.list_seated(change, group_id)
        made_up = await queries.find_made_up(change, session.makes_up_for_id)
    refuse(*rules.list_errors(entries, seated, session.minutes, made_up))
    await _store_entries(change, session, entries)
    people = [each.trainee_id for each in entries]
    _record(change, "record_attendance", session, people)
    return await _sheet(change, session, rules.expected(seated, made_up))


async def _store_entries(
    change: Change, session: Session, entries: list[AttendanceEntry]
) -> None:
    """Insert new entries, and update recorded ones whose minutes differ."""
    common_values = {
        "county_terc": session.county_terc,
        "session_id": session.id,
        "group_id": session.group_id,
        "recorded_by": change.caller.subject,
    }
    insertion = upsert(Attendance).values(
        [common_values | each._asdict() for each in entries]
    )
    new_values: dict[str, Any] = {
        "minutes": insertion.excluded.minutes,
        "recorded_by": insertion.excluded.recorded_by,
        "version": Attendance.version + 1,
        "changed_at": func.now(),
    }
    await change.execute(
        insertion.on_conflict_do_update(
            index_elements=["session_id", "trainee_id"],
            set_=new_values,
            # Unchanged rows keep their version, and so their ETags stay valid.
            where=col(Attendance.minutes) != insertion.excluded.minutes,
        )
    )


async def _sheet(
    change: Change, session: Session, expected: Collection[UUID]
) -> Stored:
    recorded = await queries.list_recorded(change, session.id)
    sheet = AttendanceSheetRead(
        session_id=session.id,
        version=session.version,
        recorded=len(recorded),
        missing=[person for person in expected if person not in {*recorded}],
        signed_at=session.attendance_signed_at,
    )
    return Stored(session.id, session.version, sheet.model_dump_json())


async def sign_attendance(change: Change, session_id: UUID, version: int) -> Stored:
    """Sign the whole list as a trainer of the session. AttendanceIncomplete names the
    people who are missing on it.
    """
    session, group_id = await _lock_unsigned(change, session_id)
    require_version(session.version, version)
    # Only a session that is marked as held has a list to sign.
    if session.state != SessionState.HELD:
        allowed = ["hold"] if session.state == SessionState.PLANNED else []
        raise StateConflict(state=session.state, allowed=allowed)
    # An organiser may type a list in, and cannot confirm that people were present.
    await _require_trainer(change, session)
    async with acting_everywhere(change):
        seated = await queries.list_seated(change, group_id)
        made_up = await queries.find_made_up(change, session.makes_up_for_id)
    expected = rules.expected(seated, made_up)
    # People who have withdrawn since then stay on the list: they were there.
    recorded = await queries.list_recorded(change, session_id)
    missing = [str(person) for person in expected if person not in {*recorded}]
    if missing:
        raise AttendanceIncomplete(missing=missing)
    signature = {
        "attendance_signed_at": func.now(),
        "attendance_signed_by": change.caller.subject,
    }
    after = await change_session(change, session, **signature)
    _record(change, "sign_attendance", after, recorded)
    return await _sheet(change, after, expected)


async def correct_attendance(
    change: Change,
    session_id: UUID,
    attendance_id: UUID,
    correction: AttendanceCorrect,
    version: int,
) -> Stored:
    """Change a record of a signed list; the former minutes and the reason are stored.

    CertificateStands where minutes are lowered on which a valid certificate may rest.
    """
    # Session first, as recording and signing lock it.
    session = await lock_session(change, session_id, RECORD)
    before = await queries.lock_attendance(change, session_id, attendance_id)
    require_version(before.version, version)
    if session.attendance_signed_at is None:
        raise StateConflict(state="unsigned", allowed=["record", "sign"])
    await _require_recorder(change, session)
    refuse(
        *rules.correction_errors(correction.minutes, before.minutes, session.minutes)
    )
    if correction.minutes < before.minutes:
        await _require_uncertified(change, before)
    # Before the change: the history stores the minutes that were shown until then.
    await _note_correction(change, before, correction)
    is_this = col(Attendance.id) == attendance_id
    values = {"minutes": correction.minutes, "changed_at": func.now()}
    statement = update(Attendance).where(is_this)
    await change.execute(statement.values(**values, version=Attendance.version + 1))
    after = await queries.get_stored(change, attendance_id)
    people, path = [before.trainee_id], f"/{attendance_id}"
    _record(change, "correct_attendance", session, people, path, after.version)
    return after


async def _require_uncertified(change: Change, attendance: Attendance) -> None:
    """CertificateStands where a valid certificate may rest on an attendance."""
    group_id, trainee_id = attendance.group_id, attendance.trainee_id
    async with acting_everywhere(change):
        is_certified = await queries.lock_certified(change, group_id, trainee_id)
    # A printed certificate cannot be taken back by a correction.
    if is_certified:
        raise CertificateStands()


async def _note_correction(
    change: Change, before: Attendance, correction: AttendanceCorrect
) -> None:
    statement = insert(AttendanceCorrection).values(
        county_terc=before.county_terc,
        attendance_id=before.id,
        group_id=before.group_id,
        trainee_id=before.trainee_id,
        minutes_before=before.minutes,
        corrected_by=change.caller.subject,
        **correction.model_dump(),
    )
    await change.execute(statement)
