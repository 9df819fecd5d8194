"""Goal attainment scaling: five levels of a goal, and one score over all goals. Pure.

T. J. Kiresuk, R. E. Sherman, Goal attainment scaling: a general method for evaluating
comprehensive community mental health programs, Community Mental Health Journal 4
(1968), 443-453. For the squared weights: the erratum to L. Turner-Stokes, Clinical
Rehabilitation 23 (2009), 362-370.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import IntEnum
from typing import NamedTuple

CORRELATION = Decimal("0.3")
"""The correlation of goals that Kiresuk and Sherman assume."""


class Attainment(IntEnum):
    """The attainment of a goal, compared with what was expected when it was set."""

    MUCH_LESS = -2
    LESS = -1
    AS_EXPECTED = 0
    MORE = 1
    MUCH_MORE = 2


class RatedGoal(NamedTuple):
    """A goal's attainment and its weight among the goals, more than 0."""

    attainment: Attainment
    weight: Decimal = Decimal(1)


def t_score(goals: Sequence[RatedGoal], correlation: Decimal = CORRELATION) -> Decimal:
    """The T-score of rated goals to two decimal places, rounded half up: mean 50,
    deviation 10.

    T = 50 + 10 Σwx / √((1 - r) Σw² + r (Σw)²) with the attainments x, the weights w and
    the correlation r. Raises ValueError without goals, for a weight that is not above
    0, and for a correlation outside 0 to 1.
    """
    if not goals or any(goal.weight <= 0 for goal in goals):
        raise ValueError("a T-score needs goals, each with a weight above 0")
    if not 0 <= correlation <= 1:
        raise ValueError("a correlation of goals lies between 0 and 1")
    # Fifty digits are enough to round correctly:
    # in a tie the root is rational, and so exact.
    with localcontext(prec=50):
        weights = [goal.weight for goal in goals]
        attained = sum(goal.weight * goal.attainment for goal in goals)
        # The two parts of the variance: the goals' own, and their common part.
        own = (1 - correlation) * sum(weight * weight for weight in weights)
        common = correlation * sum(weights, Decimal()) ** 2
        score = 50 + 10 * attained / (own + common).sqrt()
        return score.quantize(Decimal("0.01"), ROUND_HALF_UP)


def change_of_score(
    before: Sequence[RatedGoal],
    after: Sequence[RatedGoal],
    correlation: Decimal = CORRELATION,
) -> Decimal:
    """The increase of the T-score of the same goals between two ratings.

    Raises ValueError where the goals or their weights differ, because such scores are
    not comparable.
    """
    if [goal.weight for goal in before] != [goal.weight for goal in after]:
        raise ValueError("two ratings are of the same goals with the same weights")
    return t_score(after, correlation) - t_score(before, correlation)
