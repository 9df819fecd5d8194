"""Meetings of bodies on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict

from services.chassis.ground.scalars import Date, Name, Note, Wire
from services.chassis.web.listing import ListQuery
from services.registry.body_meetings.rules import MeetingKind, MeetingState
from services.registry.tables import RECORDED, Recorded

Months = Annotated[int, Strict(), Field(ge=1, le=12)]
# Bounded, since a single request creates all of them.
Times = Annotated[int, Strict(), Field(ge=1, le=24)]


class MeetingPlan(Wire):
    """A meeting, or a series of them at equal distances."""

    first_on: Date
    topic: Name
    kind: MeetingKind = MeetingKind.CYCLICAL
    every_months: Months | None = Field(
        default=None, description="with `times`: a series"
    )
    times: Times | None = Field(
        default=None, description="how many meetings, the first included"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "first_on": "2025-03-10",
                    "topic": "Ocena współpracy w gminach",
                    "every_months": 3,
                    "times": 4,
                }
            ]
        }
    )


class MeetingHold(Wire):
    """When a meeting took place."""

    held_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"held_on": "2025-03-10"}]}
    )


class MeetingCancel(Wire):
    """Why a meeting does not take place."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "brak kworum"}]}
    )


class MeetingRead(BaseModel):
    """A meeting of a body."""

    id: UUID
    version: int
    body_id: UUID
    planned_on: date
    held_on: date | None
    topic: str
    kind: MeetingKind
    state: MeetingState
    is_overdue: bool = Field(description="its day has passed, and it is still planned")
    cancelling_reason: str | None
    recorded: dict[str, Recorded] = RECORDED


class MeetingsRead(BaseModel):
    """The meetings just planned."""

    items: list[MeetingRead]


class MeetingList(ListQuery):
    """Filters of meetings."""

    state: list[MeetingState] | None = None
    overdue: bool | None = None
