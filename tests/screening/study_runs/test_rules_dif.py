"""Differential item functioning, by a published example and beside statsmodels."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.screening.study_runs.rules.dif import (
    ets_class,
    mantel,
    mantel_haenszel,
    tables_by_level,
)
from services.screening.study_runs.rules.logistic import log_likelihoods, logistic

LUNG_CANCER = np.array(
    [
        [[126, 100], [35, 61]],
        [[908, 688], [497, 807]],
        [[913, 747], [336, 598]],
        [[235, 172], [58, 121]],
        [[402, 308], [121, 215]],
        [[182, 156], [72, 98]],
        [[60, 99], [11, 43]],
        [[104, 89], [21, 36]],
    ],
    float,
)
"""Smoking and lung cancer in eight Chinese cities (Liu 1992, in Agresti 1996, table 3.3)."""


def answered(seed: int, persons: int = 2000, shift: float = 0.0) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Passed or not, of eight items; the first is harder for the focal group by `shift` logits."""
    draw = np.random.default_rng(seed)
    level, focal = draw.normal(size=persons), draw.random(persons) < 0.5
    line = level[:, None] - np.linspace(-1, 1, 8)
    line[:, 0] -= shift * focal
    return draw.random((persons, 8)) < 1 / (1 + np.exp(-line)), focal


def test_agresti_1996_smoking_and_lung_cancer_in_eight_cities() -> None:
    found = mantel_haenszel(LUNG_CANCER)
    assert found.odds_ratio.value == pytest.approx(2.17, abs=5e-3)
    assert found.odds_ratio[1:] == pytest.approx((1.98, 2.38), abs=6e-3)
    assert found.chi_square == pytest.approx(280.1, abs=1)
    assert found.delta == pytest.approx(2.35 * math.log(found.odds_ratio.value))


@given(st.lists(st.lists(st.integers(1, 30), min_size=4, max_size=4), min_size=2, max_size=9))
@settings(max_examples=25)
def test_mantel_haenszel_is_that_of_statsmodels(cells: list[list[int]]) -> None:
    from statsmodels.stats.contingency_tables import StratifiedTable  # noqa: PLC0415

    tables = np.array(cells, float).reshape(-1, 2, 2)
    peer, found = StratifiedTable([*tables]), mantel_haenszel(tables)
    assert found.odds_ratio.value == pytest.approx(peer.oddsratio_pooled)
    assert found.odds_ratio[1:] == pytest.approx(peer.oddsratio_pooled_confint(), rel=1e-6)
    tested = peer.test_null_odds(correction=True)
    off = abs(float((tables[:, 0, 0] - tables[:, 0].sum(1) * tables[:, :, 0].sum(1) / tables.sum((1, 2))).sum()))
    if off > 0.5:  # below that the correction would go beyond zero, and we stop there
        assert (found.chi_square, found.p_value) == pytest.approx((tested.statistic, tested.pvalue), abs=1e-8)


@given(st.integers(0, 2**32))
@settings(max_examples=8)
def test_logistic_regressions_at_once_are_those_of_statsmodels_one_by_one(seed: int) -> None:
    from statsmodels.discrete.discrete_model import Logit  # noqa: PLC0415

    passed, focal = answered(seed, 400)
    level = passed.sum(axis=1).astype(float)
    predictors = np.column_stack([np.ones(400), level, focal, level * focal])
    coefficients, likelihoods = log_likelihoods(predictors, passed.astype(float), np.ones(len(passed)))
    regressed = logistic(passed, focal, level)  # of persons who are alike once
    for index in range(8):
        given = passed[:, index].astype(float)
        peer, uniform, plain = (Logit(given, predictors[:, :columns]).fit(disp=0) for columns in (4, 3, 2))
        assert coefficients[index] == pytest.approx(peer.params, abs=1e-4)
        assert likelihoods[index] == pytest.approx(peer.llf, abs=1e-6)
        assert regressed[index]["uniform_chi_square"] == pytest.approx(2 * (uniform.llf - plain.llf), abs=1e-5)
        assert regressed[index]["nonuniform_chi_square"] == pytest.approx(2 * (peer.llf - uniform.llf), abs=1e-5)


def test_an_item_that_is_harder_for_one_group_alone_is_found_by_both_ways_and_no_other() -> None:
    passed, focal = answered(3, 4000, shift=1.2)
    sums = passed.sum(axis=1)
    found = [mantel_haenszel(tables_by_level(passed[:, index], focal, sums)) for index in range(8)]
    assert found[0].grade == "C"
    assert found[0].delta < -1.5
    assert {one.grade for one in found[1:]} == {"A"}
    regressed = logistic(passed, focal, sums.astype(float))
    assert regressed[0]["uniform_p_value"] < 1e-6
    assert regressed[0]["r2_gain"] == max(one["r2_gain"] for one in regressed)
    assert regressed[0]["log_odds"] < 0


def test_mantel_of_two_scores_is_mantel_haenszel_without_its_correction() -> None:
    passed, focal = answered(5, shift=0.6)
    sums = passed.sum(axis=1)
    tables = tables_by_level(passed[:, 0], focal, sums)
    found = mantel(passed[:, 0].astype(float), focal, sums)
    n = tables.sum(axis=(1, 2))
    kept, n = tables[n > 1], n[n > 1]
    ones, group = kept[:, :, 0].sum(axis=1), kept[:, 0].sum(axis=1)
    variance = (group * (n - group) * ones * (n - ones) / (n**2 * (n - 1))).sum()
    assert found.chi_square == pytest.approx((kept[:, 0, 0] - group * ones / n).sum() ** 2 / variance)
    assert found.standardised < 0


@pytest.mark.parametrize(
    ("delta", "error", "p_value", "grade"),
    [
        (0.99, 0.1, 0.001, "A"),
        (1.0, 0.1, 0.001, "B"),
        (-1.6, 0.1, 0.001, "C"),
        (1.6, 0.5, 0.001, "B"),
        (3.0, 2.0, 0.05, "A"),
        (math.nan, math.nan, math.nan, None),
    ],
)
def test_classes_of_the_educational_testing_service(
    delta: float, error: float, p_value: float, grade: str | None
) -> None:
    assert ets_class(delta, error, p_value) == grade


def test_without_anybody_to_compare_nothing_is_said() -> None:
    found = mantel_haenszel(np.array([[[5, 5], [0, 0]]], float))
    assert math.isnan(found.odds_ratio.value)
    assert found.grade is None
