"""Alpha, omega, item statistics and agreement, by published examples and beside pingouin and statsmodels."""

import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.screening.study_runs.rules.agreement import cross_table, icc_2_1, kappa, limits_of_agreement, mean_squares
from services.screening.study_runs.rules.items import characteristics, item_statistics
from services.screening.study_runs.rules.reliability import alpha, alpha_of, omega_of, one_factor, reliability

CLOSE = 1e-4
V5 = np.array([[3, 4, 3], [5, 4, 5], [2, 2, 1], [4, 5, 4], [1, 2, 2]], float)
SHROUT_AND_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI_WRIGHT = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
PATHOLOGISTS = np.array([[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]], float)


def answered(seed: int, persons: int = 60, items: int = 6) -> NDArray[np.float64]:
    draw = np.random.default_rng(seed)
    level = draw.normal(size=(persons, 1))
    return np.clip(np.round(level * draw.uniform(0.3, 1.5, items) + draw.normal(size=(persons, items)) + 2), 0, 4)


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
    assert one_factor(correlation) == pytest.approx(loadings, abs=1e-6)
    assert omega_of(correlation) == pytest.approx(9 / (9 + (1 - loadings**2).sum()), abs=1e-6)
    assert alpha_of(correlation) < omega_of(correlation)


@given(st.floats(0.2, 0.95), st.integers(3, 12), st.floats(0.1, 9))
def test_omega_is_alpha_where_all_items_measure_alike_mcdonald_1999(loading: float, items: int, scale: float) -> None:
    covariance = np.full((items, items), loading**2)
    np.fill_diagonal(covariance, 1)
    assert omega_of(covariance * scale) == pytest.approx(alpha_of(covariance), abs=1e-6)


@given(st.integers(0, 2**32))
@settings(max_examples=10)
def test_the_one_factor_is_that_of_statsmodels(seed: int) -> None:
    from statsmodels.multivariate.factor import Factor  # noqa: PLC0415

    correlation = np.asarray(np.corrcoef(answered(seed, 400), rowvar=False))
    found = one_factor(correlation)
    peer = Factor(corr=correlation, n_factor=1, method="ml", nobs=400).fit()
    assert found == pytest.approx(np.abs(peer.loadings[:, 0]), abs=2e-3)


def test_reliability_says_whom_it_left_out_and_what_it_is_good_for() -> None:
    scores = np.vstack([V5, [np.nan, 1, 1]])
    found: dict[str, Any] = reliability(scores)
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


def test_shrout_and_fleiss_1979_six_subjects_and_four_judges() -> None:
    assert mean_squares(SHROUT_AND_FLEISS) == pytest.approx((11.24, 32.49, 1.02), abs=5e-3)
    found = icc_2_1(SHROUT_AND_FLEISS)
    assert found.value == pytest.approx(0.29, abs=5e-3)
    assert found.value == pytest.approx(0.28976, abs=CLOSE)
    assert found[1:] == pytest.approx((0.0188, 0.7611), abs=CLOSE)


@given(st.integers(0, 2**32), st.integers(2, 4))
@settings(max_examples=15)
def test_icc_2_1_and_its_interval_are_those_of_pingouin(seed: int, raters: int) -> None:
    import pandas as pd  # noqa: PLC0415
    import pingouin  # noqa: PLC0415

    ratings = answered(seed, 30, raters) + np.random.default_rng(seed).normal(size=(30, raters)) / 10
    rows = [(person, rater, ratings[person, rater]) for person in range(30) for rater in range(raters)]
    table = pd.DataFrame(rows, columns=["person", "rater", "rating"])
    with warnings.catch_warnings(action="ignore"):  # pingouin's own use of pandas
        peers = pingouin.intraclass_corr(data=table, targets="person", raters="rater", ratings="rating")
    peer = peers.iloc[1]
    limits = peer["CI95"]
    found = icc_2_1(ratings)
    assert found.value == pytest.approx(peer["ICC"], abs=1e-6)
    assert found[1:] == pytest.approx(tuple(limits), abs=6e-3)  # pingouin rounds its limits to two places


def test_v2_kappa_of_the_teaching_example() -> None:
    assert kappa(np.array([[20, 30], [5, 45]], float)).value == pytest.approx(0.30, abs=CLOSE)


def test_agresti_1990_two_pathologists_agree_by_0_493() -> None:
    found = kappa(PATHOLOGISTS)
    assert found.value == pytest.approx(0.493, abs=5e-4)
    assert found.low is not None
    assert (found.value - found.low) / 1.959964 == pytest.approx(0.057, abs=5e-4)
    assert kappa(PATHOLOGISTS, "quadratic").value == pytest.approx(0.78, abs=5e-3)


@given(st.lists(st.integers(1, 40), min_size=9, max_size=9), st.sampled_from(["none", "linear", "quadratic"]))
@settings(max_examples=30)
def test_kappa_is_that_of_statsmodels(counts: list[int], kind: Any) -> None:
    from statsmodels.stats.inter_rater import cohens_kappa  # noqa: PLC0415

    table = np.array(counts, float).reshape(3, 3)
    peer = cohens_kappa(table, wt={"none": None, "linear": "linear", "quadratic": "quadratic"}[kind])
    found = kappa(table, kind)
    assert found.value == pytest.approx(peer.kappa, abs=1e-9)
    assert found.low == pytest.approx(max(-1, peer.kappa_low), abs=1e-6)


def test_kappa_of_one_category_alone_is_not_told() -> None:
    assert math.isnan(kappa(np.array([[9, 0], [0, 0]], float)).value)


def test_pairs_of_categories_are_counted() -> None:
    assert cross_table(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist() == [[1, 1], [0, 1]]


def test_bland_and_altman_1986_two_peak_flow_meters() -> None:
    found = limits_of_agreement(np.array(WRIGHT, float), np.array(MINI_WRIGHT, float))
    assert found["bias"].value == pytest.approx(-2.1, abs=0.05)
    assert found["standard_deviation"] == pytest.approx(38.8, abs=0.05)
    assert found["bias"][1:] == pytest.approx((-22.0, 17.8), abs=0.1)
    assert found["lower"].value == pytest.approx(-78.1, abs=0.1)  # the paper takes two standard deviations, not 1.96
    assert found["bias"].value + 2 * found["standard_deviation"] == pytest.approx(75.5, abs=0.1)
