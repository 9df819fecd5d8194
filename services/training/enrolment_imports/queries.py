"""What a file asks of groups and enrolments."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.chassis.data.work import Reading
from services.training.enrolment_imports import statements
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import COUNTED


class Place(NamedTuple):
    """A row: who is to enter which group."""

    line: int
    trainee_id: UUID
    group_id: UUID


async def list_places(
    reading: Reading, source: str, programme_code: str
) -> list[Place]:
    """The staged rows in the order of the file."""
    values = {"source": source, "programme": programme_code}
    return [Place(*row) for row in await reading.rows(statements.ROWS, values)]


async def list_taken(
    reading: Reading, group_ids: Collection[UUID]
) -> set[tuple[UUID, UUID]]:
    """Who is in these groups already, or was to the end: trainee and group."""
    statement = select(ENROLMENTS.c.trainee_id, ENROLMENTS.c.group_id).where(
        ENROLMENTS.c.group_id.in_([*group_ids]), ENROLMENTS.c.state.in_(COUNTED)
    )
    return {(trainee, group) for trainee, group in await reading.rows(statement)}
