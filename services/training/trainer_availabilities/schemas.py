"""Times in which trainers are free or away, on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Flag, Instant, Wire
from services.chassis.web.listing import ListQuery


# There is no patch: a time is deleted and added again.
class AvailabilityCreate(Wire):
    """A time in which a trainer is free or away."""

    starts_at: Instant
    ends_at: Instant
    is_available: Flag = Field(
        default=True,
        description="false: away. Who stated any free time is planned within it alone",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"starts_at": "2026-03-02T08:00:00Z", "ends_at": "2026-03-06T16:00:00Z"}
            ]
        }
    )


class AvailabilityRead(BaseModel):
    """A time in which a trainer is free, or away."""

    id: UUID
    version: int
    trainer_id: UUID
    starts_at: datetime
    ends_at: datetime
    is_available: bool


class AvailabilityList(ListQuery):
    """Filters of a trainer's times."""

    starts_from: Instant | None = None
    starts_to: Instant | None = None
