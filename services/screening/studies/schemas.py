"""Studies, their results and their exports on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.listing import ListQuery
from services.chassis.scalars import Count, Date, Flag, Id, Name, Note, Number, Wire
from services.screening.campaigns.schemas import CountyTerc
from services.screening.instruments.rules.definitions import InstrumentCode, ScaleCode
from services.screening.studies.rules import kinds

Prevalence = Annotated[Number, Field(gt=0, lt=1)]
MinimumN = Annotated[Count, Field(ge=kinds.LEAST_SAMPLE, le=100_000)]
GroupSize = Annotated[Count, Field(ge=5, le=kinds.MOST_GROUP_SIZE)]
VersionNumber = Annotated[Count, Field(ge=1)]
Months = Annotated[Count, Field(le=12 * 120)]
_OF = "all screenings of the instrument version when null; never those of a stage two, whose children its first chose"


class _Study(Wire):
    """Which screenings a study is of, and what is asked of them."""

    campaign_id: Id | None = Field(default=None, description=_OF)
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
        default=None, description="whether the criterion was told without the outcome"
    )
    minimum_n: MinimumN = Field(default=100, description="below it nothing is computed")
    dif_by: list[kinds.Grouping] = Field(
        default_factory=lambda: [kinds.Grouping.SEX], max_length=3
    )
    prevalences: list[Prevalence] = Field(
        default_factory=list,
        max_length=10,
        description="where predictive values are wanted besides the usual ones",
    )


class StudyCreate(_Study):
    """A study of one form and one scale of a published instrument version."""

    name: Name
    instrument_code: InstrumentCode
    instrument_version: VersionNumber
    form_code: ScaleCode
    scale_code: ScaleCode
    criterion_source: kinds.CriterionSource = Field(
        description="`stage_two`: the outcome of the same campaign's second stage; `uploaded`: a file of subjects"
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
    """A merge patch of a draft: what is left out stays. Instrument, form and scale stay what they are."""

    name: Name = Field(default_factory=str)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"minimum_n": 300, "dif_by": ["sex"]}]}
    )


class StudyRead(BaseModel):
    """A study and how it stands."""

    id: UUID
    version: int
    name: str
    state: kinds.StudyState
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
    criterion_source: kinds.CriterionSource
    criterion_instrument: str | None
    criterion_note: str | None
    is_blinded: bool | None
    minimum_n: int
    dif_by: list[kinds.Grouping]
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
    state: list[kinds.StudyState] | None = None


class EstimateRead(BaseModel):
    """A figure with the limits of its 95 % interval; null where nothing can be said."""

    value: float | None
    low: float | None
    high: float | None


class _Section(BaseModel):
    """A part of a study's results: of which study and run, of how many children."""

    study_id: UUID
    run_number: int
    instrument_code: str
    instrument_version: int
    form_code: str
    scale_code: str
    finished_at: datetime
    n: int = Field(description="children that the section is about")


class SexCount(BaseModel):
    """Children of one sex; null where hidden."""

    sex: str
    subjects: int | None


class AgeCount(BaseModel):
    """Children of one age band, in completed months; null where hidden."""

    age_from: int | None
    age_below: int | None
    subjects: int | None


class SampledCounty(BaseModel):
    """The children of one county."""

    county_terc: str
    subjects: int | None = Field(
        description="null where it would tell of few, alone or beside what was told before"
    )
    is_suppressed: bool = Field(
        description="whether any number of this county is hidden"
    )
    by_sex: list[SexCount]
    by_age: list[AgeCount]
    with_criterion: int | None
    share_with_criterion: float | None
    campaign_subjects: int | None = Field(
        description="of the campaign, by its published statistics"
    )
    share_of_campaign: float | None


class SamplingRead(_Section):
    """Where the children of the sample are from: by county, sex and age, and how many have a criterion."""

    small_cell: int = Field(description="counts from 1 to one less are hidden")
    distinct_counties: int = Field(description="of those that are told")
    counties: list[SampledCounty]


class ReliabilityRead(_Section):
    """Internal consistency of the scale (complete answers only) and what a second time says."""

    items: int
    incomplete: int = Field(
        description="children left out because an answer is missing"
    )
    missing_share: float
    alpha: EstimateRead = Field(description="Cronbach's alpha, interval of Feldt")
    omega: EstimateRead = Field(description="McDonald's omega of one factor")
    mean: float
    standard_deviation: float
    standard_error_of_measurement: float
    good_for_groups: bool = Field(description="alpha of at least 0.70")
    good_for_individual_decisions: bool = Field(description="alpha of at least 0.90")
    test_retest: dict[str, Any] = Field(
        description="ICC(2,1) with its interval, or why it is not told"
    )


class ItemStatistics(BaseModel):
    """One item."""

    item: str
    n: int
    missing_share: float
    mean: float
    standard_deviation: float
    difficulty: float = Field(
        description="mean as a share of what the item can give: 0 lowest, 1 highest"
    )
    at_lowest: float
    at_highest: float
    corrected_item_total: float | None = Field(
        description="correlation with the sum of the other items"
    )
    alpha_if_deleted: float | None


class ItemsRead(_Section):
    """Statistics of the scale's items."""

    items: list[ItemStatistics]
    characteristics: list[dict[str, Any]] = Field(
        description="mean share of an item's points by groups of like sums"
    )


class CriterionRead(_Section):
    """The outcome against the criterion."""

    criterion_source: kinds.CriterionSource
    criterion_instrument: str | None
    criterion_note: str | None
    is_blinded: bool | None
    verified: int = Field(
        description="children with a determined outcome whose criterion is known"
    )
    undetermined: int
    missing_criterion: EstimateRead
    age_months: dict[str, int]
    naive: dict[str, Any] = Field(
        description="of the verified alone: table, sensitivity, specificity, predictive values, ratios, Youden, kappa"
    )
    partial_verification: dict[str, Any] = Field(
        description="naive and corrected (Begg and Greenes) side by side; or why no correction can be made"
    )
    at_prevalence_by: Literal["corrected", "naive"] = Field(
        description="by which sensitivity and specificity"
    )
    at_prevalence: list[dict[str, float | None]] = Field(
        description="predictive values where so many have it"
    )
    roc: dict[str, Any] = Field(
        description="the raw figure's curve, its area and the cut of the largest Youden index"
    )


class AgreementRead(_Section):
    """How far a second time by the same informant, and another informant, say the same."""

    test_retest: dict[str, Any]
    between_informants: dict[str, Any]


class DifRead(_Section):
    """Whether items work otherwise in one group than in another, children of the same level compared."""

    groupings: dict[str, Any] = Field(
        description="by grouping: Mantel–Haenszel or Mantel, logistic, class A, B or C"
    )


class PlotQuery(BaseModel):
    """As what a plot is wanted."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    format: Literal["vega-lite", "svg", "png"] | None = Field(
        default=None, description="goes before Accept"
    )


class StudyExportCreate(Wire):
    """How careful an export is."""

    group_size: GroupSize = Field(
        default=10, description="a county with fewer children is not named"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"group_size": 20}]})


class ExportFileRead(BaseModel):
    """A file of an export."""

    name: kinds.ExportFile
    bytes: int
    href: str


class StudyExportRead(BaseModel):
    """An export: who made it when, and its files."""

    id: UUID
    study_id: UUID
    rows: int
    group_size: int
    exported_by: str
    exported_at: datetime
    files: list[ExportFileRead]


class StudyCriterionImport(BaseModel):
    """Parameters of an upload of criteria."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    dry_run: bool = Field(
        default=False, description="report what would happen, write nothing"
    )
