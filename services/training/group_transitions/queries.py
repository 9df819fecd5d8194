"""Every query about a group before a step."""

from uuid import UUID

from sqlalchemy import func, select

from services.chassis.data.work import Change, Reading
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import ENDED, SEATED, EnrolmentState
from services.training.group_transitions.rules import Team
from services.training.sessions.models import Session
from services.training.trainees.queries import TRAINEES
from services.training.trainers.queries import SESSIONS

_STATE = ENROLMENTS.c.state


async def list_teams(reading: Reading, group_id: UUID) -> list[Team]:
    """The authorities with people in a group, and the state of their teams."""
    waits = _STATE == EnrolmentState.WAITLISTED
    # With a reason: source 003 allows a smaller team only then.
    has_left = _STATE.in_(ENDED) & ENROLMENTS.c.reason.is_not(None)
    authority_id = TRAINEES.c.authority_id
    statement = (
        select(
            authority_id,
            func.count().filter(_STATE.in_(SEATED)),
            func.bool_or(waits),
            func.bool_or(has_left),
        )
        .select_from(ENROLMENTS)
        .join(TRAINEES, TRAINEES.c.id == ENROLMENTS.c.trainee_id)
        .where(ENROLMENTS.c.group_id == group_id, authority_id.is_not(None))
        .group_by(authority_id)
        .order_by(authority_id)
    )
    teams = [Team(*row) for row in await reading.rows(statement)]
    # Teams that have left completely are left out.
    return [team for team in teams if team.seated or team.has_waiting]


async def lock_planned_sessions(change: Change, group_id: UUID) -> list[Session]:
    """The planned sessions of a group, locked in one order."""
    statement = select(SESSIONS).where(
        SESSIONS.c.group_id == group_id, SESSIONS.c.state == "planned"
    )
    locking = statement.order_by(SESSIONS.c.id).with_for_update(key_share=True)
    return [Session(**row._mapping) for row in await change.rows(locking)]


async def count_planned_sessions(reading: Reading, group_id: UUID) -> int:
    """The number of planned sessions of a group."""
    statement = select(func.count()).where(
        SESSIONS.c.group_id == group_id, SESSIONS.c.state == "planned"
    )
    return int(await reading.scalar(statement) or 0)
