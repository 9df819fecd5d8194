"""Focus groups on the wire."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, Count, Date, Id, Name, Note, Wire
from services.chassis.web.listing import FileQuery, QueryCount
from services.training.focus_groups.rules import FocusGroupState
from services.training.rooms.schemas import CountyTerc

Stage = Annotated[Count, Field(ge=1, le=2)]
_HELD: dict[str, Any] = {
    "held_on": "2024-03-12",
    "participants": [{"role": "teacher", "number": 6}, {"role": "doctor", "number": 2}],
}


class RoleCount(Wire):
    """The number of people in a role, without names."""

    role: Code
    number: Annotated[Count, Field(ge=1, le=100)]


class FocusGroupPlan(Wire):
    """A new focus group of a stage in a county."""

    programme_id: Id
    county_terc: CountyTerc
    stage: Stage
    topic: Name
    planned_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme_id": "01990000-0000-7000-8000-000000000001",
                    "county_terc": "2469",
                    "stage": 1,
                    "topic": "Współpraca sektorów",
                    "planned_on": "2024-03-12",
                }
            ]
        }
    )


class FocusGroupReschedule(Wire):
    """Another day for a focus group."""

    planned_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"planned_on": "2024-03-19"}]}
    )


class FocusGroupHold(Wire):
    """The day on which it took place, and the number of people by role."""

    held_on: Date
    participants: Annotated[list[RoleCount], Field(min_length=1, max_length=50)]

    model_config = ConfigDict(json_schema_extra={"examples": [_HELD]})


class FocusGroupReport(Wire):
    """The findings in both languages, without names."""

    findings_pl: Note
    findings_en: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"findings_pl": "Wnioski.", "findings_en": "Findings."}]
        }
    )


class FocusGroupCancel(Wire):
    """Why it does not take place."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Zbyt mało zgłoszeń."}]}
    )


class FocusGroupRead(BaseModel):
    """A focus group. `participants`: null where its numbers are not public."""

    id: UUID
    version: int
    programme_id: UUID
    county_terc: str
    stage: int
    topic: str
    state: FocusGroupState
    planned_on: date
    held_on: date | None
    participants: list[RoleCount] | None
    findings_pl: str | None
    findings_en: str | None
    cancel_reason: str | None
    changed_at: datetime


class FocusGroupList(FileQuery):
    """Filters of focus groups."""

    programme_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    stage: QueryCount | None = Field(default=None, ge=1, le=2)
    state: list[FocusGroupState] | None = None
