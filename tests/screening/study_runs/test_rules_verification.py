"""Sensitivity and specificity where a part was verified (Begg and Greenes 1983)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.study_runs.rules.criterion import (
    Confusion,
    accuracy,
)
from services.screening.study_runs.rules.estimates import TooFew, by_logit, proportion
from services.screening.study_runs.rules.verification import Verified, corrected

CLOSE = 1e-4


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
