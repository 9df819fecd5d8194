"""Calendar feeds on the wire."""

from pydantic import ConfigDict

from services.chassis.calendars.addresses import (
    AddressRead,
    CalendarLanguage,
    ShownAddress,
)
from services.chassis.ground.scalars import Wire


class CalendarFeedCreate(Wire):
    """A new feed of one's own tasks and dates."""

    language: CalendarLanguage = "pl"

    model_config = ConfigDict(json_schema_extra={"examples": [{"language": "pl"}]})


class CalendarFeedRead(AddressRead):
    """A feed, without its address, which is shown only when the feed is made."""


class CalendarFeedCreated(CalendarFeedRead):
    """A new feed with its address, which is not shown again."""

    address: ShownAddress
