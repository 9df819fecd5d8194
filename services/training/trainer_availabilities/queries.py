"""Every query of times in which trainers are free or away."""

from uuid import UUID

from sqlalchemy import select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.problems import AvailabilityNotFound
from services.training.trainer_availabilities.models import TrainerAvailability
from services.training.trainer_availabilities.schemas import (
    AvailabilityList,
    AvailabilityRead,
)

TIMES = rows_of(TrainerAvailability)
_WIRE = {name: TIMES.c[name] for name in AvailabilityRead.model_fields}
STORED = stored_columns(_WIRE, TIMES.c.id, TIMES.c.version)
_LISTING = Listing(_WIRE, {"starts_at": TIMES.c.starts_at}, "starts_at", TIMES.c.id)


def list_availabilities(trainer_id: UUID, query: AvailabilityList) -> Listed:
    """The times of a trainer that a list shows."""
    times: Rows = select(TIMES).where(TIMES.c.trainer_id == trainer_id)
    if query.starts_from:
        times = times.where(TIMES.c.starts_at >= query.starts_from)
    if query.starts_to:
        times = times.where(TIMES.c.starts_at <= query.starts_to)
    return Listed(_LISTING, times)


async def get_availability(
    reading: Reading, trainer_id: UUID, availability_id: UUID
) -> Stored:
    """One time of a trainer."""
    # Not found below another trainer's address.
    is_this = (TIMES.c.id == availability_id) & (TIMES.c.trainer_id == trainer_id)
    statement: Rows = select(*STORED).where(is_this)
    # Locked in a transaction that changes data, which is about to delete it.
    if isinstance(reading, Change):
        statement = statement.with_for_update()
    return await reading.stored(statement, AvailabilityNotFound)
