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

# A constraint of the table sums the six numbers as integers, which must not overflow.
People = Annotated[Count, Field(le=100_000)]


class ConsultationEventRecord(Wire):
    """An event, with the number of participants of each group."""

    held_on: Date
    form: ConsultationForm
    topic: Name
    # 0 by default: an event is rarely for all six groups.
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
    """The participants of each group in an authority's events."""

    events: int
    people: dict[StakeholderGroup, int]
    not_consulted: list[StakeholderGroup]


class ConsultationEventList(FileQuery):
    """Filters of an authority's events."""

    form: list[ConsultationForm] | None = None
    # Both by default: a list without annulled records would hide mistakes.
    is_annulled: QueryFlag | None = None
