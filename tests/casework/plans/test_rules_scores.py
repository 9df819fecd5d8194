"""What attained goals come to: the published formula of goal attainment scaling."""

from decimal import Decimal
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.plans.rules.scaling import (
    Attainment,
    RatedGoal,
    change_of_score,
    t_score,
)


def rated(attainments: list[int], weights: list[int] | None = None) -> list[RatedGoal]:
    pairs = zip(attainments, weights or [1] * len(attainments), strict=True)
    return [RatedGoal(Attainment(level), Decimal(weight)) for level, weight in pairs]


@pytest.mark.parametrize(
    ("attainments", "weights", "score"),
    [
        # The example of the R package gasr, whose radicand is 196.
        ([-2, 0, -1, 2, 0, 1], [3, 5, 1, 4, 2, 6], "55.00"),
        # Equal weights: 50 + 10 Σx / √(0.7n + 0.3n²), Kiresuk and Sherman.
        ([0], None, "50.00"),
        ([1], None, "60.00"),
        ([-2], [7], "30.00"),
        ([1, 1], None, "62.40"),
        ([1, 0, 0], None, "54.56"),
        ([1, 1, 0], None, "59.13"),
        ([1, 1, 1], None, "63.69"),
        ([-1, -1, -1], None, "36.31"),
        ([2, 2, 2, 2], None, "79.02"),
        # By hand: 10·(3·2 - 1·1) / √(0.7·10 + 0.3·16) = 50 / √11.8; 80 / √87.4.
        ([1, -2], [2, 1], "50.00"),
        ([2, -1], [3, 1], "64.56"),
        ([1, -1], [9, 1], "58.56"),
    ],
)
def test_scores_of_goals_are_those_of_the_published_formula(
    attainments: list[int], weights: list[int] | None, score: str
) -> None:
    assert t_score(rated(attainments, weights)) == Decimal(score)


GOALS = st.lists(st.tuples(st.sampled_from(Attainment), st.integers(1, 16)), min_size=1, max_size=12).map(
    lambda pairs: [RatedGoal(level, Decimal(weight)) for level, weight in pairs]
)


@given(GOALS)
def test_a_score_agrees_with_the_formula_in_binary_numbers(
    goals: list[RatedGoal],
) -> None:
    weights = [int(goal.weight) for goal in goals]
    radicand = 0.7 * sum(each**2 for each in weights) + 0.3 * sum(weights) ** 2
    attained = sum(int(goal.weight) * goal.attainment for goal in goals)
    assert abs(float(t_score(goals)) - (50 + 10 * attained / sqrt(radicand))) < 0.00501


@given(GOALS, st.integers(1, 1000))
def test_only_the_proportion_of_weights_counts(goals: list[RatedGoal], factor: int) -> None:
    heavier = [RatedGoal(goal.attainment, goal.weight * factor) for goal in goals]
    assert t_score(heavier) == t_score(goals)


@given(GOALS)
def test_opposite_attainments_lie_as_far_below_50_as_those_above(
    goals: list[RatedGoal],
) -> None:
    opposite = [RatedGoal(Attainment(-goal[0]), goal[1]) for goal in goals]
    assert abs(t_score(goals) + t_score(opposite) - 100) <= Decimal("0.01")


@given(GOALS, st.data())
def test_a_goal_that_is_attained_better_never_lowers_the_score(goals: list[RatedGoal], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(goals) - 1))
    better = min(goals[place].attainment + 1, 2)
    raised = list(goals)
    raised[place] = goals[place]._replace(attainment=Attainment(better))
    assert change_of_score(goals, raised) >= 0


def test_goals_that_are_independent_or_one_have_their_own_score() -> None:
    assert t_score(rated([1, 1, 1, 1]), Decimal(0)) == Decimal("70.00")
    assert t_score(rated([1, 1, 1, 1]), Decimal(1)) == Decimal("60.00")


@pytest.mark.parametrize("weights", [[0], [-1], [1, 0]])
def test_a_weight_that_is_not_above_0_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weight above 0"):
        t_score(rated([1] * len(weights), weights))


def test_no_goals_and_an_impossible_correlation_are_refused() -> None:
    with pytest.raises(ValueError, match="needs goals"):
        t_score([])
    with pytest.raises(ValueError, match="between 0 and 1"):
        t_score(rated([1]), Decimal("1.1"))


def test_a_change_is_of_the_same_goals() -> None:
    before, after = rated([-1, -1], [1, 2]), rated([0, 1], [1, 2])
    assert change_of_score(before, after) == t_score(after) - t_score(before)
    with pytest.raises(ValueError, match="same goals"):
        change_of_score(before, rated([0, 1], [2, 1]))
