"""Versions of programmes on the wire."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.web.listing import ListQuery, QueryCount
from services.training.programme_versions.rules.content import (
    ModuleContent,
    OutcomeContent,
    TopicContent,
    VersionContent,
)
from services.training.programme_versions.rules.states import VersionState

# Bounded: larger numbers would fail in the database.
VersionNumber = Annotated[QueryCount, Field(ge=1, le=32767)]
MODULE_EXAMPLE: dict[str, Any] = {
    "code": "M1",
    "title_pl": "Diagnoza",
    "title_en": "Diagnosis",
    "goal_pl": "Przygotowanie do diagnozy.",
    "goal_en": "Being prepared for a diagnosis.",
    "form": "workshop_with_lecture",
    "minutes": 480,
    "is_test_specific": False,
    "topics": [
        {
            "code": "M1.1",
            "title_pl": "Zbieranie danych",
            "title_en": "Collecting data",
            "is_test_specific": False,
        }
    ],
    "outcomes": [
        {
            "code": "M1-A",
            "text_pl": "Układa plan diagnozy",
            "text_en": "Draws up a plan of a diagnosis",
            "criterion_pl": "Plan ma terminy i osoby",
            "criterion_en": "The plan has dates and persons",
            "method": "task",
        }
    ],
}


# For POST and PUT, since a draft is replaced as a whole.
class ProgrammeVersionCreate(VersionContent):
    """The whole content of a version."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "group_capacity": 10,
                    "attendance_percent": 80,
                    "modules": [MODULE_EXAMPLE],
                }
            ]
        }
    )


class TopicRead(TopicContent):
    """A topic of a version."""

    number: int


class OutcomeRead(OutcomeContent):
    """A learning outcome of a version."""

    # Validations refer to the id; a code may be in several versions.
    id: UUID


class ModuleRead(ModuleContent):
    """A module of a version."""

    id: UUID
    number: int
    topics: tuple[TopicRead, ...]
    outcomes: tuple[OutcomeRead, ...]


class Totals(BaseModel):
    """Counts of a version's content."""

    modules: int
    test_specific_modules: int
    topics: int
    outcomes: int
    minutes: int


class ProgrammeVersionEntry(BaseModel):
    """A version without its content."""

    id: UUID
    version: int = Field(description="of this record, for If-Match")
    programme: str = Field(description="the programme's code")
    number: int
    state: VersionState
    group_capacity: int
    attendance_percent: int
    totals: Totals
    proposed_at: datetime | None
    client_agreed_at: datetime | None
    client_agreed_by: str | None
    contractor_agreed_at: datetime | None
    contractor_agreed_by: str | None
    retired_at: datetime | None
    changed_at: datetime


class ProgrammeVersionRead(ProgrammeVersionEntry):
    """A version with its content."""

    # Not in lists of versions, which would be very long.
    modules: tuple[ModuleRead, ...]


class ProgrammeVersionList(ListQuery):
    """Filters of versions."""

    state: list[VersionState] | None = None
