"""Every query of an import of enrolments."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.chassis.data.work import Reading
from services.training.enrolment_imports import statements
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import COUNTED


class Place(NamedTuple):
    """A row of the file: the person and the group."""

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
    """Pairs of trainee and group with an enrolment that has not ended early."""
    statement = select(ENROLMENTS.c.trainee_id, ENROLMENTS.c.group_id).where(
        ENROLMENTS.c.group_id.in_([*group_ids]), ENROLMENTS.c.state.in_(COUNTED)
    )
    return {(trainee, group) for trainee, group in await reading.rows(statement)}
