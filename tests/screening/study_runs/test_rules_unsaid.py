"""What statistics cannot say they do not say: odds without limit, models that do not fit, agreement over a part."""

import math
from typing import Any

import numpy as np
import pytest

from services.screening.study_runs.rules.agreement import agreement, kappa
from services.screening.study_runs.rules.criterion import Confusion, accuracy, area, youden_index
from services.screening.study_runs.rules.dif import mantel_haenszel
from services.screening.study_runs.rules.estimates import Estimate, plain, proportion
from services.screening.study_runs.rules.logistic import logistic
from services.screening.study_runs.rules.pairs import agreement_section
from services.screening.study_runs.rules.reliability import alpha, factor_of, omega_of, one_factor, reliability
from services.screening.study_runs.rules.sample import read_sample
from tests.screening.studies.population import Facts, again, definition, screened, stream, task
from tests.screening.study_runs.studied import studied


@pytest.mark.parametrize(
    ("cells", "value"),
    [([[20, 0], [10, 10]], None), ([[10, 10], [20, 0]], 0.0), ([[0, 20], [10, 10]], 0.0), ([[10, 10], [0, 20]], None)],
)
def test_mantel_haenszel_with_an_empty_cell_has_no_finite_size_and_no_class(
    cells: list[list[int]], value: float | None
) -> None:
    found = plain(mantel_haenszel(np.array([cells, cells], float)))
    assert (found["odds_ratio"], found["delta"], found["grade"]) == (
        {"value": value, "low": None, "high": None},
        None,
        None,
    )
    # By the textbook (Agresti 1996, 3.2.1): (|20 − 30| − ½)² / (2 · 20²·30·10 / (40²·39)) of two such tables.
    variance = 2 * 20 * 20 * 30 * 10 / (40**2 * 39)
    assert found["chi_square"] == pytest.approx((10 - 0.5) ** 2 / variance)


def test_an_item_that_a_group_separates_has_no_log_odds_and_one_that_all_pass_no_class() -> None:
    draw = np.random.default_rng(4)
    focal = draw.random(400) < 0.5
    passed = np.column_stack([focal, np.ones(400, bool), draw.random(400) < 0.5])
    level = draw.integers(0, 5, 400).astype(float)
    separated, passed_by_all, other = logistic(passed, focal, level)
    assert math.isnan(separated["log_odds"])
    assert separated["grade"] == "C"
    assert (passed_by_all["grade"], plain(passed_by_all)["r2_gain"]) == (None, None)
    assert (other["grade"], math.isfinite(other["log_odds"])) == ("A", True)


def triad(r12: float, r13: float, r23: float) -> Any:
    return np.array([[1, r12, r13], [r12, 1, r23], [r13, r23, 1]])


@pytest.mark.parametrize("r", [(0.8, 0.8, 0.65), (0.02, 0.03, 0.04), (0.8, 0.8, 0.7)])
def test_a_factor_of_three_items_converges_to_spearmans_triads(r: tuple[float, float, float]) -> None:
    # Three correlations determine three loadings: λ₁² = r₁₂ r₁₃ / r₂₃ (Spearman 1904).
    r12, r13, r23 = r
    found = one_factor(triad(*r))
    assert found.is_converged
    assert found.loadings**2 == pytest.approx([r12 * r13 / r23, r12 * r23 / r13, r13 * r23 / r12], abs=1e-6)


def test_an_item_of_negative_uniqueness_is_named() -> None:
    # λ₁² = 0.8 · 0.8 / 0.5 = 1.28: its own variance would be −0.28.
    level, draw = np.random.default_rng(1).normal(size=(2000, 3)), np.linalg.cholesky(triad(0.8, 0.8, 0.5))
    whitened = np.linalg.solve(np.linalg.cholesky(np.cov(level, rowvar=False)), level.T - level.mean(axis=0)[:, None])
    found = plain(reliability((draw @ whitened).T, ["Q1", "Q2", "Q3"]))
    assert found["factor_model"] == {"is_converged": True, "negative_uniquenesses": ["Q1"]}


def test_omega_of_a_model_that_does_not_converge_is_not_told() -> None:
    correlation = triad(0.3, 0.01, 0.02)
    factor = factor_of(correlation)
    assert factor is not None
    assert (factor.is_converged, math.isnan(omega_of(correlation, factor))) == (False, True)
    assert factor_of(correlation[:2, :2]) is None


@pytest.mark.parametrize(("ill", "well", "low"), [(10, 10, 0.8002136129), (12, 40, 0.8913427267)])
def test_perfect_separation_has_a_real_interval(ill: int, well: int, low: float) -> None:
    # Newcombe 2006, method 5, solved with Python's decimal arithmetic to fifty digits.
    scores, condition = np.repeat([1.0, 2.0], [well, ill]), np.repeat([False, True], [well, ill])
    assert area(scores, condition) == pytest.approx((1, low, 1), abs=1e-9)
    assert area(-scores, condition) == pytest.approx((0, 0, 1 - low), abs=1e-9)
    tied = area(np.ones(ill + well), condition)
    assert tied.value == 0.5
    assert tied.low is not None
    assert tied.high is not None
    assert 0 < tied.low < 0.5 < tied.high < 1


