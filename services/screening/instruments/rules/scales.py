"""Computing the figure of a scale from the answers of one child."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from services.screening.instruments.rules.answers import GIVEN, NOT_ASKED, Cell
from services.screening.instruments.rules.conditions import Node, truth
from services.screening.instruments.rules.decimals import (
    Exact,
    divided,
    ratio,
    rounded,
    whole,
)
from services.screening.instruments.rules.definitions import Rounding, ScaleKind
from services.screening.instruments.rules.outcomes import Truth

_TOLERANCE = Fraction(1, 10**9)


class Term(NamedTuple):
    """An answer's part in a scale.

    `weight` is in units of the scale. The value of a reversed item is `mirror` minus
    the value of the answer; other items have no mirror. `units_by_bits` holds the units
    that each option adds, by its bit.
    """

    position: int
    weight: int
    mirror: Exact | None
    units_by_bits: Mapping[int, int]


class Choice(NamedTuple):
    """A case of a rule: when it holds, the figure is `value`, or that of the
    answer at `position`.
    """

    when: Node | None
    value: Exact | None
    position: int | None


class ScalePlan(NamedTuple):
    """A scale compiled for one form.

    Positions count the form's leaves first, then the scales before this one. A weight
    of 1 is `unit` units: enough to make every weight and the points of every option a
    whole number of units. `weight` is the sum over all terms. The last choice of a rule
    has no condition.
    """

    code: str
    kind: ScaleKind
    terms: tuple[Term, ...]
    weight: int
    unit: int
    threshold: Exact
    choices: tuple[Choice, ...]
    table: tuple[tuple[Exact, Exact], ...]
    min_answered: int | None
    min_share: Exact | None
    is_prorated: bool
    rounding: Rounding
    decimals: int


class Figure(NamedTuple):
    """The raw score of a scale, and how many answers it is computed from.

    With too few answers there is no raw score.
    """

    raw: Exact | None
    answered: int
    expected: int
    is_prorated: bool


class Sums(NamedTuple):
    """The sums of one child's answers in a scale.

    `points` is the sum of the answers (for a maximum, the highest of them) in parts;
    `parts` parts make one unit of the scale. The weights are in units.
    """

    points: int
    parts: int
    weight_known: int
    weight_all: int
    answered: int
    expected: int


def figure_of(scale: ScalePlan, cells: Sequence[Cell]) -> Figure:
    """The figure of a scale from the cells of its form.

    For a rule `answered` and `expected` count the answers that it uses.
    """
    return (_by_rule if scale.kind == ScaleKind.RULE else _by_sum)(scale, cells)


def _by_sum(scale: ScalePlan, cells: Sequence[Cell]) -> Figure:
    try:
        # A fast way: most forms are fully answered with one option each, so look-ups
        # are enough.
        points = [units[cells[position].bits] for position, _, _, units in scale.terms]
    except KeyError:
        return _by_partial_sum(scale, cells)
    return _figure_of_points(scale, points, scale.weight, scale.weight, len(points))


def _by_partial_sum(scale: ScalePlan, cells: Sequence[Cell]) -> Figure:
    points: list[Exact] = []
    weight_known = weight_all = expected = 0
    for term in scale.terms:
        state, bits, value = cells[term.position]
        if value is None:
            if state != NOT_ASKED:
                expected += 1
                weight_all += term.weight
            continue
        expected += 1
        weight_all += term.weight
        weight_known += term.weight
        units = term.units_by_bits.get(bits)
        points.append(units_of(scale, value, term) if units is None else units)
    return _figure_of_points(scale, points, weight_known, weight_all, expected)


def _figure_of_points(
    scale: ScalePlan,
    points: Sequence[Exact],
    weight_known: int,
    weight_all: int,
    expected: int,
) -> Figure:
    total = max(points, default=0) if scale.kind == ScaleKind.MAX else sum(points)
    fraction = (total.numerator, total.denominator)
    return figure_of_sums(
        scale, Sums(*fraction, weight_known, weight_all, len(points), expected)
    )


def figure_of_sums(scale: ScalePlan, sums: Sums) -> Figure:
    """The figure of a scale that is no rule, from the sums of a child's answers."""
    points, parts, weight_known, weight_all, answered, expected = sums
    # If nothing was asked, no answer is needed; but a sum of no answers is
    # still no score.
    if answered == 0 or answered < answers_needed(scale, expected):
        return Figure(None, answered, expected, False)
    is_prorated = scale.is_prorated and answered < expected
    if scale.kind == ScaleKind.MEAN:
        raw = ratio(points, parts * weight_known)
    elif is_prorated and scale.kind != ScaleKind.MAX:
        # Prorated: missing answers are assumed to be like the given ones.
        raw = ratio(points * weight_all, parts * weight_known * scale.unit)
    else:
        raw = ratio(points, parts * scale.unit)
    return Figure(_final(scale, raw), answered, expected, is_prorated)


def _final(scale: ScalePlan, raw: Exact) -> Exact | None:
    """A raw score rounded, then looked up in the scale's table if it has one."""
    figure = rounded(raw, scale.rounding, scale.decimals)
    return looked_up(scale.table, figure) if scale.kind == ScaleKind.LOOKUP else figure


def points_of(scale: ScalePlan, value: Exact, term: Term) -> Exact:
    """The points that one answer adds to the sum of its scale."""
    return divided(units_of(scale, value, term), scale.unit)


def units_of(scale: ScalePlan, value: Exact, term: Term) -> Exact:
    """The units that one answer adds to the sum of its scale."""
    directed_value = value if term.mirror is None else term.mirror - value
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE:
        return term.weight if directed_value >= scale.threshold else 0
    return whole(term.weight * directed_value)


def answers_needed(scale: ScalePlan, expected: int) -> int:
    """How many of the expected answers are needed.

    A fixed number, or a share of them rounded up, or all.
    """
    if scale.min_answered is not None:
        return min(scale.min_answered, expected)
    if scale.min_share is None:
        return expected
    # Two thirds may be written as 0.6666666667, and two of three are enough.
    return math.ceil(scale.min_share * expected - _TOLERANCE)


def looked_up(table: Sequence[tuple[Exact, Exact]], value: Exact) -> Exact | None:
    """The value of the last row that begins at or below `value`; None below the first row."""
    result = None
    for at_least, mapped in table:
        if value < at_least:
            break
        result = mapped
    return result


def _by_rule(scale: ScalePlan, cells: Sequence[Cell]) -> Figure:
    """The first case that holds decides.

    There is no figure when it is unknown whether an earlier case holds.
    """
    answered = sum(1 for term in scale.terms if cells[term.position].state == GIVEN)
    expected = sum(1 for term in scale.terms if cells[term.position].state != NOT_ASKED)
    raw: Exact | None = None
    for when, value, position in scale.choices:
        holds = Truth.TRUE if when is None else truth(when, cells)
        if holds == Truth.TRUE:
            raw = value if position is None else cells[position].value
        # A case that holds, or may hold, ends the search for the deciding case.
        if holds != Truth.FALSE:
            break
    return figure_of_rule(scale, raw, answered, expected)


def figure_of_rule(
    scale: ScalePlan, raw: Exact | None, answered: int, expected: int
) -> Figure:
    """The figure of a rule, from the value that was chosen."""
    if raw is not None:
        raw = rounded(raw, scale.rounding, scale.decimals)
    return Figure(raw, answered, expected, False)
