"""Trainers on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.chassis.ground.scalars import Code, Date, Instant, Line, Name, Wire
from services.chassis.web.listing import FileQuery
from services.training.trainers.rules import TrainerConflict, TrainerKind


# Repeated codes are refused.
def _require_distinct(codes: list[str]) -> list[str]:
    if len({*codes}) < len(codes):
        raise PydanticCustomError("repeated", "repeated")
    return codes


Account = Annotated[Line, Field(min_length=1, max_length=255)]
Competences = Annotated[
    list[Code], Field(max_length=50), AfterValidator(_require_distinct)
]


class TrainerCreate(Wire):
    """A new trainer or external expert."""

    given_name: Name
    family_name: Name
    competences: Competences = Field(
        default=[], description="codes of fields of knowledge"
    )
    account: Account | None = Field(
        default=None, description="`sub` of the tokens that this person signs in with"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "given_name": "Anna",
                    "family_name": "Przykładowa",
                    "competences": ["evaluation", "social_services"],
                }
            ]
        }
    )


class TrainerUpdate(Wire):
    """A merge patch: absent fields stay, null clears a field."""

    # Defaults that are never used: absent fields stay, and null is refused.
    given_name: Name = Field(default_factory=str)
    family_name: Name = Field(default_factory=str)
    competences: Competences = Field(default_factory=list)
    left_on: Date | None = Field(
        default=None, description="last day; groups are out of sight from the next on"
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"competences": ["evaluation"]}]}
    )


class TrainerRead(BaseModel):
    """A trainer or an external expert."""

    id: UUID
    version: int
    kind: TrainerKind
    given_name: str
    family_name: str
    competences: list[str]
    account: str | None
    left_on: date | None
    changed_at: datetime


class TrainerList(FileQuery):
    """Filters of trainers."""

    kind: list[TrainerKind] | None = None
    competence: list[Code] | None = Field(
        default=None, max_length=50, description="of any of these fields"
    )
    as_of: Date | None = Field(default=None, description="who has not left by that day")


class ConflictQuery(BaseModel):
    """The time to check."""

    # A misspelt parameter is an error; otherwise a conflict could be missed.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    starts_at: Instant = Field(examples=["2026-03-02T08:00:00Z"])
    ends_at: Instant = Field(examples=["2026-03-02T12:00:00Z"])


class TrainerConflictRead(BaseModel):
    """Why a trainer cannot come to a session at that time."""

    reason: TrainerConflict
    session_id: UUID | None = Field(description="the session that is held elsewhere")


class TrainerConflicts(BaseModel):
    """Why a trainer cannot come to a session; empty where the trainer can."""

    items: list[TrainerConflictRead]
