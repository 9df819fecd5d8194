"""Every question asked of attendance."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Numeric, Text, and_, cast, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.training.attendances.models import Attendance, AttendanceCorrection
from services.training.attendances.rules import Share
from services.training.attendances.schemas import (
    AttendanceCorrectionRead,
    AttendanceList,
    AttendanceRead,
    AttendanceShareRead,
    ShareList,
)
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import SEATED
from services.training.groups.queries import GROUPS
from services.training.permissions import Permission
from services.training.problems import AttendanceNotFound
from services.training.programme_versions.models import ProgrammeVersion
from services.training.sessions.queries import (
    SESSION_TRAINERS,
    SESSIONS,
    TAKES_PLACE,
)
from services.training.trainees.models import Trainee
from services.training.trainers.models import Trainer

ATTENDANCES = rows_of(Attendance)
_CORRECTIONS = rows_of(AttendanceCorrection)
_TRAINEES = rows_of(Trainee)
_TRAINERS = rows_of(Trainer)
_VERSIONS = rows_of(ProgrammeVersion)
_READ = Permission.READ_ATTENDANCE

_JOINED = ATTENDANCES.join(SESSIONS, SESSIONS.c.id == ATTENDANCES.c.session_id)
# Outer: whoever keeps the list need not see everybody by name.
_NAMED = _JOINED.outerjoin(_TRAINEES, _TRAINEES.c.id == ATTENDANCES.c.trainee_id)
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


def _reach(caller: Caller, permission: Permission, columns: Any) -> ColumnElement[bool]:
    objects = {"trainer": columns.group_id, "trainee": columns.trainee_id}
    return within(caller, permission, county=columns.county_terc, objects=objects)


def list_attendance(
    reading: Reading, session_id: UUID, query: AttendanceList
) -> Listed:
    """A session's list, as far as the caller may see it."""
    # Sessions are public: of one out of reach the list is empty, and not unknown.
    columns = ATTENDANCES.c
    rows: Rows = select(ATTENDANCES).select_from(_NAMED)
    rows = rows.where(
        columns.session_id == session_id, _reach(reading.caller, _READ, columns)
    )
    if query.trainee_id is not None:
        rows = rows.where(columns.trainee_id == query.trainee_id)
    return Listed(_LISTING, rows)


async def list_people(reading: Reading, listed: Listed) -> Sequence[UUID]:
    """Everybody whom a list shows, on whatever page."""
    # Of all pages: the look is noted before it is known which page or file goes out.
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
        _reach(reading.caller, _READ, columns),
    )
    return await reading.instance(Attendance, statement, AttendanceNotFound)


async def get_stored(reading: Reading, attendance_id: UUID) -> Stored:
    """A record that was found within reach, as it is shown."""
    # Reach was judged when the record was found; names stay under row-level security.
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
        _reach(change.caller, Permission.RECORD_ATTENDANCE, columns),
    )
    # Locked itself beside the session: its version decides between two corrections.
    locking = statement.with_for_update()
    return await change.instance(Attendance, locking, AttendanceNotFound)


def list_corrections(reading: Reading, attendance_id: UUID) -> Listed:
    """What was corrected of a record, in order."""
    columns = _CORRECTIONS.c
    wire = {name: columns[name] for name in AttendanceCorrectionRead.model_fields}
    order = {"corrected_at": columns.corrected_at}
    rows: Rows = select(_CORRECTIONS)
    rows = rows.where(
        columns.attendance_id == attendance_id, _reach(reading.caller, _READ, columns)
    )
    return Listed(Listing(wire, order, "corrected_at", columns.id), rows)


async def list_seated(change: Change, group_id: UUID) -> Sequence[UUID]:
    """The people with a seat in a group."""
    statement = select(ENROLMENTS.c.trainee_id).where(
        ENROLMENTS.c.group_id == group_id, ENROLMENTS.c.state.in_(SEATED)
    )
    return await change.scalars(statement.order_by(ENROLMENTS.c.sequence))


