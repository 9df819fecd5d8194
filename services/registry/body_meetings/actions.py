"""Every change of a body's meetings."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import col

from services.chassis.data.wire import json_object
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.registry.bodies.actions import (
    lock_body_within_reach,
    lock_open_body,
    require_undissolved,
    subject_of,
)
from services.registry.bodies.models import Body
from services.registry.bodies.rules import wrong_day
from services.registry.body_meetings import queries, rules
from services.registry.body_meetings.models import CHANGED_NOW, BodyMeeting
from services.registry.body_meetings.schemas import (
    MeetingCancel,
    MeetingHold,
    MeetingPlan,
)
from services.registry.tables import also_recording


async def plan_meetings(
    change: Change, body_id: UUID, plan: MeetingPlan, today: date
) -> Sequence[str]:
    """Plan a meeting, or a series of them; each as JSON."""
    body = await lock_body_within_reach(change, body_id)
    if plan.every_months is None and plan.times is not None:
        refuse(("every_months", "both_or_neither"))
    if plan.times is None and plan.every_months is not None:
        refuse(("times", "both_or_neither"))
    # Without `today`: a planned meeting may lie in the future.
    refuse(*wrong_day("first_on", plan.first_on, since=body.founded_on))
    days = rules.meeting_dates(plan.first_on, plan.every_months, plan.times)
    require_undissolved(body, max(days))
    values = [
        {"body_id": body_id, "planned_on": day, "topic": plan.topic, "kind": plan.kind}
        for day in days
    ]
    meeting = json_object(queries.meeting_wire(today))
    statement = insert(BodyMeeting).values(values).returning(meeting)
    meetings: Sequence[str] = await change.scalars(statement)
    subject = subject_of(body)
    change.record("plan_meetings", subject, "body.meetings-planned", meetings=len(days))
    return meetings


async def _lock_planned(
    change: Change,
    body_id: UUID,
    meeting_id: UUID,
    version: int,
    day: date | None = None,
) -> Body:
    """The body of a meeting that is planned and unchanged since it was read; both locked."""
    body = await lock_open_body(change, body_id, day)
    # After the body, as in `dissolve_body`, which cancels the meetings
    # of a locked body.
    meeting = await queries.lock_meeting(change, body_id, meeting_id)
    require_version(meeting.version, version)
    if meeting.state is not rules.MeetingState.PLANNED:
        raise StateConflict(state=meeting.state, allowed=[])
    return body


async def _settle(change: Change, meeting_id: UUID, **values: Any) -> Stored:
    """Record that a meeting was held or cancelled."""
    statement = update(BodyMeeting).where(col(BodyMeeting.id) == meeting_id)
    statement = statement.values(**values, **CHANGED_NOW)
    return await change.stored(statement.returning(*queries.STORED_SETTLED))


async def hold_meeting(
    change: Change,
    body_id: UUID,
    meeting_id: UUID,
    hold: MeetingHold,
    version: int,
    today: date,
) -> Stored:
    """Record that a planned meeting took place."""
    day = hold.held_on
    body = await _lock_planned(change, body_id, meeting_id, version, day)
    since = body.founded_on
    refuse(*wrong_day("held_on", day, since=since, today=today))
    subject, meeting = subject_of(body), str(meeting_id)
    change.record("hold_meeting", subject, "body.meeting-held", meeting_id=meeting)
    recorded = also_recording(BodyMeeting, change.caller.subject, "held_on")
    return await _settle(change, meeting_id, held_on=day, recorded=recorded)


async def cancel_meeting(
    change: Change,
    body_id: UUID,
    meeting_id: UUID,
    cancel: MeetingCancel,
    version: int,
) -> Stored:
    """Cancel a planned meeting."""
    body = await _lock_planned(change, body_id, meeting_id, version)
    event = "body.meeting-cancelled"
    change.record("cancel_meeting", subject_of(body), event, meeting_id=str(meeting_id))
    return await _settle(change, meeting_id, cancelling_reason=cancel.reason)
