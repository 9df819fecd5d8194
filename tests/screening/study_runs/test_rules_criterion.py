"""The 2 × 2 table, the ROC curve and the correction for partial verification, by published examples."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from services.screening.study_runs.rules.criterion import (
    Confusion,
    accuracy,
    area,
    best_cut,
    confusion,
    midranks,
    predictive_values,
    roc,
)
from services.screening.study_runs.rules.estimates import TooFew, by_logit, plain, proportion
from services.screening.study_runs.rules.verification import Verified, corrected

CLOSE = 1e-4
V1 = accuracy(Confusion(9, 4, 9, 79))


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("sensitivity", 0.5),
        ("specificity", 0.951807),
        ("ppv", 0.692308),
        ("npv", 0.897727),
        ("accuracy", 0.871287),
        ("positive_likelihood_ratio", 10.375),
        ("negative_likelihood_ratio", 0.525316),
        ("diagnostic_odds_ratio", 19.75),
        ("kappa", 0.506947),
        ("youden", 0.451807),
        ("over_referral", 4 / 101),
        ("under_referral", 9 / 101),
    ],
)
def test_v1_bmc_neurology_12_147_table_3(figure: str, expected: float) -> None:
    assert V1[figure].value == pytest.approx(expected, abs=CLOSE)


def test_v1_wilson_limits_bmc_neurology_12_147() -> None:
    assert V1["sensitivity"][1:] == pytest.approx((0.2903, 0.7097), abs=CLOSE)
    assert V1["specificity"][1:] == pytest.approx((0.8825, 0.9811), abs=CLOSE)


def test_v1_npv_rounds_to_90_where_the_paper_prints_89_because_it_truncated() -> None:
    assert round(100 * V1["npv"].value) == 90
    assert math.floor(100 * V1["npv"].value) == 89


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("sensitivity", 0.8),
        ("specificity", 0.6),
        ("ppv", 0.4),
        ("npv", 0.9),
        ("positive_likelihood_ratio", 2),
        ("negative_likelihood_ratio", 0.3333),
        ("kappa", 0.30),
    ],
)
def test_v2_teaching_example(figure: str, expected: float) -> None:
    assert accuracy(Confusion(20, 30, 5, 45))[figure].value == pytest.approx(expected, abs=CLOSE)


@pytest.mark.parametrize(
    ("sensitivity", "specificity", "shown"),
    [(0.74, 0.91, ("74 %", "91 %")), (0.86, 0.78, ("86 %", "78 %")), (0.61, 0.92, ("61 %", "92 %"))],
)
def test_v4_arroll_2010_phq_as_displayed_and_at_other_prevalences(
    sensitivity: float, specificity: float, shown: tuple[str, str]
) -> None:
    assert (f"{sensitivity:.0%}".replace("%", " %"), f"{specificity:.0%}".replace("%", " %")) == shown
    ppv, npv = predictive_values(sensitivity, specificity, 0.062)
    false_alarms, missed = (1 - specificity) * 0.938, (1 - sensitivity) * 0.062
    assert ppv == pytest.approx(sensitivity * 0.062 / (sensitivity * 0.062 + false_alarms), abs=CLOSE)
    assert npv == pytest.approx(specificity * 0.938 / (specificity * 0.938 + missed), abs=CLOSE)


@pytest.mark.parametrize(
    ("count", "total", "share", "low", "high"),
    [(156, 220, 0.70909, 0.6459, 0.7651), (2662, 8318, 0.32003, 0.3101, 0.3301)],
)
def test_v7_proportions_of_the_sources(count: int, total: int, share: float, low: float, high: float) -> None:
    assert proportion(count, total) == pytest.approx((share, low, high), abs=CLOSE)


def test_v1_kappa_has_the_limits_of_statsmodels() -> None:
    from statsmodels.stats.inter_rater import cohens_kappa  # noqa: PLC0415

    theirs = cohens_kappa(np.array([[9, 4], [9, 79]]))
    assert V1["kappa"] == pytest.approx((0.506947, theirs.kappa_low, theirs.kappa_upp), abs=CLOSE)
    assert V1["kappa"].high - V1["kappa"].low == pytest.approx(2 * 1.959964 * theirs.std_kappa, abs=CLOSE)


@pytest.mark.parametrize(("prevalence", "ppv", "npv"), [(0.01, 0.15504, 0.99795), (0.5, 0.94737, 0.82569)])
def test_predictive_values_move_with_the_prevalence(prevalence: float, ppv: float, npv: float) -> None:
    assert predictive_values(0.8, 1 - 0.8 / 18, prevalence) == pytest.approx((ppv, npv), abs=6e-3)


def test_predictive_values_at_the_own_prevalence_are_those_of_the_table() -> None:
    found = predictive_values(V1["sensitivity"].value, V1["specificity"].value, 18 / 101)
    assert found == pytest.approx((V1["ppv"].value, V1["npv"].value), abs=1e-12)


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_wilson_limits_are_those_of_statsmodels(count: int, total: int) -> None:
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415

    count = min(count, total)
    found = proportion(count, total)
    assert found[1:] == pytest.approx(proportion_confint(count, total, method="wilson"), abs=1e-9)
    assert 0 <= (found.low or 0) <= found.value + 1e-12 <= (found.high or 0) + 2e-12 <= 1 + 3e-12


@given(*[st.integers(0, 50)] * 4)
def test_any_table_can_be_told_in_json(tp: int, fp: int, fn: int, tn: int) -> None:
    found = plain(accuracy(Confusion(tp, fp, fn, tn)))
    assert found["n"] == tp + fp + fn + tn
    assert not [value for name in found for value in [found[name]] if isinstance(value, float) and math.isnan(value)]


def hanley_and_mcneil() -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Ratings 1 to 5 of 58 normal and 51 abnormal images (Hanley and McNeil 1982, table I)."""
    normal, abnormal = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)
    ratings = np.repeat(np.tile(np.arange(1.0, 6.0), 2), normal + abnormal)
    return ratings, np.repeat([False, True], [58, 51])


