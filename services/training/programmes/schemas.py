"""Programmes of training on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Count, Date, Name, Wire
from services.chassis.web.listing import ListQuery
from services.training.programmes.rules import EnrolmentRule

# Capitals, as in the registry and in files: addresses are compared exactly.
ProgrammeCode = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,31}$"),
    Field(examples=["TMW"]),
]
Heads = Annotated[Count, Field(ge=1, le=100)]


class TrainingProgrammeCreate(Wire):
    """A new programme: client, contractor, enrolment rule and days."""

    code: ProgrammeCode
    title_pl: Name
    title_en: Name
    client: Name = Field(description="who orders the programme and agrees to it")
    contractor: Name = Field(description="who prepares it and agrees to it")
    # Not in the patch: enrolled people were accepted by this rule.
    enrolment_rule: EnrolmentRule
    trainees_per_location: Heads | None = Field(
        default=None, description="only with `social_employment`"
    )
    smallest_team: Heads | None = Field(
        default=None, description="persons of one authority; with `authority_team`"
    )
    largest_team: Heads | None = None
    starts_on: Date
    ends_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "CYFRA",
                    "title_pl": "Cyfrowa oświata w gminie",
                    "title_en": "Digital education in a commune",
                    "client": "Ministerstwo",
                    "contractor": "Ośrodek szkoleniowy",
                    "enrolment_rule": "authority_team",
                    "smallest_team": 3,
                    "largest_team": 4,
                    "starts_on": "2026-01-01",
                    "ends_on": "2027-12-31",
                }
            ]
        }
    )


class TrainingProgrammeUpdate(Wire):
    """A merge patch of a programme: absent fields stay, null clears a field."""

    # Null is refused for these. A factory keeps the default, which is never used, out
    # of the documentation.
    title_pl: Name = Field(default_factory=str)
    title_en: Name = Field(default_factory=str)
    client: Name = Field(default_factory=str)
    contractor: Name = Field(default_factory=str)
    trainees_per_location: Heads | None = None
    smallest_team: Heads | None = None
    largest_team: Heads | None = None
    starts_on: Date = Field(default_factory=lambda: date.min)
    ends_on: Date = Field(default_factory=lambda: date.min)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ends_on": "2028-06-30"}]}
    )


class TrainingProgrammeRead(BaseModel):
    """A programme."""

    id: UUID
    version: int
    code: str
    title_pl: str
    title_en: str
    client: str
    contractor: str
    enrolment_rule: EnrolmentRule
    trainees_per_location: int | None
    smallest_team: int | None
    largest_team: int | None
    starts_on: date
    ends_on: date
    changed_at: datetime


class TrainingProgrammeList(ListQuery):
    """Filters of programmes."""

    enrolment_rule: list[EnrolmentRule] | None = None
