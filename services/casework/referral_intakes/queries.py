"""Data that are needed before a screening's result becomes a referral."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from services.casework.consents.queries import CONSENTS
from services.casework.people.queries import PEOPLE, lock_people
from services.casework.referrals.models import Referral
from services.casework.referrals.queries import REFERRALS
from services.casework.referrals.rules import ReferralDirection, ReferralReason
from services.chassis.data.work import Change, Reading, Rows


async def find_child(
    reading: Reading, county_terc: str, subject_ref: UUID
) -> UUID | None:
    """The id of the person with a reference in a county: the person's own reference, or
    one that a coordinator has joined to the person.
    """
    joined = select(REFERRALS.c.person_id).where(
        REFERRALS.c.subject_ref == subject_ref,
        REFERRALS.c.county_terc == county_terc,
        REFERRALS.c.person_id.is_not(None),
    )
    statement = select(PEOPLE.c.id, PEOPLE.c.merged_into).where(
        PEOPLE.c.county_terc == county_terc,
        PEOPLE.c.erased_at.is_(None),
        or_(PEOPLE.c.subject_ref == subject_ref, PEOPLE.c.id.in_(joined)),
    )
    # The oldest record, if several were joined to one reference.
    row = await reading.find(statement.order_by(PEOPLE.c.id).limit(1))
    return None if row is None else row.merged_into or row.id


def _of_screening(screening_id: UUID) -> Rows:
    statement: Rows = select(REFERRALS)
    return statement.where(
        REFERRALS.c.screening_id == screening_id,
        # A screening leads to one inbound referral (`uq_referrals_screening_id`).
        REFERRALS.c.direction == ReferralDirection.INBOUND,
    )


async def find_withdrawal(reading: Reading, referral: Referral) -> datetime | None:
    """When the consent of a referral was withdrawn; None where it was not."""
    if referral.consent_id is None:
        # Without a person there is no recorded consent: it ended with the referral.
        is_withdrawn = referral.reason == ReferralReason.CONSENT_WITHDRAWN
        return referral.closed_at if is_withdrawn else None
    columns = CONSENTS.c
    statement = select(columns.withdrawn_at).where(columns.id == referral.consent_id)
    withdrawn_at: datetime | None = await reading.scalar(statement)
    return withdrawn_at


async def screening_is_referred(reading: Reading, screening_id: UUID) -> bool:
    """Whether a screening has an open referral."""
    is_open = REFERRALS.c.closed_at.is_(None)
    statement = _of_screening(screening_id).with_only_columns(REFERRALS.c.id)
    return await reading.find(statement.where(is_open)) is not None


async def _lock_child(change: Change, screening_id: UUID) -> None:
    person_ids = _of_screening(screening_id).with_only_columns(REFERRALS.c.person_id)
    await lock_people(change, person_ids)


async def find_basis_of_screening(change: Change, screening_id: UUID) -> UUID | None:
    """The legal basis of a screening's referral; its child is locked until the
    transaction ends.
    """
    await _lock_child(change, screening_id)
    row = await change.find(_of_screening(screening_id))
    return None if row is None else row.consent_id


async def find_of_screening(change: Change, screening_id: UUID) -> Referral | None:
    """A screening's referral, locked with its child until the transaction ends."""
    await _lock_child(change, screening_id)
    row = await change.find(_of_screening(screening_id).with_for_update())
    return None if row is None else Referral(**row._mapping)
