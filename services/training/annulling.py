"""Annulling: a record that turns out to be wrong stays, and counts nowhere."""

from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Text, func, update
from sqlmodel import Field, col

from services.chassis.data.tables import Versioned, rows_of
from services.chassis.data.work import Change, require_version
from services.chassis.ground.problems import StateConflict
from services.chassis.ground.scalars import Wire


class AnnullingReason(StrEnum):
    """Why a record does not count: a code, since a text could describe people."""

    DID_NOT_TAKE_PLACE = "did_not_take_place"
    WRONG_FACTS = "wrong_facts"
    ENTERED_TWICE = "entered_twice"


class Annullable(Versioned):
    """The columns of a record that may be annulled, once."""

    annulled_by: str | None = Field(default=None, sa_type=Text)
    annulling_reason: str | None = Field(default=None, sa_type=Text)


# Each table adds it itself: a mixin's constraint would be one object for all tables.
WHOLE_ANNULMENT = "(annulled_by IS NULL) = (annulling_reason IS NULL)"
"""Both columns above are set, or neither."""


class RecordAnnul(Wire):
    """Why a record does not count."""

    reason: AnnullingReason

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "entered_twice"}]}
    )


class AnnulledRead(BaseModel):
    """Who annulled a record and why; both null while it counts."""

    annulled_by: str | None
    annulling_reason: AnnullingReason | None


Row = TypeVar("Row", bound=Annullable)


async def annul(change: Change, row: Row, reason: AnnullingReason, version: int) -> Row:
    """Annul a locked record and return the changed row.

    StateConflict where it was annulled before.
    """
    # The version first: a caller with an older version has to read again in any case.
    require_version(row.version, version)
    refuse_annulled(row)
    table = type(row)
    values = {"annulled_by": change.caller.subject, "annulling_reason": reason}
    statement = update(table).where(col(table.id) == row.id)
    statement = statement.values(
        **values, version=table.version + 1, changed_at=func.now()
    )
    new_row = await change.one(statement.returning(*rows_of(table).c))
    return table(**new_row._mapping)


def refuse_annulled(row: Annullable) -> None:
    """StateConflict where a record is annulled."""
    # A second annulment would replace the first account and reason.
    if row.annulled_by is not None:
        raise StateConflict(state="annulled", allowed=[])
