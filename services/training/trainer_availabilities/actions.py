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
    # No event: no other service needs it.
    change.record(action, Subject(path, time.version))


async def state_availability(
    change: Change, trainer_id: UUID, new: AvailabilityCreate
) -> Stored:
    """Store a time in which a trainer is free or away. Planned sessions stay."""
    if new.ends_at <= new.starts_at:
        refuse(("ends_at", "wrong_order"))
    # The lock that planning a session takes as well.
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
    """Delete a time in which a trainer was free or away."""
    # The same lock as above: a session is planned either before or after.
    await lock_trainer(change, trainer_id)
    time = await queries.get_availability(change, trainer_id, availability_id)
    require_version(time.version, version)
    # Deleted for good, without a history.
    is_this = col(TrainerAvailability.id) == availability_id
    await change.execute(delete(TrainerAvailability).where(is_this))
    _record(change, "withdraw_availability", trainer_id, time)
