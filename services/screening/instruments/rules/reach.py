"""The lowest and the highest score of a scale, where a confidence interval has to end."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from services.screening.instruments.rules.answers import Leaf
from services.screening.instruments.rules.definitions import ScaleKind
from services.screening.instruments.rules.items import ItemType
from services.screening.instruments.rules.plans import FormPlan
from services.screening.instruments.rules.scales import ScalePlan, points_of, rounded
from services.screening.instruments.rules.scoring import Result, ScaleResult


class Reach(NamedTuple):
    """The lowest and the highest figure; infinite where nothing limits it."""

    low: float
    high: float


def within_reach(form: FormPlan, result: Result) -> Result:
    """A result whose confidence intervals end where its scales do."""
    reach = reach_of(form)
    return result._replace(
        scales=tuple(_limited(scale, reach[scale.code]) for scale in result.scales)
    )


def _limited(scale: ScaleResult, reach: Reach) -> ScaleResult:
    norms = scale.norms
    if norms is None or norms.low is None or norms.high is None or scale.raw is None:
        return scale
    # A prorated score may lie beyond its scale; its interval contains it all the same.
    low = max(norms.low, min(reach.low, scale.raw))
    high = min(norms.high, max(reach.high, scale.raw))
    return scale._replace(norms=norms._replace(low=low, high=high))


def reach_of(form: FormPlan) -> dict[str, Reach]:
    """The reach of every scale of a form by code, with everything answered."""
    # Positions of scales follow those of leaves (`ScalePlan`).
    by_position = [
        _reach_of_leaf(leaf)
        if condition is None
        else _with_default(_reach_of_leaf(leaf), default)
        for leaf, (condition, default) in zip(form.leaves, form.asked_when, strict=True)
    ]
    for scale in form.scales:
        by_position.append(_reach_of_scale(scale, by_position))
    codes = [scale.code for scale in form.scales]
    return dict(zip(codes, by_position[len(form.leaves) :], strict=True))


def _reach_of_leaf(leaf: Leaf) -> Reach:
    """The lowest and the highest value of an answer."""
    values = [cell.value for cell in leaf.known.values() if cell.value is not None]
    if leaf.type == ItemType.MULTI_SELECT:
        # The value is the sum of those chosen: at the lowest all negative ones, at the
        # highest all positive ones.
        return Reach(
            sum(min(value, 0.0) for value in values),
            sum(max(value, 0.0) for value in values),
        )
    low = -math.inf if leaf.minimum is None else leaf.minimum
    high = math.inf if leaf.maximum is None else leaf.maximum
    return Reach(min(values, default=low), max(values, default=high))


def _with_default(reach: Reach, default: float | None) -> Reach:
    """The reach of an answer that has this value when it is not asked.

    Without a value it adds nothing.
    """
    value = 0.0 if default is None else default
    return Reach(min(reach.low, value), max(reach.high, value))


def _reach_of_scale(scale: ScalePlan, by_position: Sequence[Reach]) -> Reach:
    """The reach of a scale from that of its answers and of the scales before it."""
    if scale.kind == ScaleKind.LOOKUP:
        # Whatever is looked up, nothing but a value of the table comes out.
        values = [value for _, value in scale.table]
        return Reach(min(values), max(values))
    if scale.kind == ScaleKind.RULE:
        return _rounded(scale, _reach_of_rule(scale, by_position))
    parts = [
        # Sorted, because a reversed item turns its ends round.
        Reach(
            *sorted(
                points_of(scale, end, weight, mirror) for end in by_position[position]
            )
        )
        for position, weight, mirror in scale.terms
    ]
    return _rounded(scale, _combined(scale, parts))


def _combined(scale: ScalePlan, parts: Sequence[Reach]) -> Reach:
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    if scale.kind == ScaleKind.MAX:
        return Reach(max(lows, default=0.0), max(highs, default=0.0))
    if scale.kind == ScaleKind.MEAN:
        # A weighted mean reaches as far as a single answer, for others may be missing.
        weights = [term.weight for term in scale.terms]
        least = [low / weight for low, weight in zip(lows, weights, strict=True)]
        most = [high / weight for high, weight in zip(highs, weights, strict=True)]
        return Reach(min(least, default=0.0), max(most, default=0.0))
    return Reach(sum(lows), sum(highs))


def _reach_of_rule(scale: ScalePlan, by_position: Sequence[Reach]) -> Reach:
    choices = [
        *((case.value, case.position) for case in scale.cases),
        (scale.otherwise, scale.otherwise_position),
    ]
    ends = [by_position[position] for _, position in choices if position is not None]
    ends += [
        Reach(value, value)
        for value, position in choices
        if position is None and value is not None
    ]
    low = min((end.low for end in ends), default=0.0)
    return Reach(low, max((end.high for end in ends), default=0.0))


def _rounded(scale: ScalePlan, reach: Reach) -> Reach:
    return Reach(
        *(
            end if math.isinf(end) else rounded(end, scale.rounding, scale.decimals)
            for end in reach
        )
    )
