"""Ends of enrolments: the seat goes to the next in line in the same transaction."""

from datetime import datetime
from uuid import UUID

from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict
from services.training.enrolments import queries
from services.training.enrolments.actions import fill_seats, move_enrolments
from services.training.enrolments.models import Enrolment
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import (
    ALLOWED,
    STATE_AFTER,
    EndReason,
    EnrolmentState,
    EnrolmentVerb,
    needs_reason,
)
from services.training.groups.queries import GroupFacts, lock_group
from services.training.permissions import Permission
from services.training.problems import TeamTooSmall

_PERMISSION = {
    EnrolmentVerb.REJECT: Permission.DECIDE_ENROLMENTS,
    EnrolmentVerb.WITHDRAW: Permission.WITHDRAW_ENROLMENTS,
}


async def end_enrolment(
    change: Change,
    enrolment_id: UUID,
    verb: EnrolmentVerb,
    reason: EndReason | None,
    version: int,
    now: datetime,
) -> Stored:
    """Reject or withdraw an enrolment, and fill the free seats from the waiting list.

    TeamTooSmall where an authority's team would be too small and no reason is given.
    """
    permission = _PERMISSION[verb]
    # The caller's reach is checked first; the block below reaches everywhere.
    snapshot = await queries.get_enrolment_facts(change, enrolment_id, permission)
    # The person who moves up may be of any county, out of the caller's reach.
    async with acting_everywhere(change):
        group = await lock_group(change, snapshot.group_id)
        # Read again under the lock: the enrolment may have changed meanwhile.
        enrolment = await queries.get_enrolment_by_id(change, enrolment_id)
        require_version(enrolment.version, version)
        allowed = ALLOWED[EnrolmentState(enrolment.state)]
        if verb not in allowed:
            raise StateConflict(state=enrolment.state, allowed=allowed)
        # With a reason, the size of the team does not matter.
        if reason is None:
            await _require_team(change, group, enrolment)
        is_this = ENROLMENTS.c.id == enrolment_id
        values = {"reason": reason, "ended_at": now}
        action = f"{verb}_enrolment"
        await move_enrolments(change, is_this, STATE_AFTER[verb], action, **values)
        await fill_seats(change, group.id, now)
        return await queries.get_stored(change, enrolment_id)


async def _require_team(
    change: Change, group: GroupFacts, enrolment: Enrolment
) -> None:
    """TeamTooSmall where the rest of the team is so small that a reason is needed."""
    authority_id = await queries.find_authority_of(change, enrolment.trainee_id)
    if group.programme_smallest_team is None or authority_id is None:
        return
    # Under the group's lock: of two withdrawals at once, the second sees the first.
    others = await queries.count_of_team(change, authority_id, enrolment)
    if needs_reason(group.programme_smallest_team, others):
        raise TeamTooSmall(missing=["reason"], others=others)
