"""Data that are needed before the state of a referral changes."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.casework.consents.queries import CONSENTS, stands_on
from services.casework.people.queries import PEOPLE
from services.casework.problems import ConsentRequired
from services.casework.referrals.models import Referral
from services.casework.referrals.queries import REFERRALS
from services.casework.referrals.rules import ReferralDirection, ReferralState
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Reading

# The next round, ten minutes later, takes the rest.
MOST_AT_ONCE = 200
_UNSCHEDULED = (ReferralState.SENT, ReferralState.RECEIVED, ReferralState.ACCEPTED)


async def require_standing_basis(
    reading: Change, referral: Referral, day: date
) -> None:
    """ConsentRequired unless the legal basis of the referral holds on a day."""
    stands = select(CONSENTS.c.id).where(
        CONSENTS.c.id == referral.consent_id, stands_on(day)
    )
    # The basis is outside the reach of the receiving institution.
    async with acting_everywhere(reading):
        if await reading.find(stands) is None:
            raise ConsentRequired(purpose="referral")


async def list_unscheduled(reading: Reading, sent_before: date) -> Sequence[UUID]:
    """The ids of outbound referrals that were sent before a day and are not scheduled."""
    columns = REFERRALS.c
    statement = select(columns.id).where(
        columns.direction == ReferralDirection.OUTBOUND,
        columns.closed_at.is_(None),
        columns.state.in_(_UNSCHEDULED),
        columns.sent_on < sent_before,
    )
    in_order = statement.order_by(columns.sent_on, columns.id).limit(MOST_AT_ONCE)
    return await reading.scalars(in_order)


async def find_free(change: Change, referral_id: UUID) -> Referral | None:
    """A referral, locked with its child until the transaction ends; None where another
    transaction has locked either of them.
    """
    statement = select(REFERRALS).where(REFERRALS.c.id == referral_id)
    person_ids = statement.with_only_columns(REFERRALS.c.person_id)
    child = select(PEOPLE.c.id).where(PEOPLE.c.id.in_(person_ids))
    if (
        await change.find(child.with_for_update(key_share=True, skip_locked=True))
        is None
    ):
        return None
    row = await change.find(statement.with_for_update(skip_locked=True))
    return None if row is None else Referral(**row._mapping)
