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
from services.training.attendances.rules import Said
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
    """The audit record and the event: of whom, never for how long or why."""
    address = f"sessions/{session.id}/attendance{path}"
    subject = Subject(address, version or session.version, session.county_terc)
    named = sorted(str(person) for person in people)
    change.record(action, subject, _EVENTS[action], people=named)


async def _require_recorder(change: Change, session: Session) -> None:
    """Who organises the county's groups types in paper lists; else a trainer records
    the own session alone.
    """
    if not reaches(change.caller, RECORD, county=session.county_terc):
        await _require_trainer(change, session)


async def _require_trainer(change: Change, session: Session) -> None:
    account = change.caller.subject
    if not await queries.account_is_of_trainer(change, session.id, account):
        raise NotTrainerOfSession()


async def _lock_unsigned(change: Change, session_id: UUID) -> tuple[Session, UUID]:
    """A session with its group, whose list is still open."""
    session = await lock_session(change, session_id, RECORD)
    # Only a group has seats, by which it is known who was to be there.
    if session.group_id is None:
        raise SessionWithoutGroup()
    # The signature is the list's end: what comes later is a correction with a reason.
    if session.attendance_signed_at is not None:
        raise StateConflict(state="signed", allowed=["correct"])
    return session, session.group_id


async def record_attendance(
    change: Change, session_id: UUID, new: AttendanceRecord, now: datetime
) -> Stored:
    """Record who attended a session that was planned and has begun; the list stays
    open.
    """
    session, group_id = await _lock_unsigned(change, session_id)
    if session.state == SessionState.CANCELLED:
        raise StateConflict(state=session.state, allowed=[])
    if now < session.starts_at:
        raise SessionNotBegun(starts_at=session.starts_at.isoformat())
    await _require_recorder(change, session)
    said = [Said(each.trainee_id, each.minutes) for each in new.items]
    # A group's people may be of other counties, and so be out of the recorder's reach.
    async with acting_everywhere(change):
        seated = await queries.list_seated(change, group_id)
        made_up = await queries.find_made_up(change, session.makes_up_for_id)
    refuse(*rules.list_errors(said, seated, session.minutes, made_up))
    await _keep(change, session, said)
    people = [each.trainee_id for each in said]
    _record(change, "record_attendance", session, people)
    return await _sheet(change, session, rules.expected(seated, made_up))


async def _keep(change: Change, session: Session, said: list[Said]) -> None:
    """Add what is new and change what was recorded with other minutes."""
    shared = {
        "county_terc": session.county_terc,
        "session_id": session.id,
        "group_id": session.group_id,
        "recorded_by": change.caller.subject,
    }
    added = upsert(Attendance).values([shared | each._asdict() for each in said])
    changed: dict[str, Any] = {
        "minutes": added.excluded.minutes,
        "recorded_by": added.excluded.recorded_by,
        "version": Attendance.version + 1,
        "changed_at": func.now(),
    }
    await change.execute(
        added.on_conflict_do_update(
            index_elements=["session_id", "trainee_id"],
            set_=changed,
            # A list that is sent again makes no versions: ETags of others stay valid.
            where=col(Attendance.minutes) != added.excluded.minutes,
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
    """Sign the whole list as a trainer of the session; AttendanceIncomplete names who
    is missing on it.
    """
    session, group_id = await _lock_unsigned(change, session_id)
    require_version(session.version, version)
    # A list is signed of what took place, and that somebody has to have said.
    if session.state != SessionState.HELD:
        allowed = ["hold"] if session.state == SessionState.PLANNED else []
        raise StateConflict(state=session.state, allowed=allowed)
    # Whoever organises may type a list in, and vouches for nobody's presence.
    await _require_trainer(change, session)
    async with acting_everywhere(change):
        seated = await queries.list_seated(change, group_id)
        made_up = await queries.find_made_up(change, session.makes_up_for_id)
    expected = rules.expected(seated, made_up)
    # Whoever withdrew since stays on the list: they were there.
    recorded = await queries.list_recorded(change, session_id)
    missing = [str(person) for person in expected if person not in {*recorded}]
    if missing:
        raise AttendanceIncomplete(missing=missing)
    signed = {
        "attendance_signed_at": func.now(),
        "attendance_signed_by": change.caller.subject,
    }
    after = await change_session(change, session, **signed)
    _record(change, "sign_attendance", after, recorded)
    return await _sheet(change, after, expected)


async def correct_attendance(
    change: Change,
    session_id: UUID,
    attendance_id: UUID,
    correction: AttendanceCorrect,
    version: int,
) -> Stored:
    """Change a record of a signed list; what it said before and the reason are kept.

    CertificateStands where a valid certificate rests on the minutes that are taken.
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
    # Before the change: the history says what everybody had read until then.
    await _note_correction(change, before, correction)
    is_this = col(Attendance.id) == attendance_id
    values = {"minutes": correction.minutes, "changed_at": func.now()}
    changed = update(Attendance).where(is_this)
    await change.execute(changed.values(**values, version=Attendance.version + 1))
    after = await queries.get_stored(change, attendance_id)
    people, path = [before.trainee_id], f"/{attendance_id}"
    _record(change, "correct_attendance", session, people, path, after.version)
    return after


async def _require_uncertified(change: Change, attendance: Attendance) -> None:
    """CertificateStands where a valid certificate may rest on an attendance."""
    group_id, trainee_id = attendance.group_id, attendance.trainee_id
    async with acting_everywhere(change):
        is_certified = await queries.lock_certified(change, group_id, trainee_id)
    # What is on paper cannot be taken back by a correction that nobody sees.
    if is_certified:
        raise CertificateStands()


async def _note_correction(
    change: Change, before: Attendance, correction: AttendanceCorrect
) -> None:
    kept = insert(AttendanceCorrection).values(
        county_terc=before.county_terc,
        attendance_id=before.id,
        group_id=before.group_id,
        trainee_id=before.trainee_id,
        minutes_before=before.minutes,
        corrected_by=change.caller.subject,
        **correction.model_dump(),
    )
    await change.execute(kept)
