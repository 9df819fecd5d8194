"""Calendar feeds on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Wire

CalendarLanguage = Literal["pl", "en"]


class CalendarFeedCreate(Wire):
    """A new feed of one's own tasks and dates."""

    # Chosen once: what a calendar program sends as its language is not the reader's.
    language: CalendarLanguage = "pl"

    model_config = ConfigDict(json_schema_extra={"examples": [{"language": "pl"}]})


class CalendarFeedRead(BaseModel):
    """A feed, without its address: that was shown once."""

    id: UUID
    version: int
    language: CalendarLanguage
    created_at: datetime
    revoked_at: datetime | None


class CalendarFeedCreated(CalendarFeedRead):
    """A new feed with its address, which is not shown again."""

    address: str = Field(
        description="where a calendar program finds it; whoever knows it sees the"
        " dates, so it is kept like a password"
    )
