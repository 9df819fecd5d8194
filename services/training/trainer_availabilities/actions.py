"""Every change of the times in which trainers are free or away."""

from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import refuse
from services.training.trainer_availabilities import queries
from services.training.trainer_availabilities.models import TrainerAvailability
from services.training.trainer_availabilities.schemas import AvailabilityCreate
from services.training.trainers.queries import lock_trainer


def _record(change: Change, action: str, trainer_id: UUID, time: Stored) -> None:
    path = f"trainers/{trainer_id}/availabilities/{time.key}"
    # No event: when somebody is away is of interest to nobody outside.
    change.record(action, Subject(path, time.version))


async def state_availability(
    change: Change, trainer_id: UUID, new: AvailabilityCreate
) -> Stored:
    """Say when a trainer is free or away. What is planned already stays."""
    if new.ends_at <= new.starts_at:
        refuse(("ends_at", "wrong_order"))
    # Locked as whoever plans a session does: one comes before the other.
    await lock_trainer(change, trainer_id)
    statement = insert(TrainerAvailability).values(
        trainer_id=trainer_id, **new.model_dump()
    )
    time = await change.stored(statement.returning(*queries.STORED))
    _record(change, "state_availability", trainer_id, time)
    return time


async def withdraw_availability(
    change: Change, trainer_id: UUID, availability_id: UUID, version: int
) -> None:
    """Take back what was said of a time."""
    # The same lock as above: what is planned by this time is planned before or after.
    await lock_trainer(change, trainer_id)
    time = await queries.get_availability(change, trainer_id, availability_id)
    require_version(time.version, version)
    # Deleted for good: when somebody meant to be away is kept nowhere else.
    is_this = col(TrainerAvailability.id) == availability_id
    await change.execute(delete(TrainerAvailability).where(is_this))
    _record(change, "withdraw_availability", trainer_id, time)
