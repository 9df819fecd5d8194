"""Every query of attendance."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.training.attendances.models import Attendance, AttendanceCorrection
from services.training.attendances.rules import MadeUp
from services.training.attendances.schemas import (
    AttendanceCorrectionRead,
    AttendanceList,
    AttendanceRead,
)
from services.training.certificates.models import Certificate
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import SEATED
from services.training.permissions import Permission
from services.training.problems import AttendanceNotFound
from services.training.programme_versions.models import ProgrammeVersion
from services.training.sessions.queries import (
    SESSION_TRAINERS,
    SESSIONS,
)
from services.training.trainees.models import Trainee
from services.training.trainers.models import Trainer

ATTENDANCES = rows_of(Attendance)
_CORRECTIONS = rows_of(AttendanceCorrection)
_CERTIFICATES = rows_of(Certificate)
_TRAINEES = rows_of(Trainee)
_TRAINERS = rows_of(Trainer)
_VERSIONS = rows_of(ProgrammeVersion)
_READ = Permission.READ_ATTENDANCE

JOINED = ATTENDANCES.join(SESSIONS, SESSIONS.c.id == ATTENDANCES.c.session_id)
# Outer: a caller who keeps the list may not be allowed to read every name.
_NAMED = JOINED.outerjoin(_TRAINEES, _TRAINEES.c.id == ATTENDANCES.c.trainee_id)
_FAMILY_NAME = in_polish_order(func.coalesce(_TRAINEES.c.family_name, ""))
_COMPUTED: dict[str, ColumnElement[Any]] = {
    "given_name": _TRAINEES.c.given_name,
    "family_name": _TRAINEES.c.family_name,
    "session_minutes": SESSIONS.c.minutes,
    "signed_at": SESSIONS.c.attendance_signed_at,
    "corrections": select(func.count())
    .where(_CORRECTIONS.c.attendance_id == ATTENDANCES.c.id)
    .scalar_subquery(),
}
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _COMPUTED[name] if name in _COMPUTED else ATTENDANCES.c[name]
    for name in AttendanceRead.model_fields
}
_LISTING = Listing(
    _WIRE,
    {"family_name": _FAMILY_NAME, "minutes": ATTENDANCES.c.minutes},
    "family_name",
    ATTENDANCES.c.id,
)


def reach(caller: Caller, permission: Permission, columns: Any) -> ColumnElement[bool]:
    objects = {"trainer": columns.group_id, "trainee": columns.trainee_id}
    return within(caller, permission, county=columns.county_terc, objects=objects)


def list_attendance(
    reading: Reading, session_id: UUID, query: AttendanceList
) -> Listed:
    """A session's list, within the caller's reach."""
    # Sessions are public: out of reach, the list is empty instead of not found.
    columns = ATTENDANCES.c
    rows: Rows = select(ATTENDANCES).select_from(_NAMED)
    rows = rows.where(
        columns.session_id == session_id, reach(reading.caller, _READ, columns)
    )
    if query.trainee_id is not None:
        rows = rows.where(columns.trainee_id == query.trainee_id)
    return Listed(_LISTING, rows)


async def list_people(reading: Reading, listed: Listed) -> Sequence[UUID]:
    """Everybody whom a list shows, on whatever page."""
    # All pages: the audit record is written before the page or file is made.
    trainee = listed.listing.wire["trainee_id"]
    rows = listed.rows.with_only_columns(trainee, maintain_column_froms=True)
    return await reading.scalars(rows)


async def get_attendance(
    reading: Reading, session_id: UUID, attendance_id: UUID
) -> Attendance:
    """One record of a session's list within the caller's reach."""
    columns = ATTENDANCES.c
    statement = select(ATTENDANCES).where(
        columns.id == attendance_id,
        columns.session_id == session_id,
        reach(reading.caller, _READ, columns),
    )
    return await reading.instance(Attendance, statement, AttendanceNotFound)


async def get_stored(reading: Reading, attendance_id: UUID) -> Stored:
    """The answer of a record that was already found within reach."""
    # The reach was checked before; names are still under row-level security.
    columns = stored_columns(_WIRE, ATTENDANCES.c.id, ATTENDANCES.c.version)
    statement = select(*columns).select_from(_NAMED)
    return await reading.stored(
        statement.where(ATTENDANCES.c.id == attendance_id), AttendanceNotFound
    )


async def lock_attendance(
    change: Change, session_id: UUID, attendance_id: UUID
) -> Attendance:
    """A record that the caller may correct, locked until the transaction ends."""
    columns = ATTENDANCES.c
    statement = select(ATTENDANCES).where(
        columns.id == attendance_id,
        columns.session_id == session_id,
        reach(change.caller, Permission.RECORD_ATTENDANCE, columns),
    )
    # Locked beside the session: the record's version decides between two corrections.
    locking = statement.with_for_update()
    return await change.instance(Attendance, locking, AttendanceNotFound)


async def lock_certified(change: Change, group_id: UUID, trainee_id: UUID) -> bool:
    """Whether a person has a valid certificate of a group; until the transaction ends,
    none can be issued. In a transaction that reaches everywhere.
    """
    of = ENROLMENTS.c
    locking = select(of.id).where(of.group_id == group_id, of.trainee_id == trainee_id)
    # Issuing a certificate locks the same enrolment before it sums the minutes.
    ids = await change.scalars(locking.order_by(of.id).with_for_update(key_share=True))
    valid = select(_CERTIFICATES.c.id).where(
        _CERTIFICATES.c.enrolment_id.in_(ids), _CERTIFICATES.c.state == "issued"
    )
    return await change.find(valid) is not None


def list_corrections(reading: Reading, attendance_id: UUID) -> Listed:
    """The corrections of a record, in order."""
    columns = _CORRECTIONS.c
    wire = {name: columns[name] for name in AttendanceCorrectionRead.model_fields}
    order = {"corrected_at": columns.corrected_at}
    rows: Rows = select(_CORRECTIONS)
    rows = rows.where(
        columns.attendance_id == attendance_id, reach(reading.caller, _READ, columns)
    )
    return Listed(Listing(wire, order, "corrected_at", columns.id), rows)


async def list_seated(change: Change, group_id: UUID) -> Sequence[UUID]:
    """The people with a seat in a group."""
    statement = select(ENROLMENTS.c.trainee_id).where(
        ENROLMENTS.c.group_id == group_id, ENROLMENTS.c.state.in_(SEATED)
    )
    return await change.scalars(statement.order_by(ENROLMENTS.c.sequence))


async def list_recorded(change: Change, session_id: UUID) -> Sequence[UUID]:
    """The people who have an attendance record in a session."""
    # Read under the session's lock: nothing can be recorded during a signature.
    statement = select(ATTENDANCES.c.trainee_id)
    return await change.scalars(statement.where(ATTENDANCES.c.session_id == session_id))


async def find_made_up(change: Change, original_id: UUID | None) -> MadeUp | None:
    """Who attended a session that another one makes up for; None without one."""
    if original_id is None:
        return None
    attended = ATTENDANCES.c
    statement = (
        select(attended.trainee_id, attended.minutes >= SESSIONS.c.minutes)
        .select_from(JOINED)
        .where(attended.session_id == original_id, attended.minutes > 0)
    )
    rows = await change.rows(statement)
    wholly = frozenset(person for person, is_whole in rows if is_whole)
    return MadeUp(wholly, frozenset(person for person, _ in rows) - wholly)


async def account_is_of_trainer(
    reading: Reading, session_id: UUID, account: str
) -> bool:
    """Whether an account belongs to a trainer of a session."""
    statement = (
        select(_TRAINERS.c.id)
        .join(SESSION_TRAINERS, SESSION_TRAINERS.c.trainer_id == _TRAINERS.c.id)
        .where(
            SESSION_TRAINERS.c.session_id == session_id, _TRAINERS.c.account == account
        )
    )
    return await reading.find(statement) is not None
