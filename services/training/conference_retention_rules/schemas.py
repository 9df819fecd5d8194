"""Retention rules of conferences on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Name, Whole, Wire
from services.chassis.web.listing import ListQuery

# A bound against typing errors.
Months = Annotated[Whole, Field(ge=0, le=1200)]


class ConferenceRetentionRuleCreate(Wire):
    """For how many months after a conference its registrations are kept."""

    months: Months
    # Required: every retention needs its legal basis.
    legal_basis: Name = Field(description="act, position and paragraph")
    valid_from: Date
    valid_to: Date | None = Field(default=None, description="last day")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "months": 24,
                    "legal_basis": "Umowa o dofinansowanie, § 20 ust. 3",
                    "valid_from": "2026-01-01",
                    "valid_to": "2026-06-30",
                },
                {
                    "months": 36,
                    "legal_basis": "Umowa o dofinansowanie, § 20 ust. 3",
                    "valid_from": "2026-07-01",
                },
            ]
        }
    )


class ConferenceRetentionRuleEnd(Wire):
    """The last day of a rule."""

    valid_to: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"valid_to": "2099-12-31"}]}
    )


class ConferenceRetentionRuleRead(BaseModel):
    """A retention rule of conferences."""

    id: UUID
    version: int
    months: int
    legal_basis: str
    valid_from: date
    valid_to: date | None


class ConferenceRetentionRuleList(ListQuery):
    """Retention rules of conferences."""
