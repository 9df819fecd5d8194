"""How far two assessments agree: ICC, kappa, limits of agreement, by published tables."""

import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.screening.study_runs.rules.agreement import cross_table, icc_2_1, kappa, limits_of_agreement, mean_squares
from tests.screening.study_runs.answered import answered

CLOSE = 1e-4

SHROUT_AND_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)


WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI_WRIGHT = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
PATHOLOGISTS = np.array([[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]], float)


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
