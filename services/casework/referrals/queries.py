"""Every question asked of the referrals."""

from uuid import UUID

from sqlalchemy import select

from services.casework.referrals.models import Referral
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.chassis.ground.problems import FieldError, UnknownReference

REFERRALS = rows_of(Referral)


async def require_referral_of(
    reading: Reading, referral_id: UUID, person_id: UUID
) -> None:
    """UnknownReference unless it is an inbound referral of this child."""
    statement = select(REFERRALS.c.id).where(
        REFERRALS.c.id == referral_id,
        REFERRALS.c.person_id == person_id,
        REFERRALS.c.direction == "inbound",
    )
    if await reading.find(statement) is None:
        raise UnknownReference(FieldError("pointer", "/referral_id", "not_found"))
