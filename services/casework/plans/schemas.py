"""Plans on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.people.schemas import CountyTerc
from services.casework.plans.rules.life import PlanState, PlanVerb
from services.chassis.ground.scalars import Date, Id, Note, Wire
from services.chassis.web.listing import ListQuery


class PlanUpdate(Wire):
    """A merge patch of a draft: what is left out stays, null clears."""

    # The default is never used (`exclude_unset`): it lets the field be left out but
    # does not allow null.
    starts_on: Date = Field(
        default_factory=lambda: date.min,
        description="first day; steps of a pathway move with it",
    )
    ends_on: Date | None = Field(default=None, description="last day")
    review_due_on: Date | None = None
    summary: Note | None = Field(
        default=None, description="what the plan is about, in the family's words"
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"starts_on": "2026-12-01"}]}
    )


class PlanSummary(BaseModel):
    """A version of a plan, as a list shows it."""

    id: UUID
    version: int
    case_id: UUID
    person_id: UUID
    county_terc: str
    number: int = Field(description="of the version, in its case")
    state: PlanState
    author: str
    starts_on: date
    ends_on: date | None
    review_due_on: date | None
    pathway_id: UUID | None
    activated_at: datetime | None
    changed_at: datetime


class PlanRead(PlanSummary):
    """A version of a plan, with its summary and what may be done next."""

    # Not in lists: it is sealed, and opened for one plan at a time.
    summary: str | None
    returned_because: str | None = Field(
        description="of a draft that was given back, what has to change"
    )
    allowed: list[PlanVerb]


class PlanList(ListQuery):
    """Filters of plans."""

    case_id: Id | None = None
    person_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    state: list[PlanState] | None = None
