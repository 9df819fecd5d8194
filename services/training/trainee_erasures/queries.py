"""The query of other records with a trainee's name."""

from uuid import UUID

from sqlalchemy import select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change
from services.training.certificates.models import Certificate

_CERTIFICATES = rows_of(Certificate)


async def lock_certificates(change: Change, trainee_id: UUID) -> list[Certificate]:
    """The certificates of a trainee, locked.

    In a transaction that reaches everywhere.
    """
    statement = select(_CERTIFICATES).where(_CERTIFICATES.c.trainee_id == trainee_id)
    locking = statement.order_by(_CERTIFICATES.c.id).with_for_update()
    return [Certificate(**row._mapping) for row in await change.rows(locking)]
