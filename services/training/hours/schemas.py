"""Sums of hours on the wire."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id
from services.chassis.web.listing import Dialect, Format, QueryCount
from services.training.hours.rules import Dimension, Qualifier, Verdict
from services.training.sessions.schemas import CountyTerc
from services.training.trainees.rules import AudienceRole


class HoursQuery(BaseModel):
    """Filters and dimensions of the sums, and the number that they are to reach."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    by: list[Dimension] = Field(
        # The number of dimensions.
        default=[Dimension.YEAR],
        max_length=4,
        description="a sum for each of these",
    )
    year: list[QueryCount] | None = Field(default=None, max_length=100)
    audience_role: list[AudienceRole] | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    programme_id: list[Id] | None = Field(default=None, max_length=100)
    at_least_hours: QueryCount | None = Field(
        default=None, description="a number of hours that the sum of all is to reach"
    )
    format: Format | None = Field(
        default=None, description="a file of the sums in place of JSON"
    )
    dialect: Dialect | None = Field(
        default=None, description="CSV as a Polish Excel reads it"
    )


class HoursText(BaseModel):
    """A text in both languages."""

    pl: str
    en: str


class HoursSum(BaseModel):
    """Exact minutes, and the same in hours."""

    minutes: int
    imported_minutes: int = Field(description="of them, by sums from elsewhere")
    # For display: sums are compared by their minutes.
    hours: str = Field(description="two decimals", examples=["356.00"])
    qualifier: Qualifier
    text: HoursText


class HoursItem(HoursSum):
    """The sum of one combination of the requested dimensions."""

    year: int | None = None
    audience_role: AudienceRole | None = Field(
        default=None, description="null: sessions of groups, and sums of all roles"
    )
    county_terc: str | None = Field(
        default=None, description="null: sums of the whole country"
    )
    programme_id: UUID | None = None


class HoursThreshold(BaseModel):
    """Whether the total reaches a number of hours."""

    at_least_hours: int
    verdict: Verdict
    text: HoursText


class HoursRead(BaseModel):
    """Hours of sessions that were held, and of imported sums."""

    items: list[HoursItem]
    total: HoursSum
    threshold: HoursThreshold | None
