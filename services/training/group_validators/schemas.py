"""Validators of groups on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.ground.scalars import Line, Wire

# The bound of a token's subject.
Account = Annotated[Line, StringConstraints(min_length=1, max_length=255)]


class GroupValidatorName(Wire):
    """The account that is to validate a group's outcomes."""

    account: Account = Field(
        description="`sub` of the tokens that this person signs in with, as a trainer"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"account": "maria"}]})


class GroupValidatorRead(BaseModel):
    """A validator of a group."""

    id: UUID
    version: int
    group_id: UUID
    account: str
    named_by: str
    created_at: datetime
