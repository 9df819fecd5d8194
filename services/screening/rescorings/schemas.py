"""Re-scorings on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.chassis.ground.scalars import Count, Id, Wire
from services.chassis.web.listing import FileQuery, ListQuery
from services.screening.campaigns.schemas import CountyTerc
from services.screening.instruments.rules.definitions import InstrumentCode
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.rescorings.rules import RescoringState
from services.screening.screenings.rules.states import State


class RescoringCreate(Wire):
    """The population, and the norms to score it by."""

    instrument_code: InstrumentCode
    instrument_version: Annotated[Count, Field(ge=1)]
    norm_set_id: Id = Field(description="of that version; not a draft")
    campaign_id: Id | None = None
    counties: list[CountyTerc] = Field(
        min_length=1, max_length=400, description="whose screenings are scored again"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "instrument_code": "DEMO",
                    "instrument_version": 1,
                    "norm_set_id": "01990000-0000-7000-8000-000000000009",
                    "counties": ["2469"],
                }
            ]
        }
    )


class RescoringRead(BaseModel):
    """A population scored again."""

    id: UUID
    version: int
    instrument_code: str
    instrument_version: int
    norm_set_id: UUID
    campaign_id: UUID | None
    counties: list[str]
    state: RescoringState
    job_id: UUID | None = Field(description="the background job that computes it")
    considered: int | None = Field(description="screenings that were scored again")
    changing: int | None = Field(
        description="of them, those whose result people would read differently"
    )
    applied: int | None = Field(
        description="results that were replaced when it was accepted"
    )
    requested_by: str
    decided_by: str | None
    decided_at: datetime | None
    created_at: datetime


class RescoringList(ListQuery):
    """Filters of re-scorings."""

    state: list[RescoringState] | None = None
    campaign_id: Id | None = None


class RescoringDecisionRead(BaseModel):
    """The present and the new result of a screening."""

    screening_id: UUID
    county_terc: str
    state: State = Field(description="of the screening, when it was scored again")
    old_outcome: Outcome | None
    new_outcome: Outcome
    old_bands: dict[str, str]
    new_bands: dict[str, str]
    is_changing: bool


class RescoringDecisionList(FileQuery):
    """Filters of decisions."""

    is_changing: (
        # Two words and no others: pydantic itself would also take `1`, `on` and `yes`.
        Annotated[bool, BeforeValidator({"true": True, "false": False}.get)] | None
    ) = Field(
        default=None,
        description="only those that would change, or only those that would not; all when absent",
    )


class RescoringResult(BaseModel):
    """How many screenings were scored again, and how many results would be read differently."""

    considered: int = Field(description="screenings that were scored again")
    changing: int = Field(
        description="of them, those whose result people would read differently"
    )
