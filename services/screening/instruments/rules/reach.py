"""From where to where a scale can reach: no interval of a score says more than its scale can."""

import math
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
    """A result whose intervals end where its scales do."""
    reach = reach_of(form)
    return result._replace(
        scales=tuple(_limited(scale, reach[scale.code]) for scale in result.scales)
    )


def _limited(scale: ScaleResult, reach: Reach) -> ScaleResult:
    norms = scale.norms
    if norms is None or norms.low is None or norms.high is None or scale.raw is None:
        return scale
    low, high = (
        max(norms.low, min(reach.low, scale.raw)),
        min(norms.high, max(reach.high, scale.raw)),
    )
    return scale._replace(norms=norms._replace(low=low, high=high))


def reach_of(form: FormPlan) -> dict[str, Reach]:
    """The reach of every scale of a form, of complete answers: what was not asked may add nothing."""
    known = [
        _with_default(
            _ends(leaf), is_conditional=condition is not None, default=default
        )
        for leaf, (condition, default) in zip(form.leaves, form.asked_when, strict=True)
    ]
    for scale in form.scales:
        known.append(_reach(scale, known))
    return dict(
        zip(
            [scale.code for scale in form.scales],
            known[len(form.leaves) :],
            strict=True,
        )
    )


def _ends(leaf: Leaf) -> Reach:
    """The least and the greatest value of an answer."""
    values = [cell.value for cell in leaf.known.values() if cell.value is not None]
    if leaf.type == ItemType.MULTI_SELECT:
        return Reach(
            sum(min(value, 0.0) for value in values),
            sum(max(value, 0.0) for value in values),
        )
    low = -math.inf if leaf.minimum is None else leaf.minimum
    high = math.inf if leaf.maximum is None else leaf.maximum
    return Reach(min(values, default=low), max(values, default=high))


def _with_default(ends: Reach, *, is_conditional: bool, default: float | None) -> Reach:
    if not is_conditional:
        return ends
    value = 0.0 if default is None else default
    return Reach(min(ends.low, value), max(ends.high, value))


def _reach(scale: ScalePlan, known: list[Reach]) -> Reach:
    parts = [
        Reach(*sorted(points_of(scale, end, weight, mirror) for end in known[position]))
        for position, weight, mirror in scale.terms
    ]
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    match scale.kind:
        case ScaleKind.RULE:
            return _of_rule(scale, known)
        case ScaleKind.LOOKUP:
            values = [value for _, value in scale.table]
            return Reach(min(values), max(values))
        case ScaleKind.MAX:
            ends = Reach(max(lows, default=0.0), max(highs, default=0.0))
        case ScaleKind.MEAN:
            weights = [weight for _, weight, _ in scale.terms]
            ends = Reach(
                min(
                    (low / weight for low, weight in zip(lows, weights, strict=True)),
                    default=0.0,
                ),
                max(
                    (
                        high / weight
                        for high, weight in zip(highs, weights, strict=True)
                    ),
                    default=0.0,
                ),
            )
        case _:
            ends = Reach(sum(lows), sum(highs))
    return _rounded(scale, ends)


def _of_rule(scale: ScalePlan, known: list[Reach]) -> Reach:
    choices = [
        *((case.value, case.position) for case in scale.cases),
        (scale.otherwise, scale.otherwise_position),
    ]
    ends = [known[position] for _, position in choices if position is not None]
    ends += [
        Reach(value, value)
        for value, position in choices
        if position is None and value is not None
    ]
    return _rounded(
        scale,
        Reach(
            min((end.low for end in ends), default=0.0),
            max((end.high for end in ends), default=0.0),
        ),
    )


def _rounded(scale: ScalePlan, ends: Reach) -> Reach:
    return Reach(
        *(
            end if math.isinf(end) else rounded(end, scale.rounding, scale.decimals)
            for end in ends
        )
    )
