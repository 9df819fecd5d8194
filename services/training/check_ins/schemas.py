"""Check-ins on the wire."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Count, Id, Money, Note, QueryFlag, Wire
from services.chassis.web.listing import FileQuery
from services.training.authorities.rules import WorkState
from services.training.check_ins.rules import CheckInKind
from services.training.rooms.schemas import CountyTerc

CHECK_IN_EXAMPLE: dict[str, Any] = {
    "measures_in_progress": 2,
    "measures_completed": 1,
    "spent": "12500.00",
    "progress": "Ogłoszono przetarg na łącza.",
}


class CheckInContent(Wire):
    """What an authority reports on a period."""

    measures_in_progress: Count
    measures_completed: Count
    # Of the period and not in all: what is summed twice is found by nobody.
    spent: Annotated[Money, Field(ge=Decimal(0))] = Field(
        description="in the period, in PLN"
    )
    progress: Note
    obstacles: Note | None = None


class CheckInWrite(CheckInContent):
    """The whole content of a check-in, in place of what was there."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHECK_IN_EXAMPLE]})


class CheckInBegin(CheckInContent):
    """A check-in of that number; its period follows from the authority's window."""

    kind: CheckInKind
    # The upper bound of the longer kind; which numbers a kind has is a rule.
    number: Annotated[Count, Field(ge=1, le=12)]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "monthly", "number": 1, **CHECK_IN_EXAMPLE}]
        }
    )


class CheckInEntry(BaseModel):
    """A check-in without its content."""

    id: UUID
    version: int
    authority_id: UUID
    county_terc: str
    authority_name: str
    kind: CheckInKind
    number: int
    starts_on: date
    ends_on: date
    due_on: date
    state: WorkState
    is_late: bool
    first_submitted_on: date | None
    submitted_by: str | None
    decided_by: str | None
    changed_at: datetime


class CheckInRead(CheckInEntry):
    """A check-in."""

    content: CheckInContent
    submitted_at: datetime | None
    decided_at: datetime | None
    returning_reason: str | None


class PlannedCheckIn(BaseModel):
    """One of the fourteen, begun or not."""

    kind: CheckInKind
    number: int
    starts_on: date
    ends_on: date
    due_on: date
    state: WorkState | None = Field(description="null: not begun")
    is_late: bool


class CheckInSchedule(BaseModel):
    """All check-ins of an authority whose windows are known."""

    items: list[PlannedCheckIn]


class CheckInList(FileQuery):
    """Filters of check-ins."""

    authority_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    kind: CheckInKind | None = None
    state: list[WorkState] | None = None
    is_late: QueryFlag | None = None