def test_perfect_youden_and_perfect_kappa_have_real_intervals_and_perfect_alpha_has_none() -> None:
    # Wilson's lower limit of n of n is n / (n + z²): 0.72246720 of 10, 0.92865240 of 50 (exact arithmetic).
    assert youden_index(Confusion(10, 0, 0, 10)) == pytest.approx((1, 0.6075093504, 1), abs=1e-9)
    assert kappa(np.diag([25.0, 25.0])) == pytest.approx((1, 0.8573048017, 1), abs=1e-9)
    # Newcombe 1998, table II: 56/70 − 48/80 = 0.20 from 0.0524 to 0.3339.
    assert youden_index(Confusion(56, 48, 14, 32)) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    same = np.repeat([[1.0], [2.0], [4.0]], 3, axis=1)
    assert plain(alpha(same)) == {"value": pytest.approx(1), "low": None, "high": None}


def test_no_limit_lies_on_the_wrong_side_of_its_value() -> None:
    for total in range(1, 400):
        none, every = proportion(0, total), proportion(total, total)
        assert (none.low, every.high) == (0, 1)
    for name, one in accuracy(Confusion(9, 0, 0, 83)).items():
        if isinstance(one, Estimate) and one.low is not None and one.high is not None:
            assert one.low <= one.value <= one.high, name


def test_beside_kappa_stands_the_observed_agreement_of_the_same_pairs() -> None:
    # Feinstein and Cicchetti 1990, table 1: 85 % agree, kappa is 0.70; table 2: 85 % agree, kappa is 0.32.
    for cells, expected in (([[40, 9], [6, 45]], 0.70), ([[80, 10], [5, 5]], 0.32)):
        found = agreement(np.array(cells, float))
        assert (found.n, found.observed_agreement.value) == (100, 0.85)
        assert found.value == pytest.approx(expected, abs=5e-3)


def twice_screened(document: Facts, bands: dict[str, str]) -> dict[str, Any]:
    """Sixty children screened twice; those below 54 months have other names of their bands."""
    rows = screened(60)
    for row in rows:
        row["age"] = 40 + 20 * (rows.index(row) % 2)
    pairs = [*rows, *[again(row, number, on="2026-03-15") for number, row in enumerate(rows)]]
    for row in pairs:
        scale = row["result"]["scales"][0]
        scale["band"] = bands.get(scale["band"], scale["band"]) if row["age"] < 54 else scale["band"]
    section = agreement_section(read_sample(stream(task(document, minimum_n=30), pairs)))
    found: dict[str, Any] = section["test_retest"]
    return found


def test_kappa_of_bands_is_of_pairs_with_one_set_of_bands_or_is_not_told() -> None:
    document = definition()
    whole = plain(twice_screened(document, {}))
    assert whole["kappa_of_band"]["n"] == whole["n"] == 60
    assert whole["kappa_of_band"]["observed_agreement"]["value"] > 0.8
    part = plain(twice_screened(document, {"low": "lower", "high": "higher"}))
    assert (part["n"], part["kappa_of_band"]["n"], part["kappa_of_outcome"]["n"]) == (60, 30, 60)
    [bands] = document["cut_offs"]
    younger = [band | {"code": f"{band['code']}er"} for band in bands["bands"]]
    document["cut_offs"] = [bands | {"age_to": 54, "bands": younger}, bands | {"age_from": 54}]
    apart = plain(twice_screened(document, {"low": "lower", "high": "higher"}))
    assert apart["kappa_of_band"] == {"refused": {"reason": "common_bands", "needed": 30}}


def test_the_picture_of_a_curve_encloses_the_area_of_its_title() -> None:
    rows = screened(109)
    # Hanley and McNeil 1982, table I: ratings of 58 normal and 51 abnormal images; their area is 0.893.
    ratings = np.repeat(np.tile(np.arange(1, 6), 2), (33, 6, 6, 11, 2, 3, 2, 2, 11, 33))
    for row, rating, ill in zip(rows, ratings.tolist(), np.repeat([False, True], [58, 51]), strict=True):
        row["criterion"] = "positive" if ill else "negative"
        row["result"]["scales"][0]["raw"] = rating
    found = studied(rows)
    plot = found["plots"]["roc"]
    assert plot["title"]["en"].startswith("ROC, AUC = 0.893;")
    line = plot["layer"][0]
    assert line["mark"] == {"type": "line"}  # straight between the points, which is what Vega-Lite does
    drawn = sorted(plot["data"]["values"], key=lambda point: point[line["encoding"]["order"]["field"]])
    x, y = ([point[axis] for point in drawn] for axis in ("false_positive_rate", "sensitivity"))
    assert np.trapezoid(y, x) == pytest.approx(0.8931711, abs=1e-6)
