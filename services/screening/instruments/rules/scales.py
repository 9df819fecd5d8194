"""How a scale makes one figure of the answers of one child."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from services.screening.instruments.rules.answers import GIVEN, NOT_ASKED, Cell
from services.screening.instruments.rules.conditions import Node, truth
from services.screening.instruments.rules.definitions import Rounding, ScaleKind
from services.screening.instruments.rules.outcomes import Truth


class Term(NamedTuple):
    """An answer's part in a scale. `mirror` minus the value is the value of a reversed item."""

    position: int
    weight: float
    mirror: float | None


class Choice(NamedTuple):
    """A case of a rule: a value, or the value of the answer at a position."""

    when: Node
    value: float | None
    position: int | None


class ScalePlan(NamedTuple):
    """A scale, compiled for one form. Positions at or beyond the number of leaves are those of scales before it."""

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
    """What a scale came to: its raw value (None when it cannot be said) and of how many answers it was made."""

    raw: float | None
    answered: int
    expected: int
    is_prorated: bool


def figure_of(scale: ScalePlan, cells: Sequence[Cell]) -> Figure:
    """The figure of a scale; of a rule, answered and expected count the answers it looks at."""
    if scale.kind == ScaleKind.RULE:
        return _by_rule(scale, cells)
    total, weight_known, weight_all = 0.0, 0.0, 0.0
    answered = expected = 0
    highest = -math.inf
    is_counting, threshold = scale.kind == ScaleKind.COUNT_AT_OR_ABOVE, scale.threshold
    for position, weight, mirror in scale.terms:
        state, _, value = cells[position]
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
    if answered == 0 or answered < answers_needed(scale, expected):
        return Figure(None, answered, expected, False)
    prorated = scale.is_prorated and answered < expected
    raw = highest if scale.kind == ScaleKind.MAX else total
    if scale.kind == ScaleKind.MEAN:
        raw = total / weight_known
    elif prorated and scale.kind != ScaleKind.MAX:
        raw = total * weight_all / weight_known
    raw = rounded(raw, scale.rounding, scale.decimals)
    return Figure(
        looked_up(scale.table, raw) if scale.kind == ScaleKind.LOOKUP else raw,
        answered,
        expected,
        prorated,
    )


def points_of(
    scale: ScalePlan, value: float, weight: float, mirror: float | None
) -> float:
    """What one answer adds."""
    facing = value if mirror is None else mirror - value
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE:
        return weight if facing >= scale.threshold else 0.0
    return weight * facing


def answers_needed(scale: ScalePlan, expected: int) -> int:
    """How many of the answers expected must be there."""
    if scale.min_answered is not None:
        return min(scale.min_answered, expected)
    return (
        expected
        if scale.min_share is None
        else math.ceil(scale.min_share * expected - 1e-9)
    )


def rounded(value: float, rounding: Rounding, decimals: int) -> float:
    """A figure rounded as its scale says."""
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
    found = None
    for at_least, mapped in table:
        if value < at_least:
            break
        found = mapped
    return found


def _by_rule(scale: ScalePlan, cells: Sequence[Cell]) -> Figure:
    """The first case that holds decides; one that may hold or not leaves the scale without a figure."""
    answered = sum(1 for term in scale.terms if cells[term.position].state == GIVEN)
    expected = sum(1 for term in scale.terms if cells[term.position].state != NOT_ASKED)
    raw, position = scale.otherwise, scale.otherwise_position
    for case in scale.cases:
        holds = truth(case.when, cells)
        if holds == Truth.UNKNOWN:
            return Figure(None, answered, expected, False)
        if holds == Truth.TRUE:
            raw, position = case.value, case.position
            break
    raw = raw if position is None else cells[position].value
    return Figure(
        raw if raw is None else rounded(raw, scale.rounding, scale.decimals),
        answered,
        expected,
        False,
    )
