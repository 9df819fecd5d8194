"""Every change of a disclosure.

Who may ask for one is decided by its basis, in `consents`.
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
    """Categories of a child's data that are to wait for their recipient."""

    county_terc: str
    person_id: UUID
    consent_id: UUID
    referral_id: UUID
    recipient_institution_id: UUID
    categories: Sequence[str]


async def queue_disclosure(change: Change, new: NewDisclosure) -> None:
    """Let it wait for its recipient."""
    # No record of its own: the referral that it waits with has one.
    values = new._asdict() | {"state": DisclosureState.QUEUED}
    await change.execute(insert(Disclosure).values(**values))


async def mark_sent(change: Change, referral_id: UUID, now: datetime) -> int:
    """What waited with a referral has been seen by its recipient; how much that was."""
    # Seen is sent: data go out when the recipient looks, not when they are queued.
    return await _end(
        change,
        col(Disclosure.referral_id) == referral_id,
        state=DisclosureState.SENT,
        sent_at=now,
    )


async def stop_for_consent(change: Change, consent_id: UUID, now: datetime) -> int:
    """Nothing that waits on this basis goes out any more; how much that was."""
    # What has gone out stays on record: a withdrawal does not reach back (GDPR, art.
    # 7(3)).
    return await _end(
        change,
        col(Disclosure.consent_id) == consent_id,
        state=DisclosureState.STOPPED,
        stopped_at=now,
        stopping_reason=StoppingReason.CONSENT_WITHDRAWN,
    )


async def stop_for_referral(change: Change, referral_id: UUID, now: datetime) -> int:
    """Nothing that waits with this referral goes out any more; how much that was."""
    return await _end(
        change,
        col(Disclosure.referral_id) == referral_id,
        state=DisclosureState.STOPPED,
        stopped_at=now,
        stopping_reason=StoppingReason.REFERRAL_ENDED,
    )


async def _end(change: Change, of: ColumnElement[bool], **values: object) -> int:
    """Give what still waits its end, and record each: one statement, so that of two at
    once one finds nothing.
    """
    statement = (
        update(Disclosure)
        .where(of, col(Disclosure.state) == DisclosureState.QUEUED)
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
