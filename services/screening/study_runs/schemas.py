"""The results of a study, section by section, on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.screening.studies.rules import CriterionSource
from services.screening.study_runs.rules.measures import (
    AgeRange,
    AtPrevalence,
    EstimateRead,
    FactorModel,
    GroupsCompared,
    ItemCharacteristic,
    NaiveMeasures,
    PairsCompared,
    PartialVerification,
    PartRefused,
    Retest,
    RocCurve,
)
from services.screening.study_runs.rules.sections import Section


class _Section(BaseModel):
    """A part of a study's results, with its study, its run and its number of children."""

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
        description="null where it would disclose few children,"
        " alone or beside what was published before"
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
    """The counties of the sample's children, and how many children have a criterion."""

    small_cell: int = Field(description="counts from 1 to one less are hidden")
    distinct_counties: int = Field(description="of those whose number is published")
    counties: list[SampledCounty]


class ReliabilityRead(_Section):
    """Internal consistency of the scale (complete answers only), and test–retest agreement."""

    items: int
    incomplete: int = Field(
        description="children left out because an answer is missing"
    )
    missing_share: float
    alpha: EstimateRead = Field(description="Cronbach's alpha, interval of Feldt")
    omega: EstimateRead = Field(
        description="McDonald's omega of one factor; null where its model did not converge"
    )
    factor_model: FactorModel | None = Field(
        default=None, description="of omega; null without a model"
    )
    mean: float
    standard_deviation: float
    standard_error_of_measurement: float
    good_for_groups: bool = Field(description="alpha of at least 0.70")
    good_for_individual_decisions: bool = Field(description="alpha of at least 0.90")
    test_retest: Retest | PartRefused


class ItemStatistics(BaseModel):
    """The statistics of one item."""

    item: str
    n: int
    missing_share: float
    mean: float
    standard_deviation: float
    difficulty: float | None = Field(
        description="mean as a share of what the item can give: 0 lowest, 1 highest;"
        " null, as the next two, of a number without limits"
    )
    at_lowest: float | None
    at_highest: float | None
    corrected_item_total: float | None = Field(
        description="correlation with the sum of the other items"
    )
    alpha_if_deleted: float | None


class ItemsRead(_Section):
    """Statistics of the scale's items."""

    items: list[ItemStatistics]
    characteristics: list[ItemCharacteristic] = Field(
        description="mean share of an item's points by groups of like sums"
    )


class CriterionRead(_Section):
    """The outcome against the criterion."""

    criterion_source: CriterionSource
    criterion_instrument: str | None
    criterion_note: str | None
    is_blinded: bool | None
    verified: int = Field(
        description="children with a determined outcome whose criterion is known"
    )
    undetermined: int
    missing_criterion: EstimateRead
    age_months: AgeRange
    naive: NaiveMeasures = Field(description="of the verified alone")
    partial_verification: PartialVerification | PartRefused = Field(
        description="naive and corrected (Begg and Greenes) side by side;"
        " or why no correction can be made"
    )
    at_prevalence_by: Literal["corrected", "naive"] = Field(
        description="by which sensitivity and specificity"
    )
    at_prevalence: list[AtPrevalence] = Field(
        description="predictive values at each prevalence"
    )
    roc: RocCurve | PartRefused = Field(
        description="the raw score's curve, its area and the cut of the largest Youden index"
    )


class AgreementRead(_Section):
    """The agreement of two screenings: by the same informant, and by two informants.

    Each kappa comes with the observed agreement and with `n`, its number of pairs.
    """

    test_retest: PairsCompared | PartRefused
    between_informants: PairsCompared | PartRefused


class DifRead(_Section):
    """Whether items work differently in two groups, for children of the same level."""

    groupings: dict[str, GroupsCompared | PartRefused] = Field(
        description="by grouping: Mantel–Haenszel or Mantel, logistic, class A, B or C;"
        " no class (null) where no finite size can be computed"
    )


SECTION_MODELS: Mapping[Section, type[BaseModel]] = {
    Section.SAMPLING: SamplingRead,
    Section.RELIABILITY: ReliabilityRead,
    Section.ITEMS: ItemsRead,
    Section.CRITERION: CriterionRead,
    Section.AGREEMENT: AgreementRead,
    Section.DIF: DifRead,
}


class PlotQuery(BaseModel):
    """The requested format of a plot."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    format: Literal["vega-lite", "svg", "png"] | None = Field(
        default=None, description="goes before Accept"
    )


class StudyRunResult(BaseModel):
    """The address of the results, the number of children, and the reasons for missing sections."""

    href: str
    n: int
    refused: dict[str, str] = Field(
        description="by section, what there is too little of"
    )
