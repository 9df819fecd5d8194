"""Guardianships on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.guardianships.rules import (
    EndingReason,
    GuardianshipKind,
    Scope,
)
from services.casework.people.schemas import CountyTerc
from services.chassis.ground.scalars import Date, Id, Name, QueryFlag, Wire
from services.chassis.web.listing import ListQuery


class GuardianshipCreate(Wire):
    """Somebody's authority over a child."""

    child_id: Id
    guardian_id: Id
    # Never changed afterwards: another kind is another guardianship.
    kind: GuardianshipKind
    scopes: list[Scope] | None = Field(
        default=None,
        max_length=len(Scope),
        description="in what; full parental authority covers all, the other kinds"
        " name them",
    )
    # It may be in the future: rulings name future days.
    starts_on: Date
    ends_on: Date | None = Field(
        default=None,
        description="its last day, where a court has set one; that a child comes of"
        " age need not be said",
    )
    ruling: Name | None = Field(
        default=None,
        description="the court's ruling: court, reference and date. All kinds that"
        " rest on a court's decision need it",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "child_id": "01990000-0000-7000-8000-000000000001",
                    "guardian_id": "01990000-0000-7000-8000-000000000002",
                    "kind": "parental_full",
                    "starts_on": "2023-02-28",
                }
            ]
        }
    )


class GuardianshipEnd(Wire):
    """Since when and why somebody no longer acts for a child."""

    ended_on: Date = Field(description="the day from which it no longer holds")
    reason: EndingReason

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"ended_on": "2026-03-01", "reason": "court_decision"}]
        }
    )


class GuardianshipRead(BaseModel):
    """Somebody's authority over a child."""

    id: UUID
    version: int
    county_terc: str
    child_id: UUID
    guardian_id: UUID
    kind: GuardianshipKind
    scopes: list[Scope]
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    ending_reason: EndingReason | None
    ruling: str | None = Field(
        default=None, description="for whoever may change it; sealed in the database"
    )
    created_at: datetime
    changed_at: datetime


class GuardianshipList(ListQuery):
    """Filters of guardianships."""

    child_id: list[Id] | None = Field(default=None, max_length=200)
    guardian_id: list[Id] | None = Field(default=None, max_length=200)
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    kind: list[GuardianshipKind] | None = Field(default=None, max_length=10)
    # `ended_on` and not the period, which depends on the day.
    is_ended: QueryFlag | None = Field(
        default=None, description="whether somebody ended it"
    )
