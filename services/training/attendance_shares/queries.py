"""Every query of shares of planned minutes."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Numeric, Text, and_, cast, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Rows
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.training.attendance_shares.schemas import AttendanceShareRead, ShareList
from services.training.attendances.queries import ATTENDANCES, JOINED, reach
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import SEATED
from services.training.groups.queries import GROUPS
from services.training.permissions import Permission
from services.training.programme_versions.models import ProgrammeVersion
from services.training.sessions.queries import IS_ORIGINAL, SESSIONS, TAKES_PLACE
from services.training.trainees.models import Trainee

_READ = Permission.READ_ATTENDANCE
_TRAINEES = rows_of(Trainee)
_VERSIONS = rows_of(ProgrammeVersion)
# Only signed lists count. A session and its make-up count once, with the longer
# attendance of the two, since both teach the same.
_COUNTED = (
    select(
        ATTENDANCES.c.group_id,
        ATTENDANCES.c.trainee_id,
        SESSIONS.c.module_id,
        func.max(ATTENDANCES.c.minutes).label("minutes"),
    )
    .select_from(JOINED)
    .where(SESSIONS.c.attendance_signed_at.is_not(None))
    .group_by(
        ATTENDANCES.c.group_id,
        ATTENDANCES.c.trainee_id,
        SESSIONS.c.module_id,
        func.coalesce(SESSIONS.c.makes_up_for_id, SESSIONS.c.id),
    )
    .subquery("counted")
)


def _planned(group_id: Any) -> ColumnElement[int]:
    # Held and planned sessions: while sessions are to come, no share is 100 percent.
    total = func.coalesce(func.sum(SESSIONS.c.minutes), 0)
    planned = select(total).where(
        SESSIONS.c.group_id == group_id, TAKES_PLACE, IS_ORIGINAL
    )
    return planned.scalar_subquery()


def _attended(group_id: Any, trainee_id: Any) -> ColumnElement[int]:
    """The minutes that a trainee attended, by signed lists."""
    of = _COUNTED.c
    attended = select(func.coalesce(func.sum(of.minutes), 0)).where(
        of.group_id == group_id, of.trainee_id == trainee_id
    )
    return attended.scalar_subquery()


async def get_minutes_by_module(
    reading: Reading, group_id: UUID, trainee_id: UUID
) -> dict[UUID, int]:
    """Attended minutes of a trainee in a group, by module id, from signed lists.

    In a transaction that reaches everywhere.
    """
    of = _COUNTED.c
    statement = select(of.module_id, func.sum(of.minutes)).where(
        of.group_id == group_id,
        of.trainee_id == trainee_id,
        # A meeting outside the modules is no part of the programme.
        of.module_id.is_not(None),
    )
    rows = await reading.rows(statement.group_by(of.module_id))
    return {module_id: int(minutes) for module_id, minutes in rows}


def _minutes_of(group_id: UUID, caller: Caller) -> Rows:
    """The people with a seat in a group whose attendance is within the caller's reach,
    with their minutes.
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
        reach(caller, _READ, enrolments),
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
        # Truncated: rounding up could show a percentage that is not reached.
        "percent": cast(
            func.trunc(cast(hundredths, Numeric) / func.nullif(of.planned, 0), 2), Text
        ),
        "required_percent": of.required,
        # From the minutes and not from the truncated percentage.
        "is_sufficient": and_(of.planned > 0, hundredths >= of.required * of.planned),
    }
    family_name = in_polish_order(func.coalesce(of.family_name, ""))
    order = {"family_name": family_name, "attended_minutes": of.attended}
    rows: Rows = select(of.trainee_id)
    if query.trainee_id is not None:
        rows = rows.where(of.trainee_id == query.trainee_id)
    return Listed(Listing(wire, order, "family_name", of.trainee_id), rows)
