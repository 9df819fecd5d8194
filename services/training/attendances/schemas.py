"""Attendance on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id, Name, Whole, Wire
from services.chassis.web.listing import FileQuery, ListQuery

# 0 is an absence.
Attended = Annotated[Whole, Field(ge=0, le=1440)]


class AttendanceItem(Wire):
    """The minutes that one person attended."""

    trainee_id: Id
    # At most a day; the length of the session is compared later, under its lock.
    minutes: Attended = Field(description="0 is an absence")


class AttendanceRecord(Wire):
    """Who attended. The records of people who are not in the list do not change."""

    # A longer list is sent in parts: each adds to the records.
    items: list[AttendanceItem] = Field(min_length=1, max_length=200)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "trainee_id": "01990000-0000-7000-8000-0000000000e1",
                            "minutes": 120,
                        }
                    ]
                }
            ]
        }
    )


# The reason is free text: it is in the history only, not in audit and events.
class AttendanceCorrect(Wire):
    """The correct minutes, and why the signed list has other ones."""

    minutes: Attended
    reason: Name

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"minutes": 90, "reason": "wyszła przed końcem"}]
        }
    )


class AttendanceRead(BaseModel):
    """The attendance record of one person in a session."""

    id: UUID
    version: int
    session_id: UUID
    group_id: UUID
    trainee_id: UUID
    given_name: str | None = Field(
        description="null of people whom the caller may not see by name"
    )
    family_name: str | None
    minutes: int
    session_minutes: int
    recorded_by: str
    signed_at: datetime | None
    corrections: int = Field(description="how often it was corrected after signing")
    changed_at: datetime


class AttendanceSheetRead(BaseModel):
    """A session's list as a whole."""

    session_id: UUID
    version: int = Field(description="of the session, which signing it names")
    recorded: int
    missing: list[UUID] = Field(
        description="people with a seat of whom nothing is recorded yet; of a make-up,"
        " of those who missed what it makes up for"
    )
    signed_at: datetime | None


class AttendanceCorrectionRead(BaseModel):
    """What a correction changed."""

    id: UUID
    minutes_before: int
    minutes: int
    reason: str
    corrected_by: str
    corrected_at: datetime


class AttendanceList(FileQuery):
    """A session's list."""

    trainee_id: Id | None = None


class CorrectionList(ListQuery):
    """The corrections of a record."""
