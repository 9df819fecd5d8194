"""Members that no longer meet their rule, and notices to them, on the wire."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Note, Wire

_MISSING = Field(
    description="criteria of the rule; `open`: closed, `in_force`: the rule was retired"
)


class NoticeGive(Wire):
    """Until when a member may answer before the network decides."""

    answer_by: Date = Field(description="last day for an answer")
    note: Note | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"answer_by": "2199-12-31"}]}
    )


class NoticeRead(BaseModel):
    """A notice to a member."""

    id: UUID
    version: int
    membership_id: UUID
    rule_id: UUID
    missing: list[str] = _MISSING
    given_on: date
    answer_by: date
    note: str | None
    given_by: str


class LapsedMember(BaseModel):
    """A member that no longer meets its rule of inclusion."""

    membership_id: UUID
    institution_id: UUID
    institution_name: str
    rule_id: UUID
    rule_code: str
    included_on: date
    missing: list[str] = _MISSING
    noticed_on: date | None = Field(
        description="day of the last notice since it was included; null without one"
    )
    answer_by: date | None


class LapsedMembers(BaseModel):
    """The members of a network that no longer meet their rule on a day."""

    network_id: UUID
    as_of: date
    items: list[LapsedMember]
