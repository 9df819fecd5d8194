"""The lowest and the highest score of a scale, which limit a confidence interval."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from services.screening.instruments.rules.answers import Leaf
from services.screening.instruments.rules.decimals import (
    Exact,
    divided,
    rounded,
)
from services.screening.instruments.rules.definitions import ScaleKind
from services.screening.instruments.rules.plans import FormPlan
from services.screening.instruments.rules.scales import ScalePlan, Term, points_of
from services.screening.instruments.rules.scoring import Result, ScaleResult


class Reach(NamedTuple):
    """The lowest and the highest figure; infinite without a limit."""

    low: float
    high: float


End = Exact | float
"""An end of a range: a float only where it is infinite."""
Ends = tuple[End, End]


def within_reach(form: FormPlan, result: Result) -> Result:
    """The result with its confidence intervals cut at the ends of the scales."""
    reach = reach_of(form)
    return result._replace(
        scales=tuple(
            _with_limited_interval(scale, reach[scale.code]) for scale in result.scales
        )
    )


def _with_limited_interval(scale: ScaleResult, reach: Reach) -> ScaleResult:
    norms = scale.norms
    if norms is None or norms.low is None or norms.high is None or scale.raw is None:
        return scale
    # A prorated score may lie beyond its scale, and its interval must still contain it.
    low = max(norms.low, min(reach.low, scale.raw))
    high = min(norms.high, max(reach.high, scale.raw))
    return scale._replace(norms=norms._replace(low=low, high=high))


def reach_of(form: FormPlan) -> dict[str, Reach]:
    """The reach of every scale of a form by code, when all items are answered."""
    # Positions of scales follow those of leaves (`ScalePlan`).
    by_position = [
        _ends_of_leaf(leaf)
        if condition is None
        else _with_default(_ends_of_leaf(leaf), default)
        for leaf, (condition, default) in zip(form.leaves, form.asked_when, strict=True)
    ]
    for scale in form.scales:
        by_position.append(_ends_of_scale(scale, by_position))
    codes = [scale.code for scale in form.scales]
    return {
        code: Reach(*map(float, ends))
        for code, ends in zip(codes, by_position[len(form.leaves) :], strict=True)
    }


def _ends_of_leaf(leaf: Leaf) -> Ends:
    """The lowest and the highest value of an answer."""
    low, high = leaf.ends
    return (-math.inf if low is None else low), (math.inf if high is None else high)


def _with_default(ends: Ends, default: Exact | None) -> Ends:
    """The ends of an answer that has the default value when it is not asked.

    Without a default it adds 0.
    """
    value = default or 0
    return min(ends[0], value), max(ends[1], value)


def _ends_of_scale(scale: ScalePlan, by_position: Sequence[Ends]) -> Ends:
    """The ends of a scale, from the ends of its answers and of the scales before it."""
    if scale.kind == ScaleKind.LOOKUP:
        # The result of a look-up is always a value of the table.
        values = [value for _, value in scale.table]
        return min(values), max(values)
    if scale.kind == ScaleKind.RULE:
        return _rounded(scale, _ends_of_rule(scale, by_position))
    parts = []
    for term in scale.terms:
        first, second = (
            _points_at(scale, end, term) for end in by_position[term.position]
        )
        # For a reversed item the ends change places.
        parts.append((min(first, second), max(first, second)))
    return _rounded(scale, _combined(scale, parts))


def _points_at(scale: ScalePlan, end: End, term: Term) -> End:
    """The points of an answer at an end of its item's range."""
    if not isinstance(end, float):
        return points_of(scale, end, term)
    # Infinity has no exact value; weights are positive, so only a mirror
    # changes its sign.
    infinity = end if term.mirror is None else -end
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE:
        return divided(term.weight, scale.unit) if infinity > 0 else 0
    return infinity


def _combined(scale: ScalePlan, parts: Sequence[Ends]) -> Ends:
    lows, highs = [low for low, _ in parts], [high for _, high in parts]
    if scale.kind == ScaleKind.MAX:
        return max(lows, default=0), max(highs, default=0)
    if scale.kind == ScaleKind.MEAN:
        # A weighted mean can reach the ends of a single answer, because the others may
        # be missing.
        weights = [divided(term.weight, scale.unit) for term in scale.terms]
        least = [_over(low, weight) for low, weight in zip(lows, weights, strict=True)]
        most = [
            _over(high, weight) for high, weight in zip(highs, weights, strict=True)
        ]
        return min(least, default=0), max(most, default=0)
    return sum(lows), sum(highs)


def _over(end: End, weight: Exact) -> End:
    return end if isinstance(end, float) else divided(end, weight)


def _ends_of_rule(scale: ScalePlan, by_position: Sequence[Ends]) -> Ends:
    ends: list[Ends] = []
    for _, value, position in scale.choices:
        if position is not None:
            ends.append(by_position[position])
        elif value is not None:
            ends.append((value, value))
    low = min((low for low, _ in ends), default=0)
    return low, max((high for _, high in ends), default=0)


def _rounded(scale: ScalePlan, ends: Ends) -> Ends:
    low, high = (
        end if isinstance(end, float) else rounded(end, scale.rounding, scale.decimals)
        for end in ends
    )
    return low, high
