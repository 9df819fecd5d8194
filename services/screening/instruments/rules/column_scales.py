"""Scales of columns of answers: `scales.figure_of` for many children at once.

What a child's answers add up to is a sum of whole numbers, in units small enough for
every weight and value. Children with equal sums have one figure, made of them as
`figure_of` makes it.
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
    """The different figures of one scale, and the place of each child's among them."""

    figures: list[Figure]
    places: list[int]


def figure_columns(form: FormPlan, columns: Sequence[Column]) -> list[FigureColumn]:
    """The figures of every scale of a form."""
    # Positions of scales follow those of leaves (`ScalePlan`).
    by_position = list(columns)
    figures = []
    for scale in form.scales:
        is_rule = scale.kind == ScaleKind.RULE
        figure = (_by_rule if is_rule else _aggregated)(scale, by_position)
        figures.append(figure)
        cells = [
            Cell(UNKNOWN if one.raw is None else GIVEN, 0, one.raw)
            for one in figure.figures
        ]
        by_position.append(spread(cells, np.array(figure.places, np.intp)))
    return figures


def _each_once(keys: Sequence[Key], figure_of: Callable[[Key], Figure]) -> FigureColumn:
    """The figure of each child, made once for children with equal keys."""
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return FigureColumn(
        [figure_of(key) for key in places], [places[key] for key in keys]
    )


def _aggregated(scale: ScalePlan, columns: Sequence[Column]) -> FigureColumn:
    unit = _unit(scale, columns)
    # Integers of Python have no bound, and take their time.
    kind: type = np.int64 if _bound(scale, columns, unit) <= LARGEST else np.object_
    children = len(columns[0].states)
    sums: Wholes = np.zeros((5, children), kind)
    points, weight_known, weight_all, answered, expected = sums
    # Of equal weights sums are products, which spares most scales two sums.
    is_even = len({term.weight for term in scale.terms}) == 1
    for term in scale.terms:
        column = columns[term.position]
        has_value: Wholes = column.has_value.astype(kind)
        counts = (column.has_value | (column.states != NOT_ASKED)).astype(kind)
        own = _points(scale, column, term, unit, kind)
        if scale.kind == ScaleKind.MAX:
            is_higher = column.has_value & ((answered == 0) | (own > points))
            points = np.where(is_higher, own, points)
        else:
            points += own
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
    """How many parts of a value all values of a scale are whole numbers of."""
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE:
        return 1
    units = [columns[term.position].unit for term in scale.terms]
    mirrors = [term.mirror.denominator for term in scale.terms if term.mirror]
    return math.lcm(*units, *mirrors)


def _bound(scale: ScalePlan, columns: Sequence[Column], unit: int) -> int:
    """What no number on the way to a sum goes beyond.

    |weight · (mirror − value)| ≤ weight · (|mirror| + |value|): all of these together
    bound every part of the sum. The 1 beside them bounds the sums of weights.
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
        # The edges in the column's unit: a value is a whole number of them.
        if mirror is None:
            reached = column.values >= math.ceil(scale.threshold * column.unit)
        else:
            furthest = math.floor((mirror - scale.threshold) * column.unit)
            reached = column.values <= furthest
        return (reached & column.has_value).astype(kind) * weight
    # Of their kind before they are multiplied: the products are what might not fit.
    points: Wholes = column.values.astype(kind) * (weight * (unit // column.unit))
    if mirror is None:
        return points
    turned: Wholes = column.has_value.astype(kind) * int(weight * mirror * unit)
    return turned - points


def _by_rule(scale: ScalePlan, columns: Sequence[Column]) -> FigureColumn:
    children = len(columns[0].states)
    # The choice that decides; undecided are the children for whom every case so far is
    # false. An unknown case ends the search without a choice, as in `scales`.
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
        lambda key: figure_of_rule(scale, _chosen(scale, columns, *key[:3]), *key[3:]),
    )


def _chosen(
    scale: ScalePlan,
    columns: Sequence[Column],
    choice: int,
    value: int,
    has_value: bool,
) -> Exact | None:
    """The value of a choice, or of the answer that it names."""
    if choice < 0:
        return None
    _, fixed, position = scale.choices[choice]
    if position is None:
        return fixed
    return ratio(value, columns[position].unit) if has_value else None
