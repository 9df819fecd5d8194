"""The 2 × 2 table, the ROC curve and the correction for partial verification, by published examples."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.study_runs.rules.criterion import (
    Confusion,
    accuracy,
    confusion,
    predictive_values,
)
from services.screening.study_runs.rules.estimates import plain, proportion

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


def test_a_table_is_counted_from_two_columns() -> None:
    outcome = np.array([True, True, True, False, False])
    criterion = np.array([True, False, False, True, False])
    assert confusion(outcome, criterion) == (1, 2, 1, 1)
