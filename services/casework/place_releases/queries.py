"""Every query on the releases of places."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.casework.place_releases.models import PlaceRelease
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading

RELEASES = rows_of(PlaceRelease)
# The next round, five seconds later, takes the rest.
MOST_AT_ONCE = 100


class DueRelease(NamedTuple):
    """A release that is due."""

    referral_id: UUID
    support_service_id: UUID
    due_at: datetime
    attempts: int
    given_back_at: datetime | None


async def list_due(reading: Reading, now: datetime) -> Sequence[DueRelease]:
    """The releases that are due, the longest waiting first."""
    columns = [RELEASES.c[name] for name in DueRelease._fields]
    due = select(*columns).where(RELEASES.c.due_at <= now)
    rows = await reading.rows(due.order_by(RELEASES.c.due_at).limit(MOST_AT_ONCE))
    return [DueRelease(*row) for row in rows]
