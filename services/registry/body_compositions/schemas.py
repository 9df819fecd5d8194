"""The composition of a body on the wire."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.processes.schemas import Label


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
