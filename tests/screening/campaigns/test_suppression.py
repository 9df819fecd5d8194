"""No combination of the tables that are published together gives a hidden number away: tried by linear programming."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from services.screening.campaigns.rules.suppression import (
    COUNTY,
    GROUPS,
    IMPLEMENTER,
    SEX,
    STATUS,
    Counts,
    Hiding,
    hide,
)

OUTCOME = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]])
SELECTED = np.array([[1, 0], [0, 1], [1, 0], [0, 1], [1, 0], [0, 1]])
VIEWS = [OUTCOME, SELECTED]
"""Six statuses: negative, undetermined or positive × not selected or selected."""


@st.composite
def campaigns(draw: st.DrawFn) -> Counts:
    """Children by county, implementer, age band, sex and status: many empty places, many small ones, a few large."""
    shape = (draw(st.integers(1, 4)), draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 3)), 6)
    seed, crowd = draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from([0.05, 0.3, 1.0, 4.0]))
    source = np.random.default_rng(seed)
    found = source.poisson(crowd, shape)
    if draw(st.booleans()):  # every county has one implementer, as in source 000
        belongs = np.arange(shape[0]) % shape[1]
        found *= (belongs[:, None] == np.arange(shape[1])[None, :])[:, :, None, None, None]
    if draw(st.booleans()):  # a rare category
        found[..., -1, :] = np.minimum(found[..., -1, :], source.integers(0, 2, found[..., -1, :].shape))
    if draw(st.booleans()):  # few kinds of children
        found *= source.random(shape) < 0.3
    if draw(st.booleans()):  # nobody is selected
        found[..., 1::2] = 0
    return found.astype(np.int64)


Sums = list[tuple[Any, int, bool]]


def published(state: Hiding) -> Sums:
    """Every number of every table: which atoms it sums, its value, and whether it is hidden."""
    shape = state.counts.shape
    found: Sums = [(np.ones(shape), int(state.counts.sum()), state.is_total_hidden)]
    for (axis, view), hidden in state.margins.items():
        for column, weights in enumerate(state.views_of(axis)[view].T):
            atoms = np.zeros(shape) + _along(weights, axis)
            found.append((atoms, int(state.margin(axis, view)[column]), bool(hidden[column]) or state.is_total_hidden))
    for group in GROUPS:
        for view, matrix in enumerate(state.views_of(group[1])):
            table, hidden = state.table(group, view), state.hidden_cells(group, view)
            for row, column in itertools.product(*map(range, table.shape)):
                one = np.zeros(shape[group[0]])
                one[row] = 1
                atoms = np.zeros(shape) + _along(one, group[0]) * _along(matrix[:, column], group[1])
                found.append((atoms, int(table[row, column]), bool(hidden[row, column])))
    return found


def _along(weights: Any, axis: int) -> Any:
    return np.asarray(weights, dtype=float).reshape([-1 if place == axis else 1 for place in range(5)])


def spread(sums: Sums, wanted: Any) -> float:
    """How far apart the least and the greatest value lie that a hidden number could have, by all that is published."""
    known = [(atoms.ravel(), value) for atoms, value, hidden in sums if not hidden]
    equal = {"A_eq": np.array([row for row, _ in known]), "b_eq": [value for _, value in known]} if known else {}
    ends = [linprog(sign * wanted.ravel(), **equal, bounds=(0, 10_000), method="highs") for sign in (1, -1)]
    assert all(end.status == 0 for end in ends)
    return float(-ends[1].fun - ends[0].fun)


@settings(max_examples=60)
@given(campaigns())
def test_no_hidden_number_can_be_worked_out_from_all_that_is_published(counts: Counts) -> None:
    sums = published(hide(counts, VIEWS, 5))
    for atoms, _, hidden in sums:
        if hidden and atoms.any():
            assert spread(sums, atoms) > 0.99


@given(campaigns(), st.integers(2, 12))
def test_no_small_number_is_published(counts: Counts, threshold: int) -> None:
    for _, value, hidden in published(hide(counts, VIEWS, threshold)):
        assert hidden or not 0 < value < threshold


@given(campaigns())
def test_what_the_hidden_cells_of_a_line_come_to_is_not_small_either(counts: Counts) -> None:
    state = hide(counts, VIEWS, 5)
    for group in GROUPS:
        for view in range(len(state.views_of(group[1]))):
            table, hidden = state.table(group, view), state.hidden_cells(group, view)
            merged = state.margins[group[1], view]
            left = (table * hidden).sum(axis=0)
            told = [*left[~merged], left[merged].sum()]
            assert state.is_total_hidden or {*group} & state.unpublished or not [n for n in told if 0 < n < 5]


def of_counties(*counties: dict[str, list[int]]) -> Counts:
    """Counties with (female, male) numbers of negatives and positives, one implementer, one age band."""
    found = np.zeros((len(counties), 1, 1, 2, 6), dtype=np.int64)
    for number, county in enumerate(counties):
        found[number, 0, 0, :, 0], found[number, 0, 0, :, 4] = county["negative"], county["positive"]
    return found


LARGE = {"negative": [200, 210], "positive": [60, 70]}


def test_large_numbers_are_all_published() -> None:
    state = hide(of_counties(LARGE, LARGE, LARGE), VIEWS, 5)
    assert not any(hidden for _, _, hidden in published(state))


def test_a_county_with_two_positives_takes_another_with_it() -> None:
    state = hide(of_counties(LARGE, {"negative": [30, 30], "positive": [1, 1]}, LARGE, LARGE), VIEWS, 5)
    assert state.rows[COUNTY, STATUS].sum() == 2
    assert state.rows[COUNTY, STATUS][1]
    assert not state.rows[COUNTY, SEX].any()
    assert not state.margins[STATUS, 0].any()
    assert state.margin(STATUS, 0).tolist() == [410 * 3 + 60, 0, 130 * 3 + 2]


def test_a_tiny_county_is_not_told_by_subtraction_from_the_total() -> None:
    state = hide(of_counties(LARGE, {"negative": [2, 0], "positive": [0, 1]}, LARGE), VIEWS, 5)
    assert state.margins[COUNTY, 0].sum() == 2
    assert state.rows[COUNTY, SEX][1]
    assert not state.is_total_hidden


def test_three_children_are_not_published_at_all() -> None:
    state = hide(of_counties({"negative": [1, 1], "positive": [0, 1]}), VIEWS, 5)
    assert all(hidden for _, _, hidden in published(state))


def test_one_county_with_one_implementer_hides_what_is_small_and_shows_the_rest() -> None:
    counts = of_counties(LARGE)
    counts[0, 0, 0, 0, 2] = 3
    state = hide(counts, VIEWS, 5)
    assert state.margins[STATUS, 0].sum() == 2
    assert state.hidden_cells((IMPLEMENTER, STATUS), 0).sum() == 2
    assert not state.margins[SEX, 0].any()
    assert not state.unpublished


@pytest.mark.parametrize("threshold", [1, 0])
def test_a_threshold_of_one_hides_nothing(threshold: int) -> None:
    state = hide(of_counties({"negative": [1, 1], "positive": [0, 1]}), VIEWS, threshold)
    assert not any(hidden for _, _, hidden in published(state))
