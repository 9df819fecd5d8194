"""Shares of planned minutes on the wire."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.chassis.ground.scalars import Id
from services.chassis.web.listing import FileQuery


class AttendanceShareRead(BaseModel):
    """The share of a group's planned minutes that one person attended."""

    trainee_id: UUID
    given_name: str | None
    family_name: str | None
    attended_minutes: int = Field(description="by signed lists")
    planned_minutes: int = Field(
        description="of all sessions of the group that are not cancelled"
    )
    # A text: as a JSON number, 80.00 would lose its two places.
    percent: str | None = Field(
        description="two decimals, never rounded up; null where nothing is planned",
        examples=["79.99"],
    )
    required_percent: int
    is_sufficient: bool = Field(description="exactly, and not by the rounded percent")


class ShareList(FileQuery):
    """A group's shares."""

    trainee_id: Id | None = None
