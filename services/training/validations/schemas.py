"""Validations on the wire."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Flag, Id, Name, QueryFlag, Wire
from services.chassis.web.listing import ListQuery
from services.training.validations.rules import OutcomeState

Method = Literal["test", "task", "observation", "interview", "portfolio"]


class ValidationRecord(Wire):
    """A new validation of one outcome of one person."""

    enrolment_id: Id
    outcome_id: Id = Field(
        description="of the version of the programme that the group follows"
    )
    is_achieved: Flag
    evidence: Name = Field(
        description="where the evidence is kept: a file's number, for example; no names"
    )
    validated_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "enrolment_id": "01990000-0000-7000-8000-0000000000e1",
                    "outcome_id": "01990000-0000-7000-8000-0000000000f1",
                    "is_achieved": True,
                    "evidence": "arkusz 12/2026",
                    "validated_on": "2026-10-05",
                }
            ]
        }
    )


class ValidationCorrect(Wire):
    """The correct values, and why the record has other ones."""

    is_achieved: Flag
    evidence: Name
    validated_on: Date
    # Required for every correction.
    reason: Name

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "is_achieved": True,
                    "evidence": "arkusz 14/2026",
                    "validated_on": "2026-10-12",
                    "reason": "poprawka testu",
                }
            ]
        }
    )


class ValidationRead(BaseModel):
    """A validation, with the outcome's criterion and method in its programme."""

    id: UUID
    version: int
    group_id: UUID
    enrolment_id: UUID
    trainee_id: UUID
    outcome_id: UUID
    outcome_code: str
    criterion_pl: str
    criterion_en: str
    method: Method
    # Read from the version, with criterion and method.
    is_required: bool = Field(description="a certificate needs it")
    is_achieved: bool
    evidence: str
    validated_on: date
    validated_by: str
    corrections: int = Field(description="how often it was corrected")
    created_at: datetime
    changed_at: datetime


class ValidationCorrectionRead(BaseModel):
    """One correction of a validation, with the former values."""

    id: UUID
    was_achieved: bool
    evidence_before: str
    validated_on_before: date
    validated_by_before: str
    reason: str
    corrected_by: str
    corrected_at: datetime


class ValidationList(ListQuery):
    """Filters of the validations."""

    group_id: Id | None = None
    enrolment_id: Id | None = None
    trainee_id: Id | None = None
    outcome_id: Id | None = None
    is_achieved: QueryFlag | None = None


class CorrectionList(ListQuery):
    """The corrections of a validation."""


class SheetOutcome(BaseModel):
    """An outcome of one person, with its state."""

    outcome_id: UUID
    module_number: int
    code: str
    is_required: bool
    state: OutcomeState


class SheetPerson(BaseModel):
    """A person of the group with all outcomes of the programme."""

    enrolment_id: UUID
    trainee_id: UUID
    given_name: str | None
    family_name: str | None
    outcomes: list[SheetOutcome]


class ValidationSheetRead(BaseModel):
    """The outcomes of a whole group."""

    group_id: UUID
    people: list[SheetPerson]
