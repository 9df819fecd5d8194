"""The composition of a body on the wire."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date
from services.chassis.web.listing import QueryCount
from services.registry.bodies.rules import BodyKind
from services.registry.processes.schemas import Label


class CompositionList(BaseModel):
    """Which compositions are listed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    kind: BodyKind = Field(examples=["county_cooperation_platform"])
    as_of: Date | None = Field(
        default=None, description="on that day; today when absent"
    )
    limit: QueryCount = Field(default=200, ge=1, le=500, description="bodies, by name")


class CompositionRuleRead(BaseModel):
    """The rule by which a body is composed."""

    code: str
    label: Label
    source: str


class GroupRead(BaseModel):
    """How one group is represented."""

    group: str
    label: Label
    minimum: int
    maximum: int | None = Field(description="null: no head-count")
    present: int = Field(description="members, or institutions where those count")
    missing: int
    surplus: int


class CompositionRead(BaseModel):
    """Who sits in a body on a day, against its rule."""

    body_id: UUID
    as_of: date
    rule: CompositionRuleRead
    valid: bool = Field(description="nobody is missing, nobody is too many")
    members: int
    groups: list[GroupRead]


class CompositionsRead(BaseModel):
    """How the bodies of one kind are composed."""

    items: list[CompositionRead]
