"""Groups on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, Count, Date, Id, Name, QueryFlag, Wire
from services.chassis.web.listing import ByIds, FileQuery
from services.training.groups.rules import GroupState
from services.training.rooms.schemas import CountyTerc

Capacity = Annotated[Count, Field(ge=1, le=10_000)]
TrainerIds = Annotated[list[Id], Field(max_length=50)]


class GroupCreate(Wire):
    """A new group, by the agreed version of a programme."""

    programme_code: Code
    county_terc: CountyTerc = Field(description="of whoever organises it")
    code: Code = Field(description="its name in the programme's version")
    title: Name
    # It may be smaller, as for a small room, and never larger than agreed.
    capacity: Capacity | None = Field(
        default=None,
        description="what the programme agreed for a group when absent; at most that",
    )
    starts_on: Date
    ends_on: Date
    trainer_ids: TrainerIds = Field(default=[], description="who trains it")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme_code": "TMW",
                    "county_terc": "2469",
                    "code": "G1",
                    "title": "Grupa 1",
                    "starts_on": "2026-03-02",
                    "ends_on": "2026-06-26",
                }
            ]
        }
    )


class GroupUpdate(Wire):
    """A merge patch: absent fields stay. Capacity is changed by `resize`."""

    # Defaults that are never used: absent fields stay, and null is refused.
    title: Name = Field(default_factory=str)
    starts_on: Date = Field(default_factory=lambda: date.min)
    ends_on: Date = Field(default_factory=lambda: date.min)
    trainer_ids: TrainerIds = Field(default_factory=list)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Grupa 1, Katowice"}]}
    )


class GroupRead(BaseModel):
    """A group."""

    id: UUID
    version: int
    programme_code: str
    programme_version_id: UUID
    county_terc: str
    code: str
    title: str
    capacity: int
    seats_taken: int = Field(description="of those accepted, attending or completed")
    waiting: int = Field(description="on the waiting list")
    state: GroupState
    starts_on: date
    ends_on: date
    reason: str | None = Field(description="why it was cancelled")
    trainer_ids: list[UUID]
    changed_at: datetime


class GroupList(FileQuery, ByIds):
    """Filters of groups."""

    programme_code: list[Code] | None = Field(default=None, max_length=50)
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    state: list[GroupState] | None = None
    trainer_id: Id | None = None
    has_free_seats: QueryFlag | None = None
    starts_from: Date | None = None
    starts_to: Date | None = None
