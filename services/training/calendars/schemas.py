"""Calendars of sessions on the wire."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.calendars.addresses import (
    AddressRead,
    CalendarLanguage,
    ShownAddress,
)
from services.chassis.ground.scalars import Id, Wire


class SessionCalendarCreate(Wire):
    """A new secret address: of a group's sessions, a room's, or the caller's own."""

    group_id: Id | None = Field(
        default=None,
        description="absent with `room_id`: all that the caller attends or gives",
    )
    room_id: Id | None = Field(default=None, description="never with `group_id`")
    language: CalendarLanguage = "pl"

    model_config = ConfigDict(json_schema_extra={"examples": [{"language": "pl"}]})


class SessionCalendarRead(AddressRead):
    """A calendar without its address, which was shown once."""

    group_id: UUID | None
    room_id: UUID | None


# A separate class: no other answer has a field for the address.
class SessionCalendarCreated(SessionCalendarRead):
    """A new calendar with its address, which is not shown again."""

    address: ShownAddress


class CalendarQuery(BaseModel):
    """The language of a calendar."""

    # A misspelt parameter is an error; otherwise it would be ignored.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    language: CalendarLanguage = "pl"