async def list_recorded(change: Change, session_id: UUID) -> Sequence[UUID]:
    """The people of whom something is recorded in a session."""
    # Asked after the session was locked: nothing is recorded beside a signature.
    statement = select(ATTENDANCES.c.trainee_id)
    return await change.scalars(statement.where(ATTENDANCES.c.session_id == session_id))


async def account_is_of_trainer(
    reading: Reading, session_id: UUID, account: str
) -> bool:
    """Whether somebody trains in a session."""
    statement = (
        select(_TRAINERS.c.id)
        .join(SESSION_TRAINERS, SESSION_TRAINERS.c.trainer_id == _TRAINERS.c.id)
        .where(
            SESSION_TRAINERS.c.session_id == session_id, _TRAINERS.c.account == account
        )
    )
    return await reading.find(statement) is not None


def _planned(group_id: Any) -> ColumnElement[int]:
    # Planned and held together: nobody has attended all while sessions are to come.
    total = func.coalesce(func.sum(SESSIONS.c.minutes), 0)
    planned = select(total).where(SESSIONS.c.group_id == group_id, TAKES_PLACE)
    return planned.scalar_subquery()


def _attended(group_id: Any, trainee_id: Any) -> ColumnElement[int]:
    """A list proves something once it is signed."""
    total = func.coalesce(func.sum(ATTENDANCES.c.minutes), 0)
    attended = (
        select(total)
        .select_from(_JOINED)
        .where(
            ATTENDANCES.c.group_id == group_id,
            ATTENDANCES.c.trainee_id == trainee_id,
            SESSIONS.c.attendance_signed_at.is_not(None),
        )
    )
    return attended.scalar_subquery()


async def get_share(reading: Reading, group_id: UUID, trainee_id: UUID) -> Share:
    """What somebody attended of a group's planned minutes: for a certificate."""
    columns = (_attended(group_id, trainee_id), _planned(group_id))
    return Share(*map(int, await reading.one(select(*columns))))


def _minutes_of(group_id: UUID, caller: Caller) -> Rows:
    """The people with a seat in a group whose attendance the caller may see, with their
    minutes.
    """
    enrolments = ENROLMENTS.c
    rows: Rows = select(
        enrolments.trainee_id,
        _TRAINEES.c.given_name,
        _TRAINEES.c.family_name,
        _attended(enrolments.group_id, enrolments.trainee_id).label("attended"),
        _planned(enrolments.group_id).label("planned"),
        _VERSIONS.c.attendance_percent.label("required"),
    ).select_from(
        ENROLMENTS.join(GROUPS, GROUPS.c.id == enrolments.group_id)
        .join(_VERSIONS, _VERSIONS.c.id == GROUPS.c.programme_version_id)
        .outerjoin(_TRAINEES, _TRAINEES.c.id == enrolments.trainee_id)
    )
    return rows.where(
        enrolments.group_id == group_id,
        enrolments.state.in_(SEATED),
        _reach(caller, _READ, enrolments),
    )


def list_shares(reading: Reading, group_id: UUID, query: ShareList) -> Listed:
    """Everybody's share of a group's planned minutes, by signed lists."""
    of = _minutes_of(group_id, reading.caller).subquery("shares").c
    hundredths = 100 * of.attended
    names = [name for name in AttendanceShareRead.model_fields if name in of]
    wire: dict[str, ColumnElement[Any]] = {name: of[name] for name in names}
    wire |= {
        "attended_minutes": of.attended,
        "planned_minutes": of.planned,
        # Cut off, and never rounded up to what is needed.
        "percent": cast(
            func.trunc(cast(hundredths, Numeric) / func.nullif(of.planned, 0), 2), Text
        ),
        "required_percent": of.required,
        # From the minutes themselves, and not from the percentage beside it.
        "is_sufficient": and_(of.planned > 0, hundredths >= of.required * of.planned),
    }
    family_name = in_polish_order(func.coalesce(of.family_name, ""))
    order = {"family_name": family_name, "attended_minutes": of.attended}
    rows: Rows = select(of.trainee_id)
    if query.trainee_id is not None:
        rows = rows.where(of.trainee_id == query.trainee_id)
    return Listed(Listing(wire, order, "family_name", of.trainee_id), rows)
