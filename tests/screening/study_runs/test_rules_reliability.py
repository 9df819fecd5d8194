"""Alpha, omega, item statistics and agreement, by published examples and beside pingouin and statsmodels."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.screening.study_runs.rules.items import characteristics, item_statistics
from services.screening.study_runs.rules.reliability import (
    alpha,
    alpha_of,
    factor_of,
    omega_of,
    one_factor,
    reliability,
)
from tests.screening.study_runs.answered import answered

CLOSE = 1e-4

V5 = np.array([[3, 4, 3], [5, 4, 5], [2, 2, 1], [4, 5, 4], [1, 2, 2]], float)


def test_v5_alpha_of_five_persons_and_three_items() -> None:
    covariance = np.cov(V5, rowvar=False)
    assert np.diag(covariance) == pytest.approx([2.5, 1.8, 2.5], abs=CLOSE)
    assert covariance.sum() == pytest.approx(18.3, abs=CLOSE)
    assert alpha(V5).value == pytest.approx(0.942623, abs=1e-6)


@given(st.integers(0, 2**32))
@settings(max_examples=15)
def test_alpha_and_its_interval_are_those_of_pingouin(seed: int) -> None:
    import pandas as pd  # noqa: PLC0415
    import pingouin  # noqa: PLC0415

    scores = answered(seed)
    value, limits = pingouin.cronbach_alpha(data=pd.DataFrame(scores))
    found = alpha(scores)
    assert found.value == pytest.approx(value, abs=1e-9)
    assert found[1:] == pytest.approx(tuple(limits), abs=2e-3)  # pingouin rounds its limits to three places


def test_omega_finds_the_loadings_that_made_the_correlations() -> None:
    loadings = np.array([0.8, 0.7, 0.6, 0.5, 0.4])
    correlation = np.outer(loadings, loadings)
    np.fill_diagonal(correlation, 1)
    assert one_factor(correlation).loadings == pytest.approx(loadings, abs=1e-6)
    assert omega_of(correlation, factor_of(correlation)) == pytest.approx(9 / (9 + (1 - loadings**2).sum()), abs=1e-6)
    assert alpha_of(correlation) < omega_of(correlation, factor_of(correlation))


@given(st.floats(0.2, 0.95), st.integers(3, 12), st.floats(0.1, 9))
def test_omega_is_alpha_where_all_items_measure_alike_mcdonald_1999(loading: float, items: int, scale: float) -> None:
    covariance = np.full((items, items), loading**2)
    np.fill_diagonal(covariance, 1)
    assert omega_of(covariance * scale, factor_of(covariance * scale)) == pytest.approx(alpha_of(covariance), abs=1e-6)


@given(st.integers(0, 2**32))
@settings(max_examples=10)
def test_the_one_factor_is_that_of_statsmodels(seed: int) -> None:
    from statsmodels.multivariate.factor import Factor  # noqa: PLC0415

    correlation = np.asarray(np.corrcoef(answered(seed, 400), rowvar=False))
    found = one_factor(correlation).loadings
    peer = Factor(corr=correlation, n_factor=1, method="ml", nobs=400).fit()
    assert found == pytest.approx(np.abs(peer.loadings[:, 0]), abs=2e-3)


def test_reliability_says_whom_it_left_out_and_what_it_is_good_for() -> None:
    scores = np.vstack([V5, [np.nan, 1, 1]])
    found: dict[str, Any] = reliability(scores, ["Q1", "Q2", "Q3"])
    assert (found["n"], found["incomplete"], found["items"]) == (5, 1, 3)
    assert found["missing_share"] == pytest.approx(1 / 18)
    assert (found["good_for_groups"], found["good_for_individual_decisions"]) == (True, True)
    sem = math.sqrt(18.3) * math.sqrt(1 - 0.942623)
    assert found["standard_error_of_measurement"] == pytest.approx(sem, abs=CLOSE)


def test_items_are_compared_with_the_sum_of_the_others_and_not_with_themselves() -> None:
    scores = answered(1)
    rows = item_statistics(list("abcdef"), scores, np.zeros(6), np.full(6, 4.0))
    for index, row in enumerate(rows):
        rest = np.delete(scores, index, axis=1)
        with_rest = np.corrcoef(scores[:, index], rest.sum(axis=1))[0, 1]
        assert row["corrected_item_total"] == pytest.approx(with_rest)
        assert row["alpha_if_deleted"] == pytest.approx(alpha(rest).value)
        assert row["difficulty"] == pytest.approx(scores[:, index].mean() / 4)


def test_an_item_that_was_left_out_is_told_and_does_not_move_its_mean() -> None:
    scores = V5.copy()
    scores[0, 0] = np.nan
    row = item_statistics(["a", "b", "c"], scores, np.ones(3), np.full(3, 5.0))[0]
    assert (row["n"], row["missing_share"], row["mean"]) == (4, pytest.approx(0.2), 3.0)
    assert (row["difficulty"], row["at_highest"], row["at_lowest"]) == (0.5, 0.25, 0.25)


def test_an_item_that_nobody_answers_otherwise_has_no_correlation() -> None:
    scores = np.column_stack([V5, np.full(5, 2.0)])
    row = item_statistics(list("abcd"), scores, np.ones(4), np.full(4, 5.0))[3]
    assert math.isnan(row["corrected_item_total"])
    assert row["alpha_if_deleted"] == pytest.approx(0.942623, abs=1e-6)


def test_the_characteristic_of_an_item_rises_with_the_sum_and_no_group_is_of_few() -> None:
    many = np.repeat(V5, 4, axis=0)
    points = characteristics(["a", "b", "c"], many, np.ones(3), np.full(3, 5.0))
    shares = [point["share"] for point in points if point["item"] == "c"]
    assert [point["n"] for point in points] == [5] * 12
    assert shares[0] < shares[-1]
    assert {point["n"] for point in characteristics(["a", "b", "c"], V5, np.ones(3), np.full(3, 5.0))} == {5}
