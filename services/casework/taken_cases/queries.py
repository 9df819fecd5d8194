"""What is asked before a case is written."""

from uuid import UUID

from sqlalchemy import func, select

from services.chassis.data.work import Reading


async def list_new_ids(reading: Reading, number: int) -> list[UUID]:
    """Ids of rows to come: what is sealed is bound to its row's."""
    drawn = select(func.uuidv7()).select_from(func.generate_series(1, number))
    return [row[0] for row in await reading.rows(drawn)]
