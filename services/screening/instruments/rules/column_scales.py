"""Scales of columns of answers: `scales.figure_of` for many children at once.

Answers are added up as whole numbers, in units small enough for every weight and value.
The figure of children with equal sums is computed once, as `figure_of` computes it.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from services.screening.instruments.rules.answers import (
    GIVEN,
    NOT_ASKED,
    UNKNOWN,
    Cell,
)
from services.screening.instruments.rules.column_conditions import truths
from services.screening.instruments.rules.columns import (
    LARGEST,
    Column,
    Wholes,
    spread,
)
from services.screening.instruments.rules.decimals import Exact, ratio
from services.screening.instruments.rules.definitions import ScaleKind
from services.screening.instruments.rules.outcomes import Truth
from services.screening.instruments.rules.plans import FormPlan
from services.screening.instruments.rules.scales import (
    Figure,
    ScalePlan,
    Sums,
    Term,
    figure_of_rule,
    figure_of_sums,
)

Key = TypeVar("Key", bound=Hashable)


class FigureColumn(NamedTuple):
    """The distinct figures of one scale, and the index of each child's figure among them."""

    figures: list[Figure]
    places: list[int]


def figure_columns(form: FormPlan, columns: Sequence[Column]) -> list[FigureColumn]:
    """The figures of every scale of a form."""
    # Positions of scales follow those of leaves (`ScalePlan`).
    by_position = list(columns)
    figures = []
    for scale in form.scales:
        is_rule = scale.kind == ScaleKind.RULE
        column = (_by_rule if is_rule else _by_sums)(scale, by_position)
        figures.append(column)
        cells = [
            Cell(UNKNOWN if figure.raw is None else GIVEN, 0, figure.raw)
            for figure in column.figures
        ]
        by_position.append(spread(cells, np.array(column.places, np.intp)))
    return figures


def _each_once(keys: Sequence[Key], figure_of: Callable[[Key], Figure]) -> FigureColumn:
    """The figure of each child, computed once for children with equal keys."""
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return FigureColumn(
        [figure_of(key) for key in places], [places[key] for key in keys]
    )


def _by_sums(scale: ScalePlan, columns: Sequence[Column]) -> FigureColumn:
    unit = _unit(scale, columns)
    # Python's integers have no bound, but they are slow: only for sums
    # that could overflow.
    kind: type = np.int64 if _bound(scale, columns, unit) <= LARGEST else np.object_
    children = len(columns[0].states)
    sums: Wholes = np.zeros((5, children), kind)
    points, weight_known, weight_all, answered, expected = sums
    # With equal weights two of the sums are products: most scales need
    # not compute them.
    is_even = len({term.weight for term in scale.terms}) == 1
    for term in scale.terms:
        column = columns[term.position]
        has_value: Wholes = column.has_value.astype(kind)
        counts = (column.has_value | (column.states != NOT_ASKED)).astype(kind)
        item_points = _points(scale, column, term, unit, kind)
        if scale.kind == ScaleKind.MAX:
            is_higher = column.has_value & ((answered == 0) | (item_points > points))
            points = np.where(is_higher, item_points, points)
        else:
            points += item_points
        answered += has_value
        expected += counts
        if not is_even:
            weight_known += has_value * term.weight
            weight_all += counts * term.weight
    if is_even:
        weight = scale.terms[0].weight
        weight_known, weight_all = answered * weight, expected * weight
    parts = (points, weight_known, weight_all, answered, expected)
    return _each_once(
        [*zip(*(part.tolist() for part in parts), strict=True)],
        lambda key: figure_of_sums(scale, Sums(key[0], unit, *key[1:])),
    )


def _unit(scale: ScalePlan, columns: Sequence[Column]) -> int:
    """The common denominator of all values of a scale."""
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE:
        return 1
    units = [columns[term.position].unit for term in scale.terms]
    mirrors = [term.mirror.denominator for term in scale.terms if term.mirror]
    return math.lcm(*units, *mirrors)


def _bound(scale: ScalePlan, columns: Sequence[Column], unit: int) -> int:
    """An upper bound of the absolute value of every sum of a scale, also of its partial sums.

    |weight · (mirror − value)| ≤ weight · (|mirror| + |value|): the total of these
    terms bounds every partial sum. The added 1 bounds the sums of weights.
    """
    bound = 0
    for position, weight, mirror, _ in scale.terms:
        column = columns[position]
        reversed_by = 0 if mirror is None else abs(int(mirror * unit))
        value = column.largest * (unit // column.unit)
        bound += weight * (1 + reversed_by + value)
    return bound


def _points(
    scale: ScalePlan, column: Column, term: Term, unit: int, kind: type
) -> Wholes:
    """`scales.points_of` of a column, as whole numbers of 1/unit; 0 without a value."""
    _, weight, mirror, _ = term
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE:
        # The threshold in the unit of the column: there every value is a whole number.
        if mirror is None:
            is_reached = column.values >= math.ceil(scale.threshold * column.unit)
        else:
            furthest = math.floor((mirror - scale.threshold) * column.unit)
            is_reached = column.values <= furthest
        return (is_reached & column.has_value).astype(kind) * weight
    # Converted first, because the products might not fit into 64 bits.
    points: Wholes = column.values.astype(kind) * (weight * (unit // column.unit))
    if mirror is None:
        return points
    mirror_points: Wholes = column.has_value.astype(kind) * int(weight * mirror * unit)
    return mirror_points - points


def _by_rule(scale: ScalePlan, columns: Sequence[Column]) -> FigureColumn:
    children = len(columns[0].states)
    # The choice that decides for each child; undecided children are those for whom
    # every case so far is false. An unknown case ends the search without a choice, as
    # in `scales`.
    choice, is_undecided = np.full(children, -1), np.ones(children, np.bool_)
    for number, case in enumerate(scale.choices):
        holds = Truth.TRUE if case.when is None else truths(case.when, columns)
        choice = np.where(is_undecided & (holds == Truth.TRUE), number, choice)
        is_undecided &= holds == Truth.FALSE
    values, has_value = np.zeros(children, np.int64), np.zeros(children, np.bool_)
    for number, case in enumerate(scale.choices):
        if case.position is not None:
            column, is_chosen = columns[case.position], choice == number
            values = np.where(is_chosen, column.values, values)
            has_value |= is_chosen & column.has_value
    answered, expected = np.zeros(children, np.int64), np.zeros(children, np.int64)
    for term in scale.terms:
        answered += columns[term.position].states == GIVEN
        expected += columns[term.position].states != NOT_ASKED
    parts = (choice, values, has_value, answered, expected)
    return _each_once(
        [*zip(*(column.tolist() for column in parts), strict=True)],
        lambda key: figure_of_rule(
            scale, _chosen_value(scale, columns, *key[:3]), *key[3:]
        ),
    )


def _chosen_value(
    scale: ScalePlan,
    columns: Sequence[Column],
    choice: int,
    value: int,
    has_value: bool,
) -> Exact | None:
    """The value of a choice, or the value of the answer that the choice names."""
    if choice < 0:
        return None
    _, fixed, position = scale.choices[choice]
    if position is None:
        return fixed
    return ratio(value, columns[position].unit) if has_value else None
