"""Consultation events on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Count, Date, Name, QueryFlag, Wire
from services.chassis.web.listing import FileQuery
from services.training.annulling import AnnulledRead
from services.training.consultation_events.rules import (
    ConsultationForm,
    StakeholderGroup,
)

# The table adds the six up: of larger ones the sum would be no integer any more.
People = Annotated[Count, Field(le=100_000)]


class ConsultationEventRecord(Wire):
    """An event, and how many of each group took part."""

    held_on: Date
    form: ConsultationForm
    topic: Name
    # Left out is nobody: an event is rarely for all six.
    heads: People = 0
    teachers: People = 0
    parents: People = 0
    pupils: People = 0
    employers: People = 0
    ngos: People = 0

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


class ConsultationEventRead(AnnulledRead):
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
    changed_at: datetime


class ConsultationSums(BaseModel):
    """How many of each group took part in an authority's events."""

    events: int
    people: dict[StakeholderGroup, int]
    not_consulted: list[StakeholderGroup]


class ConsultationEventList(FileQuery):
    """Filters of an authority's events."""

    form: list[ConsultationForm] | None = None
    # Absent, both: a list that hid what was annulled would hide mistakes.
    is_annulled: QueryFlag | None = None
