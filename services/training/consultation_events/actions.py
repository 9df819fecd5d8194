"""Every change of a consultation event: recorded and annulled."""

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
    """Record an event with at least one participant."""
    permission = Permission.WRITE_AUTHORITY_WORK
    # Locked: no event can be added while the authority withdraws.
    authority = await lock_worked(change, authority_id, permission)
    if error := day_error(new.held_on, authority.recruited_on, today):
        refuse(("held_on", error))
    facts = new.model_dump()
    # An event without people would count as a consultation.
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
    # The topic is free text, and so is not in the event.
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
    """Annul a record: it stays, with who annulled it and why, and counts nowhere."""
    permission = Permission.WRITE_AUTHORITY_WORK
    # Also of a withdrawn authority: its records are still counted.
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
