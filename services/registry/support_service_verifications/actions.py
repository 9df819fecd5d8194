"""The one change of verifications beside `verify`: a verification of an earlier
day is entered.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from services.chassis.data.work import Change
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import refuse
from services.registry.permissions import Permission
from services.registry.support_service_verifications import queries
from services.registry.support_service_verifications.models import (
    SupportServiceVerification,
)
from services.registry.support_service_verifications.schemas import VerificationCreate
from services.registry.support_services.actions import lock_service, show_verification


async def add_verification(
    change: Change, service_id: UUID, new: VerificationCreate, now: datetime
) -> str:
    """Record that the description of a service was correct on a day; returns the
    verification as JSON.
    """
    permission, day = Permission.VERIFY_SUPPORT_SERVICES, new.verified_on
    service = await lock_service(change, permission, service_id, day)
    if day > civil_date(now):
        refuse(("verified_on", "in_future"))
    statement = insert(SupportServiceVerification).values(
        support_service_id=service_id,
        verified_on=day,
        recorded_by=change.caller.subject,
    )
    verification = str(await change.scalar(statement.returning(queries.BODY)))
    # After the insert: the service shows its latest verification.
    await show_verification(change, service, day, now)
    return verification
