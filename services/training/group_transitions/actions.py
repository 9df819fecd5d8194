"""Every step of a group; its enrolments change in the same transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import StateConflict, refuse
from services.training.enrolments.actions import (
    count_seats,
    fill_seats,
    move_enrolments,
)
from services.training.enrolments.queries import ENROLMENTS, next_in_line
from services.training.enrolments.rules import LIVE, EndReason, EnrolmentState
from services.training.group_transitions import queries, rules
from services.training.group_transitions.rules import Need, Readiness
from services.training.groups.actions import change_group, lock_for_change
from services.training.groups.queries import GroupFacts, get_group, list_trainer_ids
from services.training.groups.rules import (
    ALLOWED,
    STATE_AFTER,
    GroupState,
    GroupVerb,
    capacity_error,
)
from services.training.permissions import Permission
from services.training.problems import GroupNotReady, ProgrammeNotAgreed
from services.training.sessions import actions as sessions
from services.training.sessions.rules import SessionState

APPLIED, ACCEPTED = EnrolmentState.APPLIED, EnrolmentState.ACCEPTED
WAITLISTED, ATTENDING = EnrolmentState.WAITLISTED, EnrolmentState.ATTENDING


async def _lock(
    change: Change, group_id: UUID, verb: GroupVerb, version: int
) -> GroupFacts:
    """A group within the caller's reach whose state allows the verb, locked."""
    group = await lock_for_change(change, group_id, Permission.MOVE_GROUPS, version)
    allowed = ALLOWED[GroupState(group.state)]
    # After the version: a caller with an older version has to read again first.
    if verb not in allowed:
        raise StateConflict(state=group.state, allowed=allowed)
    return group


async def _move(
    change: Change, group: GroupFacts, verb: GroupVerb, **values: Any
) -> None:
    """Take a group to the state that follows the verb."""
    state = STATE_AFTER[verb]
    subject = await change_group(change, group, state=state, **values)
    change.record(f"{verb}_group", subject, f"group.{state}")


def _in(group: GroupFacts, *states: EnrolmentState) -> Any:
    return (ENROLMENTS.c.group_id == group.id) & ENROLMENTS.c.state.in_(states)


async def open_group(
    change: Change, group_id: UUID, version: int, now: datetime
) -> Stored:
    """Give the seats of a planned group to applicants; the rest wait."""
    group = await _lock(change, group_id, GroupVerb.OPEN, version)
    # It was agreed when the group was planned, and may have been retired since then.
    if group.version_state != "agreed":
        raise ProgrammeNotAgreed(missing=[Need.AGREED_VERSION])
    await _move(change, group, GroupVerb.OPEN)
    async with acting_everywhere(change):
        # A planned group has given no seat: all are free.
        first = next_in_line(group_id, [APPLIED], group.capacity)
        action = "accept_enrolment"
        await move_enrolments(change, first, ACCEPTED, action, accepted_at=now)
        others = _in(group, APPLIED)
        await move_enrolments(change, others, WAITLISTED, "waitlist_enrolment")
        await count_seats(change, group_id)
    return await get_group(change, group_id)


async def start_group(
    change: Change, group_id: UUID, version: int, now: datetime
) -> Stored:
    """Start a group: accepted people attend, waiting people are rejected with a reason.

    GroupNotReady with everything that is missing, and the authorities whose teams are
    not complete.
    """
    group = await _lock(change, group_id, GroupVerb.START, version)
    async with acting_everywhere(change):
        # Everywhere: the teams of a group may be from all counties.
        await _require_ready(change, group, now)
        await _move(change, group, GroupVerb.START)
        accepted = _in(group, ACCEPTED)
        await move_enrolments(change, accepted, ATTENDING, "start_enrolment")
        # A started group has no waiting list.
        rejection = {"reason": EndReason.NO_SEAT_LEFT, "ended_at": now}
        waiting, rejected = _in(group, APPLIED, WAITLISTED), EnrolmentState.REJECTED
        action = "reject_enrolment"
        await move_enrolments(change, waiting, rejected, action, **rejection)
        await count_seats(change, group_id)
    return await get_group(change, group_id)


async def _require_ready(change: Change, group: GroupFacts, now: datetime) -> None:
    teams = await queries.list_teams(change, group.id)
    trainers = await list_trainer_ids(change, group.id)
    ready = Readiness(group.starts_on, group.seats_taken, bool(trainers), teams)
    smallest = group.programme_smallest_team
    if needs := rules.missing_to_start(ready, smallest, civil_date(now)):
        authorities = rules.incomplete_teams(teams, smallest)
        raise GroupNotReady(missing=needs, authorities=[*map(str, authorities)])


async def complete_group(
    change: Change, group_id: UUID, version: int, now: datetime
) -> Stored:
    """Complete a running group without planned sessions.

    The enrolments of attending people become completed.
    """
    group = await _lock(change, group_id, GroupVerb.COMPLETE, version)
    # Every session has to be held or cancelled before attendance is final.
    planned = await queries.count_planned_sessions(change, group_id)
    if planned:
        raise GroupNotReady(missing=[Need.SESSIONS_HELD], planned_sessions=planned)
    await _move(change, group, GroupVerb.COMPLETE)
    async with acting_everywhere(change):
        completed, action = EnrolmentState.COMPLETED, "complete_enrolment"
        attending = _in(group, ATTENDING)
        await move_enrolments(change, attending, completed, action, ended_at=now)
    return await get_group(change, group_id)


async def cancel_group(
    change: Change, group_id: UUID, reason: str, version: int, now: datetime
) -> Stored:
    """Cancel a group, with a reason, and withdraw everybody in it.

    Its planned sessions are cancelled with it.
    """
    group = await _lock(change, group_id, GroupVerb.CANCEL, version)
    await _move(change, group, GroupVerb.CANCEL, reason=reason)
    # In the same transaction: calendars never show sessions of a cancelled group.
    for session in await queries.lock_planned_sessions(change, group_id):
        values = {"state": SessionState.CANCELLED, "reason": reason}
        after = await sessions.change_session(change, session, **values)
        sessions.record_change(change, "cancel_session", after, "cancelled")
    async with acting_everywhere(change):
        withdrawal = {"reason": EndReason.GROUP_CANCELLED, "ended_at": now}
        withdrawn, action = EnrolmentState.WITHDRAWN, "withdraw_enrolment"
        await move_enrolments(
            change, _in(group, *LIVE), withdrawn, action, **withdrawal
        )
        await count_seats(change, group_id)
    return await get_group(change, group_id)


async def resize_group(
    change: Change, group_id: UUID, capacity: int, version: int, now: datetime
) -> Stored:
    """Change the number of seats: as many people move up as seats become free.

    Not below the seats taken, and not above the size agreed for the programme.
    """
    group = await _lock(change, group_id, GroupVerb.RESIZE, version)
    most = group.version_group_capacity
    # Checked under the lock: the last seat may have been given just before.
    if error := capacity_error(capacity, most, group.seats_taken):
        refuse(("capacity", error))
    subject = await change_group(change, group, capacity=capacity)
    change.record("resize_group", subject, "group.resized", capacity=capacity)
    async with acting_everywhere(change):
        await fill_seats(change, group_id, now)
    return await get_group(change, group_id)
