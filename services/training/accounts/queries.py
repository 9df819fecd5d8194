"""The groups that a trainer's account may read."""

from uuid import UUID

from sqlalchemy import select

from services.chassis.data.work import Reading
from services.training.groups.queries import GROUP_TRAINERS, GROUPS


async def list_trained_groups(
    reading: Reading, trainer_id: UUID
) -> list[tuple[UUID, str]]:
    """The groups of a trainer that were not cancelled, each with its county."""
    statement = (
        select(GROUPS.c.id, GROUPS.c.county_terc)
        .join(GROUP_TRAINERS, GROUP_TRAINERS.c.group_id == GROUPS.c.id)
        .where(GROUP_TRAINERS.c.trainer_id == trainer_id)
        .where(GROUPS.c.state != "cancelled")
    )
    return [(row[0], row[1]) for row in await reading.rows(statement)]
