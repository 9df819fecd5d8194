"""Members of bodies on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.ground.scalars import Date, Id, Line, Note, Wire
from services.chassis.web.listing import ListQuery
from services.registry.processes.schemas import CatalogueCode
from services.registry.tables import RECORDED, Recorded

Role = Annotated[Line, StringConstraints(min_length=1, max_length=100)]
Account = Annotated[Line, StringConstraints(min_length=1, max_length=255)]


class MemberCreate(Wire):
    """Somebody who represents a group in a body. The person is named by role and account only."""

    group: CatalogueCode
    person_role: Role
    subject: Account | None = Field(
        default=None, description="the account of the person, if there is one"
    )
    institution_id: Id | None = None
    delegating_body_id: Id | None = Field(
        default=None, description="the team or platform that sends them"
    )
    held_from: Date
    held_to: Date | None = Field(
        default=None, description="first day without the seat, where it is over by now"
    )
    ending_reason: Note | None = Field(
        default=None, description="goes with `held_to`: both or neither"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "group": "county_employment_council",
                    "person_role": "przewodnicząca",
                    "held_from": "2025-02-01",
                }
            ]
        }
    )


class MemberEnd(Wire):
    """When and why somebody leaves a body."""

    held_to: Date = Field(description="first day on which they are no longer a member")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"held_to": "2025-09-01", "reason": "koniec kadencji"}]
        }
    )


class MemberRead(BaseModel):
    """A seat in a body."""

    id: UUID
    version: int
    body_id: UUID
    group: str
    person_role: str
    subject: str | None
    institution_id: UUID | None
    delegating_body_id: UUID | None
    held_from: date
    held_to: date | None
    ending_reason: str | None
    recorded: dict[str, Recorded] = RECORDED


class MemberList(ListQuery):
    """Filters of members."""

    group: CatalogueCode | None = None
    as_of: Date | None = Field(
        default=None, description="members on that day; all when absent"
    )
