"""Attendance of conferences on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Flag, Id, Wire
from services.chassis.web.listing import ListQuery
from services.training.conference_attendances.rules import CorrectingReason
from services.training.conferences.rules import Audience


class ConferenceAttendanceItem(Wire):
    """Whether one person with a place came."""

    registration_id: Id
    has_attended: Flag


class ConferenceAttendanceRecord(Wire):
    """Who came and who did not. People who are not in the list do not change."""

    # A longer list is sent in parts.
    items: list[ConferenceAttendanceItem] = Field(min_length=1, max_length=200)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "registration_id": "01990000-0000-7000-8000-0000000000e1",
                            "has_attended": True,
                        }
                    ]
                }
            ]
        }
    )


class ConferenceAttendanceCorrect(Wire):
    """The correct value, which is the opposite of the recorded one, and the reason."""

    has_attended: Flag
    reason: CorrectingReason

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"has_attended": True, "reason": "on_paper_list"}]
        }
    )


class AudienceCount(BaseModel):
    """How many of one audience had a place and came."""

    audience: Audience
    registered: int = Field(description="with a place")
    attended: int
    absent: int
    unrecorded: int = Field(description="of whom nobody has said whether they came")


class ConferenceAttendanceRead(BaseModel):
    """How many came to a conference, by audience and together."""

    conference_id: UUID
    is_erased: bool = Field(
        description="whether the counts are all that is left of the registrations"
    )
    items: list[AudienceCount] = Field(description="audiences of which somebody is")
    registered: int
    attended: int
    absent: int
    unrecorded: int


class ConferenceAttendanceCorrectionRead(BaseModel):
    """What a correction changed."""

    id: UUID
    had_attended: bool = Field(description="what was said until then")
    reason: CorrectingReason
    corrected_by: str
    corrected_at: datetime


class AttendanceCorrectionQuery(ListQuery):
    """The corrections of one registration."""