def test_hanley_and_mcneil_1982_area_is_0_893() -> None:
    found = area(*hanley_and_mcneil())
    assert found.value == pytest.approx(0.8931711, abs=CLOSE)
    assert found.low is not None
    assert (found.value - found.low) / 1.959964 == pytest.approx(0.032, abs=2e-3)


def test_hanley_and_mcneil_1982_curve_has_a_point_for_every_rating() -> None:
    ratings, ill = hanley_and_mcneil()
    curve = roc(ratings, ill)
    assert curve.cuts.tolist() == [math.inf, 5, 4, 3, 2, 1]
    assert curve.true_positives == pytest.approx([0, 33 / 51, 44 / 51, 46 / 51, 48 / 51, 1])
    assert curve.false_positives == pytest.approx([0, 2 / 58, 13 / 58, 19 / 58, 25 / 58, 1])
    assert best_cut(curve)["cut"] == 4
    assert best_cut(curve)["youden"] == pytest.approx(44 / 51 - 13 / 58, abs=CLOSE)


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=4, max_size=80))
def test_the_area_is_the_share_of_pairs_in_order_and_the_integral_of_the_curve(rows: list[tuple[int, bool]]) -> None:
    scores, ill = np.array([float(row[0]) for row in rows]), np.array([row[1] for row in rows])
    if ill.all() or not ill.any():
        return
    gaps = np.subtract.outer(scores[ill], scores[~ill])
    curve = roc(scores, ill)
    assert area(scores, ill).value == pytest.approx(((gaps > 0) + (gaps == 0) / 2).mean(), abs=1e-12)
    assert area(scores, ill).value == pytest.approx(np.trapezoid(curve.true_positives, curve.false_positives))


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=50))
def test_midranks_are_those_of_scipy(values: list[int]) -> None:
    assert midranks(np.array(values, float)).tolist() == stats.rankdata(values).tolist()


