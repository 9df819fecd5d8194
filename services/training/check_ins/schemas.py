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
    # Of the period and not in all: totals would be summed twice by readers.
    spent: Annotated[Money, Field(ge=Decimal(0))] = Field(
        description="in the period, in PLN"
    )
    progress: Note
    obstacles: Note | None = None


class CheckInWrite(CheckInContent):
    """The whole content of a check-in, in place of the old one."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHECK_IN_EXAMPLE]})


class CheckInBegin(CheckInContent):
    """A new check-in; its period follows from number and the authority's window."""

    kind: CheckInKind
    # The bound of the monthly kind; a rule checks the number of the given kind.
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
    """One of the fourteen check-ins, begun or not."""

    kind: CheckInKind
    number: int
    starts_on: date
    ends_on: date
    due_on: date
    state: WorkState | None = Field(description="null: not begun")
    is_late: bool


class CheckInSchedule(BaseModel):
    """All check-ins of an authority whose windows are set."""

    items: list[PlannedCheckIn]


class CheckInList(FileQuery):
    """Filters of check-ins."""

    authority_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    kind: CheckInKind | None = None
    state: list[WorkState] | None = None
    is_late: QueryFlag | None = None
