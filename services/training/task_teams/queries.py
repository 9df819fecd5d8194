"""Every query of task teams."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import AuditedReading, Change, Reading
from services.chassis.ground.clock import civil_date
from services.chassis.trust.access import within
from services.training.attendances.models import Attendance
from services.training.authorities.models import Authority
from services.training.authorities.queries import get_programme_of, work_within
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import SEATED, EnrolmentState
from services.training.groups.queries import GROUPS, VERSIONS
from services.training.permissions import Permission
from services.training.problems import TaskTeamMemberNotFound
from services.training.sessions.models import Session
from services.training.task_teams.models import TaskTeamMember
from services.training.task_teams.rules import (
    MemberTraining,
    TeamSize,
    missing_to_be_trained,
    team_size,
)
from services.training.task_teams.schemas import TaskTeamMemberRead, TaskTeamRead
from services.training.trainees.models import Trainee
from services.training.trainees.queries import TRAINEES

MEMBERS = rows_of(TaskTeamMember)
_ATTENDANCES, _SESSIONS = rows_of(Attendance), rows_of(Session)
_IS_MEMBER = MEMBERS.c.left_on.is_(None)
_GROUPS_OF_PROGRAMME = ENROLMENTS.join(GROUPS, GROUPS.c.id == ENROLMENTS.c.group_id)
_TRAINING = _GROUPS_OF_PROGRAMME.join(
    VERSIONS, VERSIONS.c.id == GROUPS.c.programme_version_id
)


class Team(NamedTuple):
    """The members of a team with their training, and the size of the team."""

    members: Sequence[tuple[UUID, int, Any]]
    trainings: Sequence[MemberTraining]
    size: TeamSize


async def get_team(change: AuditedReading, authority: Authority) -> Team:
    """The team of an authority, in a transaction that reaches everywhere.

    The groups in which a team is trained may be out of the caller's reach.
    """
    columns = (MEMBERS.c.id, MEMBERS.c.version, MEMBERS.c.joined_on)
    # The present account, since a trainee's account may change.
    statement = select(*columns, MEMBERS.c.trainee_id, TRAINEES.c.account)
    with_accounts = statement.join(TRAINEES, TRAINEES.c.id == MEMBERS.c.trainee_id)
    of_team = (MEMBERS.c.authority_id == authority.id) & _IS_MEMBER
    rows = await change.rows(with_accounts.where(of_team).order_by(MEMBERS.c.id))
    people = [row.trainee_id for row in rows]
    completed_on = await _completion_days(change, authority, people)
    missed_by_person, unsigned_by_person = await _absences(change, authority, people)
    trainings = [
        MemberTraining(
            row.trainee_id,
            row.account is not None,
            completed_on.get(row.trainee_id),
            missed_by_person[row.trainee_id],
            unsigned_by_person[row.trainee_id],
        )
        for row in rows
    ]
    programme = await get_programme_of(change, authority)
    size = team_size(programme.smallest_team, programme.largest_team)
    return Team([(row.id, row.version, row.joined_on) for row in rows], trainings, size)


async def _completion_days(
    reading: Reading, authority: Authority, people: Sequence[UUID]
) -> dict[UUID, Any]:
    """The first day on which each person completed the programme's training."""
    columns = ENROLMENTS.c
    statement = (
        # The first group counts, if a person attended two.
        select(columns.trainee_id, func.min(columns.ended_at))
        .select_from(_TRAINING)
        .where(
            columns.trainee_id.in_(people),
            columns.state == EnrolmentState.COMPLETED,
            VERSIONS.c.programme_id == authority.programme_id,
        )
        .group_by(columns.trainee_id)
    )
    return {who: civil_date(ended) for who, ended in await reading.rows(statement)}


