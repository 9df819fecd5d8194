"""Studies on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import (
    Count,
    Date,
    Flag,
    Id,
    Name,
    Note,
    Number,
    Wire,
)
from services.chassis.web.listing import ListQuery
from services.screening.campaigns.schemas import CountyTerc
from services.screening.instruments.rules.definitions import InstrumentCode, ScaleCode
from services.screening.studies.rules import (
    LEAST_SAMPLE,
    CriterionSource,
    Grouping,
    StudyState,
)

Prevalence = Annotated[Number, Field(gt=0, lt=1)]
MinimumN = Annotated[Count, Field(ge=LEAST_SAMPLE, le=100_000)]
VersionNumber = Annotated[Count, Field(ge=1)]
Months = Annotated[Count, Field(le=12 * 120)]
_CAMPAIGN = (
    "all screenings of the instrument version when null;"
    " never those of stage two, whose children stage one selected"
)


class _Study(Wire):
    """The screenings of a study, and the options of its computation."""

    campaign_id: Id | None = Field(default=None, description=_CAMPAIGN)
    counties: list[CountyTerc] = Field(
        default_factory=list, max_length=400, description="all when empty"
    )
    sex: Literal["female", "male"] | None = None
    age_from: Months | None = Field(
        default=None, description="completed months, inclusive"
    )
    age_to: Months | None = Field(
        default=None, description="completed months, exclusive"
    )
    administered_from: Date | None = None
    administered_to: Date | None = Field(default=None, description="last day")
    criterion_instrument: InstrumentCode | None = Field(
        default=None, description="of stage two: only this instrument's outcome counts"
    )
    criterion_note: Note | None = Field(
        default=None, description="what the criterion is, for whoever reads the results"
    )
    is_blinded: Flag | None = Field(
        default=None,
        description="whether the criterion was assessed without knowing the outcome",
    )
    minimum_n: MinimumN = Field(default=100, description="below it nothing is computed")
    # By sex as the default, because every screening has it.
    dif_by: list[Grouping] = Field(default_factory=lambda: [Grouping.SEX], max_length=3)
    prevalences: list[Prevalence] = Field(
        default_factory=list,
        max_length=10,
        description="at which predictive values are computed too, besides the usual ones",
    )


class StudyCreate(_Study):
    """A study of one form and one scale of a published instrument version."""

    name: Name
    instrument_code: InstrumentCode
    instrument_version: VersionNumber
    form_code: ScaleCode
    scale_code: ScaleCode
    criterion_source: CriterionSource = Field(
        description="`stage_two`: the outcome of the same campaign's second stage;"
        " `uploaded`: a file of subjects"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Trafność formularza dla dzieci 3–6 lat",
                    "instrument_code": "DEMO",
                    "instrument_version": 1,
                    "form_code": "OLDER",
                    "scale_code": "TOTAL",
                    "criterion_source": "uploaded",
                    "minimum_n": 200,
                    "dif_by": ["sex", "age"],
                    "prevalences": [0.03],
                }
            ]
        }
    )


class StudyUpdate(_Study):
    """A merge patch of a draft: what is left out stays.

    Instrument, form and scale cannot be changed.
    """

    name: Name = Field(default_factory=str)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"minimum_n": 300, "dif_by": ["sex"]}]}
    )


class StudyRead(BaseModel):
    """A study and its state."""

    id: UUID
    version: int
    name: str
    state: StudyState
    instrument_code: str
    instrument_version: int
    form_code: str
    scale_code: str
    campaign_id: UUID | None
    counties: list[str]
    sex: str | None
    age_from: int | None
    age_to: int | None
    administered_from: date | None
    administered_to: date | None
    criterion_source: CriterionSource
    criterion_instrument: str | None
    criterion_note: str | None
    is_blinded: bool | None
    minimum_n: int
    dif_by: list[Grouping]
    prevalences: list[float]
    run_number: int = Field(description="how often it was run; 0 before the first time")
    job_id: UUID | None = Field(description="the job that runs it, or ran it last")
    created_by: str
    created_at: datetime
    changed_at: datetime


class StudyList(ListQuery):
    """Filters of studies."""

    instrument_code: list[InstrumentCode] | None = Field(default=None, max_length=20)
    campaign_id: Id | None = None
    state: list[StudyState] | None = None
