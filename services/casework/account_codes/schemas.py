"""Codes that join an account to a person, on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Wire

# Longer than a code: people type hyphens, spaces and small letters.
TypedCode = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^[A-Za-z0-9 -]+$", min_length=1, max_length=64),
]


class AccountCodeRead(BaseModel):
    """A code that was handed over, without the code."""

    id: UUID
    version: int
    county_terc: str
    person_id: UUID
    issued_by: str
    expires_at: datetime
    used_at: datetime | None
    withdrawn_at: datetime | None


class AccountCodeIssued(AccountCodeRead):
    """A new code. It is shown here and never again."""

    code: str = Field(
        description="to hand over in person; capitals and hyphens do not matter when"
        " it is typed"
    )


class AccountJoin(Wire):
    """The code that somebody was handed."""

    code: TypedCode

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "ACDEF-HJKMN-PRTWX-Y3479"}]}
    )