def test_drum_and_christacopoulos_1972_liver_scans_by_begg_and_greenes() -> None:
    found = corrected(Verified(429, 263, 231), Verified(221, 81, 27))
    assert found["naive"]["sensitivity"].value == pytest.approx(0.8953, abs=CLOSE)
    assert found["naive"]["specificity"].value == pytest.approx(0.6279, abs=CLOSE)
    assert found["corrected"]["sensitivity"].value == pytest.approx(0.8365, abs=CLOSE)
    assert found["corrected"]["specificity"].value == pytest.approx(0.7384, abs=CLOSE)
    for figure in ("sensitivity", "specificity"):
        limits = found["corrected"][figure]
        assert limits.low < limits.value < limits.high


def test_the_corrected_prevalence_has_limits_and_they_are_wider_than_if_all_had_been_verified() -> None:
    found = corrected(Verified(429, 263, 231), Verified(221, 81, 27))["corrected"]["prevalence"]
    assert found == pytest.approx((0.6930, 0.6432, 0.7387), abs=CLOSE)
    whole = proportion(round(0.6930 * 650), 650)
    assert whole.low is not None
    assert found.low < whole.low


@given(*[st.integers(1, 500)] * 4)
def test_with_everybody_verified_the_prevalence_has_the_variance_of_a_proportion(
    tp: int, fp: int, fn: int, tn: int
) -> None:
    n, share = tp + fp + fn + tn, (tp + fn) / (tp + fp + fn + tn)
    found = corrected(Verified(tp + fp, tp + fp, tp), Verified(fn + tn, fn + tn, fn))["corrected"]["prevalence"]
    assert found == pytest.approx(by_logit(share, 1 / (n * share * (1 - share))))


def test_where_no_verified_negative_is_ill_the_prevalence_has_no_limits() -> None:
    found = corrected(Verified(100, 50, 20), Verified(900, 100, 0))["corrected"]
    assert (found["prevalence"].low, found["sensitivity"].low) == (None, None)
    assert found["prevalence"].value == pytest.approx(0.04)


@given(*[st.integers(1, 500)] * 4)
def test_with_everybody_verified_nothing_is_corrected(tp: int, fp: int, fn: int, tn: int) -> None:
    found = corrected(Verified(tp + fp, tp + fp, tp), Verified(fn + tn, fn + tn, fn))
    for figure in ("sensitivity", "specificity"):
        assert found["corrected"][figure].value == pytest.approx(found["naive"][figure].value)


@given(*[st.integers(1, 200)] * 4, st.integers(2, 9))
def test_choosing_a_part_of_the_positives_alone_biases_the_naive_sensitivity_only(
    tp: int, fp: int, fn: int, tn: int, part: int
) -> None:
    """Of each outcome the verified are like the rest; then the correction finds what all of them would have shown."""
    found = corrected(Verified((tp + fp) * part, tp + fp, tp), Verified((fn + tn) * part * 3, fn + tn, fn))
    true = accuracy(Confusion(tp * part, fp * part, fn * part * 3, tn * part * 3))
    assert found["corrected"]["sensitivity"].value == pytest.approx(true["sensitivity"].value)
    assert found["corrected"]["specificity"].value == pytest.approx(true["specificity"].value)
    assert found["naive"]["sensitivity"].value > true["sensitivity"].value


def test_without_a_verified_negative_there_is_no_sensitivity_and_the_reason_is_told() -> None:
    with pytest.raises(TooFew) as refused:
        corrected(Verified(100, 50, 20), Verified(900, 0, 0))
    assert refused.value.refusal == ("verified_negatives", 1)


def test_a_table_is_counted_from_two_columns() -> None:
    outcome = np.array([True, True, True, False, False])
    criterion = np.array([True, False, False, True, False])
    assert confusion(outcome, criterion) == (1, 2, 1, 1)
