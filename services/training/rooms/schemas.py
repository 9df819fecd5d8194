"""Rooms on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import (
    Count,
    Flag,
    Instant,
    Name,
    Note,
    QueryFlag,
    Wire,
)
from services.chassis.web.listing import FileQuery, QueryCount
from services.training.rooms.rules import RoomConflict

# A text: as a number the code would lose its leading zeros.
CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]
Seats = Annotated[Count, Field(ge=1, le=10_000)]


class RoomCreate(Wire):
    """A room in a county."""

    county_terc: CountyTerc
    name: Name
    address: Note
    seats: Seats
    is_step_free: Flag = Field(description="reached without steps")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "county_terc": "2469",
                    "name": "Sala 12",
                    "address": "ul. Przykładowa 1, Katowice",
                    "seats": 12,
                    "is_step_free": True,
                }
            ]
        }
    )


class RoomUpdate(Wire):
    """A merge patch: absent fields stay."""

    # Defaults that are never used: absent fields stay, and null is refused. The county
    # cannot change, since it decides who may edit the room.
    name: Name = Field(default_factory=str)
    address: Note = Field(default_factory=str)
    seats: Seats = Field(default_factory=int)
    is_step_free: Flag = Field(default_factory=bool)

    model_config = ConfigDict(json_schema_extra={"examples": [{"seats": 15}]})


class RoomRead(BaseModel):
    """A room."""

    id: UUID
    version: int
    county_terc: str
    name: str
    address: str
    seats: int
    is_step_free: bool
    changed_at: datetime


class RoomList(FileQuery):
    """Filters of rooms."""

    # Poland has 380 counties: all of them fit in one request.
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    is_step_free: QueryFlag | None = None
    seats_from: QueryCount | None = Field(default=None, ge=1, le=10_000)


class RoomConflictQuery(BaseModel):
    """The time and the number of people to check."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    starts_at: Instant = Field(examples=["2026-03-02T08:00:00Z"])
    ends_at: Instant = Field(examples=["2026-03-02T12:00:00Z"])
    # 0 by default: then only the time is checked.
    people: QueryCount = Field(default=0, ge=0, le=10_000, examples=[10])


class RoomConflicts(BaseModel):
    """Why a session cannot be in a room; empty where it can."""

    items: list[RoomConflict]
