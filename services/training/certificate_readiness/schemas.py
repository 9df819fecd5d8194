"""Readiness for a certificate on the wire."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.training.validations.rules import OutcomeState


class ShortModule(BaseModel):
    """A module of which minutes are missing."""

    module_id: UUID
    number: int
    attended_minutes: int
    planned_minutes: int


class MissingOutcome(BaseModel):
    """A required outcome that is not achieved."""

    outcome_id: UUID
    module_number: int
    code: str
    state: OutcomeState


class ReadinessRead(BaseModel):
    """What one person has for a certificate, and what is missing."""

    enrolment_id: UUID
    trainee_id: UUID
    is_ready: bool
    has_certificate: bool
    attended_minutes: int
    planned_minutes: int = Field(
        description="of the programme version, without what is studied alone"
    )
    required_percent: int
    missing_minutes: int
    short_modules: list[ShortModule] = Field(
        description="where minutes are missing; empty where the share is reached"
    )
    missing_outcomes: list[MissingOutcome]


class GroupReadinessRead(BaseModel):
    """The readiness of everybody who is trained in a group."""

    group_id: UUID
    people: list[ReadinessRead]