async def _absences(
    reading: Reading, authority: Authority, people: Sequence[UUID]
) -> tuple[dict[UUID, list[UUID]], dict[UUID, list[UUID]]]:
    """Missed sessions, and held sessions without a signed list, each by person."""
    enrolment, attendance = ENROLMENTS.c, _ATTENDANCES.c
    was_there = and_(
        attendance.session_id == _SESSIONS.c.id,
        attendance.trainee_id == enrolment.trainee_id,
    )
    is_signed = _SESSIONS.c.attendance_signed_at.is_not(None)
    made_up = _attended_make_up(_SESSIONS.c.id, enrolment.trainee_id)
    # Outer join below: a person may have no row on the list.
    sessions = _TRAINING.join(_SESSIONS, _SESSIONS.c.group_id == enrolment.group_id)
    statement = (
        select(enrolment.trainee_id, _SESSIONS.c.id, is_signed)
        .select_from(sessions.outerjoin(_ATTENDANCES, was_there))
        .where(
            enrolment.trainee_id.in_(people),
            # Withdrawn people need not attend.
            enrolment.state.in_(SEATED),
            VERSIONS.c.programme_id == authority.programme_id,
            # Cancelled and planned sessions cannot be missed.
            _SESSIONS.c.state == "held",
            # Make-ups are for people who missed the original.
            _SESSIONS.c.makes_up_for_id.is_(None),
            ~made_up,
            # Without a row, or with 0 minutes, on a signed list: an absence.
            or_(~is_signed, func.coalesce(attendance.minutes, 0) == 0),
        )
        .order_by(_SESSIONS.c.starts_at, _SESSIONS.c.id)
    )
    missed: dict[UUID, list[UUID]] = defaultdict(list)
    unsigned: dict[UUID, list[UUID]] = defaultdict(list)
    for trainee_id, session_id, has_proof in await reading.rows(statement):
        (missed if has_proof else unsigned)[trainee_id].append(session_id)
    return missed, unsigned


def _attended_make_up(session_id: Any, trainee_id: Any) -> ColumnElement[bool]:
    """Whether a person attended a make-up of a session, by a signed list."""
    make_up, attendance = _SESSIONS.alias("again"), _ATTENDANCES.alias("there")
    return exists().where(
        make_up.c.makes_up_for_id == session_id,
        make_up.c.attendance_signed_at.is_not(None),
        attendance.c.session_id == make_up.c.id,
        attendance.c.trainee_id == trainee_id,
        attendance.c.minutes > 0,
    )


def shown(authority: Authority, team: Team) -> TaskTeamRead:
    """The read model of a team."""
    members = [
        TaskTeamMemberRead(
            id=member_id, version=version, joined_on=joined_on, **training._asdict()
        )
        for (member_id, version, joined_on), training in zip(
            team.members, team.trainings, strict=True
        )
    ]
    return TaskTeamRead(
        authority_id=authority.id,
        version=authority.version,
        **team.size._asdict(),
        adviser_account=authority.adviser_account,
        members=members,
        missing=missing_to_be_trained(team.trainings, team.size),
    )


async def lock_member(
    change: Change, authority_id: UUID, member_id: UUID
) -> TaskTeamMember:
    """A present or former membership of an authority's team, locked."""
    statement = select(MEMBERS).where(
        MEMBERS.c.id == member_id,
        MEMBERS.c.authority_id == authority_id,
        work_within(change.caller, Permission.EDIT_AUTHORITIES, MEMBERS),
    )
    locking = statement.with_for_update()
    return await change.instance(TaskTeamMember, locking, TaskTeamMemberNotFound)


async def find_trainee(change: Change, trainee_id: UUID) -> Trainee | None:
    """A trainee within the reach of EDIT_TRAINEES, locked; None otherwise."""
    columns = TRAINEES.c
    reach = within(change.caller, Permission.EDIT_TRAINEES, county=columns.county_terc)
    statement = select(TRAINEES).where(columns.id == trainee_id, reach)
    # Locked, so that account and authority cannot change after the check.
    row = await change.find(statement.with_for_update(key_share=True))
    return None if row is None else Trainee(**row._mapping)


async def list_team_authorities(reading: Reading, trainee_id: UUID) -> Sequence[UUID]:
    """The authorities in whose team a trainee is."""
    statement = select(MEMBERS.c.authority_id)
    is_in_team = (MEMBERS.c.trainee_id == trainee_id) & _IS_MEMBER
    return await reading.scalars(statement.where(is_in_team))


async def account_is_member(reading: Reading, authority_id: UUID, account: str) -> bool:
    """Whether an account belongs to a member of an authority's team."""
    joined = MEMBERS.join(TRAINEES, TRAINEES.c.id == MEMBERS.c.trainee_id)
    is_this = (MEMBERS.c.authority_id == authority_id) & _IS_MEMBER
    statement = select(MEMBERS.c.id).select_from(joined)
    statement = statement.where(is_this, TRAINEES.c.account == account)
    return await reading.find(statement.limit(1)) is not None
