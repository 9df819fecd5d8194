"""Every change of a disclosure.

Whether one is allowed depends on its basis, in `consents`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, update
from sqlmodel import col

from services.casework.disclosures.models import Disclosure
from services.casework.disclosures.rules import DisclosureState, StoppingReason
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change


class NewDisclosure(NamedTuple):
    """Categories of a child's data that wait for their recipient."""

    county_terc: str
    person_id: UUID
    consent_id: UUID
    referral_id: UUID
    recipient_institution_id: UUID
    categories: Sequence[str]


async def queue_disclosure(change: Change, new: NewDisclosure) -> None:
    """Queue a disclosure for its recipient."""
    # No audit record of its own: its referral has one.
    values = new._asdict() | {"state": DisclosureState.QUEUED}
    await change.execute(insert(Disclosure).values(**values))


async def mark_sent(change: Change, referral_id: UUID, now: datetime) -> int:
    """Mark a referral's queued disclosures as sent, because the recipient has seen
    them; returns their number.
    """
    # Data count as sent when the recipient sees them, not when they are queued.
    return await _end(
        change,
        col(Disclosure.referral_id) == referral_id,
        state=DisclosureState.SENT,
        sent_at=now,
    )


async def stop_for_consent(change: Change, consent_id: UUID, now: datetime) -> int:
    """Stop the queued disclosures of a basis; returns their number."""
    # Sent ones stay on record: a withdrawal has no effect
    # on the past (GDPR, art. 7(3)).
    return await _end(
        change,
        col(Disclosure.consent_id) == consent_id,
        state=DisclosureState.STOPPED,
        stopped_at=now,
        stopping_reason=StoppingReason.CONSENT_WITHDRAWN,
    )


async def stop_for_referral(change: Change, referral_id: UUID, now: datetime) -> int:
    """Stop the queued disclosures of a referral; returns their number."""
    return await _end(
        change,
        col(Disclosure.referral_id) == referral_id,
        state=DisclosureState.STOPPED,
        stopped_at=now,
        stopping_reason=StoppingReason.REFERRAL_ENDED,
    )


async def _end(change: Change, condition: ColumnElement[bool], **values: object) -> int:
    """End queued disclosures and record each. One statement, so that of two at once the
    second finds none.
    """
    statement = (
        update(Disclosure)
        .where(condition, col(Disclosure.state) == DisclosureState.QUEUED)
        .values(**values, version=Disclosure.version + 1, changed_at=func.now())
        .returning(
            col(Disclosure.id),
            col(Disclosure.version),
            col(Disclosure.county_terc),
            col(Disclosure.person_id),
        )
    )
    ended = await change.rows(statement)
    for row in ended:
        subject = Subject(f"disclosures/{row.id}", row.version, row.county_terc)
        people = [str(row.person_id)]
        event = f"disclosure.{values['state']}"
        change.record("end_disclosure", subject, event, people=people)
    return len(ended)
