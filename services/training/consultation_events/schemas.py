"""Consultation events on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.chassis.ground.scalars import Count, Date, Name, Wire
from services.chassis.web.listing import FileQuery
from services.training.consultation_events.rules import (
    ConsultationForm,
    StakeholderGroup,
)


class ConsultationEventRecord(Wire):
    """An event, and how many of each group took part."""

    held_on: Date
    form: ConsultationForm
    topic: Name
    # Left out is nobody: an event is rarely for all six.
    heads: Count = 0
    teachers: Count = 0
    parents: Count = 0
    pupils: Count = 0
    employers: Count = 0
    ngos: Count = 0

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "held_on": "2025-03-12",
                    "form": "education_debate",
                    "topic": "Priorytety planu",
                    "heads": 6,
                    "teachers": 14,
                    "parents": 9,
                }
            ]
        }
    )


class ConsultationEventRead(BaseModel):
    """An event of an authority."""

    id: UUID
    version: int
    authority_id: UUID
    held_on: date
    form: ConsultationForm
    topic: str
    heads: int
    teachers: int
    parents: int
    pupils: int
    employers: int
    ngos: int
    recorded_by: str
    created_at: datetime


class ConsultationSums(BaseModel):
    """How many of each group took part in an authority's events."""

    events: int
    people: dict[StakeholderGroup, int]
    not_consulted: list[StakeholderGroup]


class ConsultationEventList(FileQuery):
    """Filters of an authority's events."""

    form: list[ConsultationForm] | None = None
