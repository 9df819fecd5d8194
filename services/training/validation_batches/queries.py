"""The queries of a batch, once for all of its items."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from services.chassis.data.work import Change, Reading
from services.training.enrolments.models import Enrolment
from services.training.validations.queries import (
    ENROLMENTS,
    MODULES,
    OUTCOMES,
    VALIDATIONS,
)


async def lock_enrolments(
    change: Change, group_id: UUID, enrolment_ids: Collection[UUID]
) -> dict[UUID, Enrolment]:
    """The given enrolments of a group, locked, by id.

    In a transaction that reaches everywhere: their counties are the trainees'.
    """
    statement = select(ENROLMENTS).where(
        ENROLMENTS.c.group_id == group_id, ENROLMENTS.c.id.in_([*enrolment_ids])
    )
    # In one order, so that two batches of a group cannot deadlock.
    locking = statement.order_by(ENROLMENTS.c.id).with_for_update(key_share=True)
    rows = await change.rows(locking)
    return {row.id: Enrolment(**row._mapping) for row in rows}


async def list_validated(
    reading: Reading, enrolment_ids: Collection[UUID]
) -> set[tuple[UUID, UUID]]:
    """Pairs of enrolment and outcome that are validated already."""
    statement = select(VALIDATIONS.c.enrolment_id, VALIDATIONS.c.outcome_id)
    of_them = statement.where(VALIDATIONS.c.enrolment_id.in_([*enrolment_ids]))
    return {(enrolment, outcome) for enrolment, outcome in await reading.rows(of_them)}


async def list_outcome_ids(reading: Reading, version_id: UUID) -> set[UUID]:
    """The ids of a programme version's outcomes."""
    joined = select(OUTCOMES.c.id).join(MODULES, MODULES.c.id == OUTCOMES.c.module_id)
    return {*await reading.scalars(joined.where(MODULES.c.version_id == version_id))}
