"""Strategic plans on the wire."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.ground.scalars import Date, Name, Wire
from services.training.strategic_plans.rules.content import PlanContent, PlanNeed
from services.training.strategic_plans.rules.states import PlanState
from services.training.strategic_plans.rules.sums import PlanSums

MeasureCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")
]
PLAN_EXAMPLE: dict[str, Any] = {
    "priorities": [{"code": "P1", "title": "Szybkie łącza w szkołach"}],
    "management": "Zespół sterujący, przegląd co kwartał.",
    "measures": [
        {
            "code": "D1",
            "priority": "P1",
            "title": "Budowa łączy",
            "answers": ["R1"],
            "starts_on": "2025-09-01",
            "ends_on": "2026-06-30",
            "unit": "Wydział Edukacji",
            "budget": [
                {"year": 2025, "source": "own", "amount": "17480.00"},
                {"year": 2026, "source": "eu", "amount": "82520.00"},
            ],
        }
    ],
}


class PlanWrite(PlanContent):
    """The whole content of a plan, in place of the old one."""

    model_config = ConfigDict(json_schema_extra={"examples": [PLAN_EXAMPLE]})


class PlanAdopt(Wire):
    """The resolution by which a plan was adopted."""

    resolution: Name = Field(description="number of the council's resolution")
    adopted_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"resolution": "XII/98/2025", "adopted_on": "2025-06-26"}]
        }
    )


class MeasureStart(Wire):
    """The day on which a measure was started."""

    started_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"started_on": "2025-09-01"}]}
    )


class StrategicPlanRead(BaseModel):
    """A plan, with its sums and everything that it lacks."""

    id: UUID
    version: int
    authority_id: UUID
    state: PlanState
    content: PlanContent
    sums: PlanSums
    missing: list[PlanNeed] = Field(description="before it is adopted")
    unanswered: list[str] = Field(
        description="recommendations of the accepted diagnosis that no measure answers"
    )
    diagnosis_id: UUID | None
    resolution: str | None
    adopted_on: date | None
    started_measures: dict[str, date]
    created_at: datetime
    changed_at: datetime
