"""How a scale makes one figure of one child's answers."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from services.screening.instruments.rules.answers import GIVEN, NOT_ASKED, Cell
from services.screening.instruments.rules.conditions import Node, truth
from services.screening.instruments.rules.definitions import Rounding, ScaleKind
from services.screening.instruments.rules.outcomes import Truth


class Term(NamedTuple):
    """An answer's part in a scale.

    The value of a reversed item is `mirror` minus the answer's; other items have no
    mirror.
    """

    position: int
    weight: float
    mirror: float | None


class Choice(NamedTuple):
    """A case of a rule: when it holds, the figure is a value or that of an answer."""

    when: Node
    value: float | None
    position: int | None


class ScalePlan(NamedTuple):
    """A scale, compiled for one form.

    Positions count the form's leaves first, then the scales before this one.
    """

    code: str
    kind: ScaleKind
    terms: tuple[Term, ...]
    threshold: float
    cases: tuple[Choice, ...]
    otherwise: float | None
    otherwise_position: int | None
    table: tuple[tuple[float, float], ...]
    min_answered: int | None
    min_share: float | None
    is_prorated: bool
    rounding: Rounding
    decimals: int


class Figure(NamedTuple):
    """The raw score of a scale, and how many answers it is made of.

    With too few answers there is no raw score.
    """

    raw: float | None
    answered: int
    expected: int
    is_prorated: bool


def figure_of(scale: ScalePlan, cells: Sequence[Cell]) -> Figure:
    """The figure of a scale from the cells of its form.

    `answered` and `expected` of a rule count the answers that it looks at.
    """
    return (_by_rule if scale.kind == ScaleKind.RULE else _aggregated)(scale, cells)


def _aggregated(scale: ScalePlan, cells: Sequence[Cell]) -> Figure:
    total, weight_known, weight_all = 0.0, 0.0, 0.0
    answered = expected = 0
    highest = -math.inf
    is_counting, threshold = scale.kind == ScaleKind.COUNT_AT_OR_ABOVE, scale.threshold
    # `points_of` written out: a call for each answer would cost more than its sum.
    for position, weight, mirror in scale.terms:
        state, _bits, value = cells[position]
        if value is None:
            if state != NOT_ASKED:
                expected += 1
                weight_all += weight
            continue
        facing = value if mirror is None else mirror - value
        points = (
            (weight if facing >= threshold else 0.0) if is_counting else weight * facing
        )
        expected += 1
        answered += 1
        weight_all += weight
        weight_known += weight
        total += points
        highest = max(highest, points)
    # Where nothing was asked nothing is needed; a sum of no answers is no score all the
    # same.
    if answered == 0 or answered < answers_needed(scale, expected):
        return Figure(None, answered, expected, False)
    is_prorated = scale.is_prorated and answered < expected
    if scale.kind == ScaleKind.MAX:
        raw = highest
    elif scale.kind == ScaleKind.MEAN:
        raw = total / weight_known
    else:
        # Prorated: what is missing is taken to be like what was answered.
        raw = total * weight_all / weight_known if is_prorated else total
    return Figure(_final(scale, raw), answered, expected, is_prorated)


def _final(scale: ScalePlan, raw: float) -> float | None:
    """A raw score rounded, then looked up in the scale's table if it has one."""
    figure = rounded(raw, scale.rounding, scale.decimals)
    return looked_up(scale.table, figure) if scale.kind == ScaleKind.LOOKUP else figure


def points_of(
    scale: ScalePlan, value: float, weight: float, mirror: float | None
) -> float:
    """What one answer adds to the sum of its scale."""
    facing = value if mirror is None else mirror - value
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE:
        return weight if facing >= scale.threshold else 0.0
    return weight * facing


def answers_needed(scale: ScalePlan, expected: int) -> int:
    """How many of the expected answers must be there.

    A number, or a share of them rounded up, or all.
    """
    if scale.min_answered is not None:
        return min(scale.min_answered, expected)
    if scale.min_share is None:
        return expected
    # 0.07 · 100 is a little more than 7 as a float, and 7 of 100 are enough.
    return math.ceil(scale.min_share * expected - 1e-9)


def rounded(value: float, rounding: Rounding, decimals: int) -> float:
    """A figure rounded to the decimals of its scale."""
    if rounding == Rounding.NONE:
        return value
    step = 10.0**decimals
    shifted = value * step
    match rounding:
        case Rounding.HALF_UP:
            return math.floor(shifted + 0.5) / step
        case Rounding.HALF_EVEN:
            return round(shifted) / step
        case Rounding.UP:
            return math.ceil(shifted) / step
        case _:
            return math.floor(shifted) / step


def looked_up(table: Sequence[tuple[float, float]], value: float) -> float | None:
    """The value of the last row that begins at or below this one; None below the first."""
    result = None
    for at_least, mapped in table:
        if value < at_least:
            break
        result = mapped
    return result


def _by_rule(scale: ScalePlan, cells: Sequence[Cell]) -> Figure:
    """The first case that holds decides.

    There is no figure where it is unknown whether an earlier case holds.
    """
    answered = sum(1 for term in scale.terms if cells[term.position].state == GIVEN)
    expected = sum(1 for term in scale.terms if cells[term.position].state != NOT_ASKED)
    raw, position = scale.otherwise, scale.otherwise_position
    for case in scale.cases:
        holds = truth(case.when, cells)
        # An earlier case that may hold would have decided: the ones after it do not
        # count.
        if holds == Truth.UNKNOWN:
            return Figure(None, answered, expected, False)
        if holds == Truth.TRUE:
            raw, position = case.value, case.position
            break
    figure = raw if position is None else cells[position].value
    if figure is not None:
        figure = rounded(figure, scale.rounding, scale.decimals)
    return Figure(figure, answered, expected, False)
