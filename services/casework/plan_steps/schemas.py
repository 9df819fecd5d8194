"""Steps of a plan on the wire."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.cases.rules import Sector
from services.casework.people.schemas import Telephone
from services.chassis.ground.scalars import Code, Date, Id, Line, Name, Wire


class StepState(StrEnum):
    """The state of a step."""

    PLANNED = "planned"
    DONE = "done"
    SKIPPED = "skipped"


class StepTexts(Wire):
    """The texts of a step. They are kept sealed."""

    text: Name = Field(description="what happens")
    # In addition to the account: a family knows people by name, and not all helpers
    # have an account.
    who: Name | None = Field(
        default=None, description="who does it, as the family knows them"
    )
    place: Name | None = None
    telephone: Telephone | None = None


class StepCreate(StepTexts):
    """A new step of a draft."""

    due_on: Date
    sector: Sector
    institution_id: Id | None = None
    subject: Line | None = Field(
        default=None,
        max_length=255,
        description="account of the member of the team who does it",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "Pierwsze spotkanie z logopedą",
                    "who": "Barbara Przykładowa",
                    "place": "Poradnia, ul. Zmyślona 1",
                    "telephone": "32 000 00 00",
                    "due_on": "2026-12-07",
                    "sector": "education",
                }
            ]
        }
    )


class StepUpdate(StepTexts):
    """A merge patch of a draft's step: what is left out stays, null clears."""

    # Only fields that were sent are read (`exclude_unset`). These defaults let a field
    # be left out but do not allow null.
    text: Name = Field(default_factory=str)
    due_on: Date = Field(default_factory=lambda: date.min)
    sector: Sector = Field(default_factory=lambda: Sector.HEALTH)
    institution_id: Id | None = None
    subject: Line | None = Field(default=None, max_length=255)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"due_on": "2026-12-14"}]}
    )


class StepDone(Wire):
    """When a step was done."""

    done_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"done_on": "2026-01-12"}]}
    )


class StepSkip(Wire):
    """Why a step is not done."""

    # A code and no text, because events contain the reason, and must not reveal
    # anything about a child.
    reason: Code = Field(
        description="a code, such as `not_needed` or `family_declined`"
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "not_needed"}]}
    )


class StepRead(BaseModel):
    """A step of a version."""

    id: UUID
    version: int
    plan_id: UUID
    number: int
    pathway_step: str | None = Field(
        description="the step of the pathway that it comes from"
    )
    days_from_start: int | None
    due_on: date
    sector: Sector
    institution_id: UUID | None
    subject: str | None
    state: StepState
    reason: str | None
    done_on: date | None
    earlier_id: UUID | None = Field(description="the same step in the version before")
    text: str | None = None
    who: str | None = None
    place: str | None = None
    telephone: str | None = None
