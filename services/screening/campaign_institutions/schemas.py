"""A campaign by institution, on the wire."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.screening.campaigns.schemas import CountyTerc


class InstitutionStepsQuery(BaseModel):
    """The counties whose institutions are listed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    county_terc: list[CountyTerc] | None = Field(
        default=None, max_length=400, description="all within reach when absent"
    )


class InstitutionSteps(BaseModel):
    """The present progress of an institution's children in a campaign."""

    county_terc: str
    institution_id: UUID | None = Field(
        description="where the child's first form was filled in; null where none was named"
    )
    started: int
    complete: int = Field(description="stage one")
    positive: int
    negative: int
    undetermined: int
    selected: int
    stage_two_complete: int
    stage_two_positive: int


class InstitutionStepsRead(BaseModel):
    """A campaign by institution, and the totals of these institutions."""

    campaign_id: UUID
    in_all: dict[str, int] = Field(
        description="each number of `items`, summed over them"
    )
    items: list[InstitutionSteps]
