"""The ROC curve and the area under it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from services.screening.study_runs.rules.criterion import (
    area,
    best_cut,
    midranks,
    roc,
)

CLOSE = 1e-4


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
