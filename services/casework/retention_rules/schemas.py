"""Retention rules on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict

from services.casework.people.schemas import CountyTerc
from services.casework.retention_rules.rules import (
    RecordKind,
    RetentionAction,
    RetentionStart,
)
from services.chassis.ground.scalars import Date, Name, Wire
from services.chassis.web.listing import ListQuery

# A limit against typing errors.
Years = Annotated[int, Strict(), Field(ge=0, le=100)]


class RetentionRuleCreate(Wire):
    """How many years after which event a kind of record is kept in a county."""

    county_terc: CountyTerc
    record_kind: RecordKind
    starts_with: RetentionStart
    years: Years
    action: RetentionAction
    # Required: every retention and erasure must have a stated legal basis.
    legal_basis: Name = Field(description="act, position and paragraph")
    valid_from: Date
    valid_to: Date | None = Field(default=None, description="last day")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "county_terc": "2469",
                    "record_kind": "early",
                    "starts_with": "case_closed",
                    "years": 10,
                    "action": "erase",
                    "legal_basis": "Jednolity rzeczowy wykaz akt powiatu, klasa 4330",
                    "valid_from": "2026-01-01",
                }
            ]
        }
    )


class RetentionRuleEnd(Wire):
    """The last day of a rule."""

    valid_to: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"valid_to": "2026-12-31"}]}
    )


class RetentionRuleRead(BaseModel):
    """A retention rule."""

    id: UUID
    version: int
    county_terc: str
    record_kind: RecordKind
    starts_with: RetentionStart
    years: int
    action: RetentionAction
    legal_basis: str
    valid_from: date
    valid_to: date | None


class RetentionRuleList(ListQuery):
    """Filters of retention rules."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    record_kind: RecordKind | None = None
