"""The figures of a study's results on the wire: a part is computed, or refused."""

from typing import Literal

from pydantic import BaseModel, Field


class EstimateRead(BaseModel):
    """An estimate with the limits of its 95 % interval; unknown numbers are null."""

    value: float | None
    low: float | None
    high: float | None


# In place of a part, so that the other parts of its section can still be shown.
class Shortage(BaseModel):
    """The data of which there is too little, and how much is needed."""

    reason: str
    needed: int


class PartRefused(BaseModel):
    """Why a part is not computed; without the present amount, which would disclose few children."""

    refused: Shortage


class FactorModel(BaseModel):
    """The one-factor model from which omega is computed."""

    is_converged: bool
    negative_uniquenesses: list[str] = Field(
        description="items whose own variance would be negative (Heywood cases)"
    )


# In addition to alpha, which does not measure stability between days.
class Retest(BaseModel):
    """The agreement of two screenings by the same informant."""

    n: int
    icc_2_1: EstimateRead = Field(description="ICC(2,1)")


# By groups, because a point of a single child would show its answers.
class ItemCharacteristic(BaseModel):
    """The mean share of an item's points among children with similar sums."""

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


# From verified children only: sensitivity is too high if positive children are verified
# more often.
class NaiveMeasures(BaseModel):
    """The outcome against the criterion, for verified children only."""

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
    """Sensitivity and specificity for verified children only."""

    sensitivity: EstimateRead
    specificity: EstimateRead


class CorrectedMeasures(SensitivityAndSpecificity):
    """Measures corrected to all children, by Begg and Greenes."""

    prevalence: EstimateRead
    ppv: EstimateRead
    npv: EstimateRead


# Side by side, because the size of the correction is itself a result.
class PartialVerification(BaseModel):
    """Naive and corrected measures side by side."""

    n: int
    verified: int
    verified_of_positive: EstimateRead
    verified_of_negative: EstimateRead
    naive: SensitivityAndSpecificity
    corrected: CorrectedMeasures
    assumption: Literal["missing_at_random_given_outcome"]


# The prevalence in a study differs from that in the population to be screened.
class AtPrevalence(BaseModel):
    """Predictive values at a prevalence."""

    prevalence: float
    ppv: float | None
    npv: float | None


class RocPoint(BaseModel):
    """A cut of the raw score, with its sensitivity and false positive rate."""

    # Null stands for infinity, which JSON does not have.
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
    """The ROC curve of the raw score."""

    n: int
    auc: EstimateRead = Field(description="area under the curve")
    positive_is: Literal["at_or_above", "at_or_below"]
    best_cut: BestCut
    points: list[RocPoint] = Field(description="the strictest cut first")


class Kappa(EstimateRead):
    """Kappa and the share of equal pairs."""

    n: int
    observed_agreement: EstimateRead


# No correlation: it would be high even if one informant always gave higher scores.
class LimitsOfAgreement(BaseModel):
    """How far two scores of a child lie apart (Bland and Altman)."""

    n: int
    bias: EstimateRead
    standard_deviation: float
    lower: EstimateRead
    upper: EstimateRead
    beyond_limits: int


# Of several children, because a point of one child would show its two scores.
class MeanAndDifference(BaseModel):
    """Children with similar means: their mean, and the mean difference of their scores."""

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
    """An item with two scores, by Mantel and Haenszel."""

    odds_ratio: EstimateRead
    chi_square: float | None
    p_value: float | None
    delta: float | None
    grade: Grade | None


class MantelRead(BaseModel):
    """An item with more than two scores, by Mantel."""

    chi_square: float | None
    p_value: float | None
    standardised: float | None
    grade: Grade | None


# It also finds an item whose difference changes its sign between levels.
class LogisticRead(BaseModel):
    """An item by logistic regression: the effect of the group in addition to the sum."""

    uniform_chi_square: float | None
    uniform_p_value: float | None
    nonuniform_chi_square: float | None
    nonuniform_p_value: float | None
    p_value: float | None
    log_odds: float | None
    r2_gain: float | None
    grade: Grade | None = Field(description="null where no finite size can be computed")


class DifItem(BaseModel):
    """Whether an item works differently in the focal group."""

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
