"""Every query of consultation events."""

from uuid import UUID

from sqlalchemy import func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.authorities.queries import work_within
from services.training.consultation_events.models import ConsultationEvent
from services.training.consultation_events.rules import (
    StakeholderGroup,
    not_consulted,
)
from services.training.consultation_events.schemas import (
    ConsultationEventList,
    ConsultationEventRead,
    ConsultationSums,
)
from services.training.permissions import Permission
from services.training.problems import ConsultationEventNotFound

EVENTS = rows_of(ConsultationEvent)
# Annulled records are stored and shown, and count nowhere.
COUNTS = EVENTS.c.annulled_by.is_(None)
_WIRE = {name: EVENTS.c[name] for name in ConsultationEventRead.model_fields}
STORED = stored_columns(_WIRE, EVENTS.c.id, EVENTS.c.version)
_LISTING = Listing(_WIRE, {"held_on": EVENTS.c.held_on}, "held_on", EVENTS.c.id)


def list_events(
    reading: Reading, authority_id: UUID, query: ConsultationEventList
) -> Listed:
    """The events of an authority."""
    permission = Permission.READ_AUTHORITY_WORK
    reach = work_within(reading.caller, permission, EVENTS)
    rows: Rows = select(EVENTS).where(EVENTS.c.authority_id == authority_id, reach)
    if query.form:
        rows = rows.where(EVENTS.c.form.in_(query.form))
    if query.is_annulled is not None:
        rows = rows.where(~COUNTS if query.is_annulled else COUNTS)
    return Listed(_LISTING, rows)


async def get_sums(reading: Reading, authority_id: UUID) -> ConsultationSums:
    """Participants by group in the events of an authority that is within reach."""
    # Without events SUM is NULL, which means 0 here.
    sums = [func.coalesce(func.sum(EVENTS.c[group]), 0) for group in StakeholderGroup]
    of_authority = (EVENTS.c.authority_id == authority_id) & COUNTS
    statement = select(func.count(), *sums).where(of_authority)
    events, *counts = await reading.one(statement)
    people = dict(zip(StakeholderGroup, map(int, counts), strict=True))
    missing = not_consulted(people)
    return ConsultationSums(events=events, people=people, not_consulted=missing)


async def get_event(reading: Reading, authority_id: UUID, event_id: UUID) -> Stored:
    """One consultation event of an authority that is within reach."""
    is_this = (EVENTS.c.id == event_id) & (EVENTS.c.authority_id == authority_id)
    return await reading.stored(
        select(*STORED).where(is_this), ConsultationEventNotFound
    )


async def lock_event(
    change: Change, authority_id: UUID, event_id: UUID
) -> ConsultationEvent:
    """The same, locked until the transaction ends."""
    is_this = (EVENTS.c.id == event_id) & (EVENTS.c.authority_id == authority_id)
    locking = select(EVENTS).where(is_this).with_for_update()
    return await change.instance(ConsultationEvent, locking, ConsultationEventNotFound)
