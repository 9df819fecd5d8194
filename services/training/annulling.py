"""Records of what took place that turn out wrong: they stay, and count nowhere."""

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
    """Why a record does not count: a code, since words could tell of people."""

    DID_NOT_TAKE_PLACE = "did_not_take_place"
    WRONG_FACTS = "wrong_facts"
    ENTERED_TWICE = "entered_twice"


class Annullable(Versioned):
    """The columns of a record that may be annulled, once."""

    annulled_by: str | None = Field(default=None, sa_type=Text)
    annulling_reason: str | None = Field(default=None, sa_type=Text)


# A table adds it to its own: a mixin's constraint would be one object of them all.
WHOLE_ANNULMENT = "(annulled_by IS NULL) = (annulling_reason IS NULL)"
"""Of the columns above both or none."""


class RecordAnnul(Wire):
    """Why a record does not count."""

    reason: AnnullingReason

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "entered_twice"}]}
    )


class AnnulledRead(BaseModel):
    """Who annulled a record and why; null of one that counts."""

    annulled_by: str | None
    annulling_reason: AnnullingReason | None


Row = TypeVar("Row", bound=Annullable)


async def annul(change: Change, row: Row, reason: AnnullingReason, version: int) -> Row:
    """Let a locked record count no more, and return it as it is then.

    StateConflict where it was annulled before.
    """
    # First the version: whoever has read an older state reads again before the present
    # one is of any help.
    require_version(row.version, version)
    refuse_annulled(row)
    table = type(row)
    values = {"annulled_by": change.caller.subject, "annulling_reason": reason}
    statement = update(table).where(col(table.id) == row.id)
    statement = statement.values(
        **values, version=table.version + 1, changed_at=func.now()
    )
    changed = await change.one(statement.returning(*rows_of(table).c))
    return table(**changed._mapping)


def refuse_annulled(row: Annullable) -> None:
    """StateConflict of a record that counts no more."""
    # Who annulled it first and why stays: a second reason would replace it.
    if row.annulled_by is not None:
        raise StateConflict(state="annulled", allowed=[])
