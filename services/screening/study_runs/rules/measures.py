"""The figures of a study's results, as they are shown: a part is computed, or refused."""

from typing import Literal

from pydantic import BaseModel, Field


class EstimateRead(BaseModel):
    """An estimate with the limits of its 95 % interval; null where it is not known."""

    value: float | None
    low: float | None
    high: float | None


# In place of a part, so that the other parts of its section are shown.
class Shortage(BaseModel):
    """What there is too little of, and how much is needed."""

    reason: str
    needed: int


class PartRefused(BaseModel):
    """Why a part is not computed. How much there is would disclose few children."""

    refused: Shortage


class FactorModel(BaseModel):
    """The model of one factor that omega is of."""

    is_converged: bool
    negative_uniquenesses: list[str] = Field(
        description="items whose own variance would be negative (Heywood cases)"
    )


# Beside alpha, which says nothing of another day.
class Retest(BaseModel):
    """The same informant a second time."""

    n: int
    icc_2_1: EstimateRead = Field(description="ICC(2,1)")


# By groups: a point of one child would be its answers.
class ItemCharacteristic(BaseModel):
    """The mean share of an item's points, of children of like sums."""

    item: str
    sum: float
    share: float
    n: int


class AgeRange(BaseModel):
    """Ages of the sample, in completed months."""

    lowest: int
    highest: int


class ConfusionTable(BaseModel):
    """Outcome against criterion."""

    tp: int
    fp: int
    fn: int
    tn: int


# Of the verified alone they are too high where the positive are verified more often.
class NaiveMeasures(BaseModel):
    """The outcome against the criterion, of the verified alone."""

    n: int
    table: ConfusionTable
    prevalence: EstimateRead
    sensitivity: EstimateRead
    specificity: EstimateRead
    ppv: EstimateRead
    npv: EstimateRead
    accuracy: EstimateRead
    positive_likelihood_ratio: EstimateRead
    negative_likelihood_ratio: EstimateRead
    diagnostic_odds_ratio: EstimateRead
    youden: EstimateRead
    kappa: EstimateRead
    over_referral: EstimateRead
    under_referral: EstimateRead


class SensitivityAndSpecificity(BaseModel):
    """Of the verified alone."""

    sensitivity: EstimateRead
    specificity: EstimateRead


class CorrectedMeasures(SensitivityAndSpecificity):
    """Of everybody, by Begg and Greenes."""

    prevalence: EstimateRead
    ppv: EstimateRead
    npv: EstimateRead


# Side by side: how much the correction does is a result itself.
class PartialVerification(BaseModel):
    """Naive and corrected measures side by side."""

    n: int
    verified: int
    verified_of_positive: EstimateRead
    verified_of_negative: EstimateRead
    naive: SensitivityAndSpecificity
    corrected: CorrectedMeasures
    assumption: Literal["missing_at_random_given_outcome"]


# A study has another share of the ill than those who are to be screened.
class AtPrevalence(BaseModel):
    """Predictive values at a prevalence."""

    prevalence: float
    ppv: float | None
    npv: float | None


class RocPoint(BaseModel):
    """A cut of the raw score, and what it would come to."""

    # Infinity is no number of JSON.
    cut: float | None = Field(description="null where nobody is positive")
    sensitivity: float
    false_positive_rate: float


class BestCut(BaseModel):
    """The cut of the largest Youden index."""

    cut: float
    youden: float
    sensitivity: float
    specificity: float


class RocCurve(BaseModel):
    """The raw score's curve."""

    n: int
    auc: EstimateRead = Field(description="area under the curve")
    positive_is: Literal["at_or_above", "at_or_below"]
    best_cut: BestCut
    points: list[RocPoint] = Field(description="the strictest cut first")


class Kappa(EstimateRead):
    """Kappa, beside the share of pairs that are the same."""

    n: int
    observed_agreement: EstimateRead


# A correlation would be high where one informant always says more.
class LimitsOfAgreement(BaseModel):
    """How far two scores of a child lie apart (Bland and Altman)."""

    n: int
    bias: EstimateRead
    standard_deviation: float
    lower: EstimateRead
    upper: EstimateRead
    beyond_limits: int


# Of several children: the two scores of one could be read off its point.
class MeanAndDifference(BaseModel):
    """Children of like means: their mean, and how their scores differ."""

    mean: float
    difference: float
    n: int


class PairsCompared(BaseModel):
    """How far two screenings of the same children agree."""

    n: int
    kappa_of_outcome: Kappa
    kappa_of_band: Kappa | PartRefused | None = Field(
        default=None, description="absent where the scale has fewer than two bands"
    )
    weighted_kappa_of_band: Kappa | PartRefused | None = Field(
        default=None, description="with quadratic weights; absent as the one before"
    )
    icc_2_1: EstimateRead = Field(description="ICC(2,1)")
    limits_of_agreement: LimitsOfAgreement
    median_days_between: float
    points: list[MeanAndDifference]


Grade = Literal["A", "B", "C"]


class MantelHaenszelRead(BaseModel):
    """An item of two scores, by Mantel and Haenszel."""

    odds_ratio: EstimateRead
    chi_square: float | None
    p_value: float | None
    delta: float | None
    grade: Grade | None


class MantelRead(BaseModel):
    """An item of more scores, by Mantel."""

    chi_square: float | None
    p_value: float | None
    standardised: float | None
    grade: Grade | None


# It also finds an item whose difference changes sides between levels.
class LogisticRead(BaseModel):
    """An item by logistic regression: the group's part beside the sum's."""

    uniform_chi_square: float | None
    uniform_p_value: float | None
    nonuniform_chi_square: float | None
    nonuniform_p_value: float | None
    p_value: float | None
    log_odds: float | None
    r2_gain: float | None
    grade: Grade | None = Field(description="null where no finite size can be computed")


class DifItem(BaseModel):
    """Whether an item works otherwise in the focal group."""

    item: str
    is_dichotomous: bool
    logistic: LogisticRead
    mantel_haenszel: MantelHaenszelRead | None = Field(
        default=None, description="of an item of two scores"
    )
    mantel: MantelRead | None = Field(
        default=None, description="of an item of more scores"
    )


class GroupsCompared(BaseModel):
    """Every item by the two groups of a grouping."""

    focal: str
    reference: str
    focal_n: int
    reference_n: int
    matching: Literal["sum_of_items"]
    items: list[DifItem]
