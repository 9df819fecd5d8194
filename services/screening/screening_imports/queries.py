"""What the parser of an import has to know of an instrument."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.screening.instruments.queries import INSTRUMENTS, VERSIONS
from services.screening.norm_sets.queries import NORM_SETS


async def get_definition_document(session: AsyncSession, code: str, number: int) -> dict[str, Any]:
    """The whole definition of a version whose plan could be had; it goes to the parser and nowhere else."""
    joined = VERSIONS.join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
    of_this = (INSTRUMENTS.c.code == code) & (VERSIONS.c.number == number)
    statement = select(cast(VERSIONS.c.definition, Text)).select_from(joined).where(of_this)
    document: dict[str, Any] = json.loads((await (await session.connection()).execute(statement)).scalar_one())
    return document


async def get_norm_document(session: AsyncSession, norm_set_id: UUID) -> tuple[str, dict[str, Any]]:
    """The code and the document of a norm set."""
    statement = select(NORM_SETS.c.code, cast(NORM_SETS.c.document, Text).label("text"))
    row = (await (await session.connection()).execute(statement.where(NORM_SETS.c.id == norm_set_id))).one()
    return row.code, json.loads(row.text)
