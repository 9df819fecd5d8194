"""Consultation events as they are recorded."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored
from services.chassis.ground.problems import refuse
from services.training.annulling import AnnullingReason, annul
from services.training.authorities.queries import lock_worked
from services.training.consultation_events import queries
from services.training.consultation_events.models import ConsultationEvent
from services.training.consultation_events.rules import StakeholderGroup, day_error
from services.training.consultation_events.schemas import ConsultationEventRecord
from services.training.permissions import Permission


async def record_consultation_event(
    change: Change, authority_id: UUID, new: ConsultationEventRecord, today: date
) -> Stored:
    """Record an event in which somebody took part."""
    permission = Permission.WRITE_AUTHORITY_WORK
    # Locked: an authority that withdraws meanwhile gets no further event.
    authority = await lock_worked(change, authority_id, permission)
    if error := day_error(new.held_on, authority.recruited_on, today):
        refuse(("held_on", error))
    facts = new.model_dump()
    # An event without people would satisfy the step `consult`.
    if not sum(facts[group] for group in StakeholderGroup):
        refuse(("", "too_few"))
    statement = insert(ConsultationEvent).values(
        county_terc=authority.county_terc,
        authority_id=authority_id,
        recorded_by=change.caller.subject,
        **facts,
    )
    event = await change.stored(statement.returning(*queries.STORED))
    path = f"authorities/{authority_id}/consultation-events/{event.key}"
    subject = Subject(path, event.version, authority.county_terc)
    # The topic stays here: it is free text.
    detail: dict[str, Any] = {"event_id": str(event.key)}
    action = "record_consultation_event"
    change.record(action, subject, "consultation-event.recorded", **detail)
    return event


async def annul_consultation_event(
    change: Change,
    authority_id: UUID,
    event_id: UUID,
    reason: AnnullingReason,
    version: int,
) -> Stored:
    """Let a record not count any more: it stays, with who annulled it and why."""
    permission = Permission.WRITE_AUTHORITY_WORK
    # Of an authority that has withdrawn as well: its records go on being counted.
    authority = await lock_worked(change, authority_id, permission, even_withdrawn=True)
    row = await queries.lock_event(change, authority_id, event_id)
    annulled = await annul(change, row, reason, version)
    path = f"authorities/{authority_id}/consultation-events/{event_id}"
    subject = Subject(path, annulled.version, authority.county_terc)
    detail: dict[str, Any] = {"event_id": str(event_id)}
    change.record(
        "annul_consultation_event", subject, "consultation-event.annulled", **detail
    )
    return await queries.get_event(change, authority_id, event_id)
