"""What the parser of an import has to know of an instrument."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, select

from services.chassis.work import Reading
from services.screening.instruments.queries import INSTRUMENTS, VERSIONS
from services.screening.norm_sets.queries import NORM_SETS


async def get_definition_document(
    reading: Reading, code: str, number: int
) -> dict[str, Any]:
    """The whole definition of a version whose plan could be had; it goes to the parser and nowhere else."""
    joined = VERSIONS.join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
    of_this = (INSTRUMENTS.c.code == code) & (VERSIONS.c.number == number)
    statement = (
        select(cast(VERSIONS.c.definition, Text)).select_from(joined).where(of_this)
    )
    document: dict[str, Any] = json.loads(await reading.scalar(statement))
    return document


async def get_norm_document(
    reading: Reading, norm_set_id: UUID
) -> tuple[str, dict[str, Any]]:
    """The code and the document of a norm set."""
    statement = select(NORM_SETS.c.code, cast(NORM_SETS.c.document, Text).label("text"))
    row = await reading.one(statement.where(NORM_SETS.c.id == norm_set_id))
    return row.code, json.loads(row.text)
