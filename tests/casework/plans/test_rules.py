"""How a plan is approved, how attainment is scored, and what differs between versions."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import chain
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.cases.rules import Subject
from services.casework.plans.rules import life, recommendations
from services.casework.plans.rules.differences import (
    ChangeKind,
    FieldChange,
    ItemChange,
    Items,
    Part,
    differences,
)
from services.casework.plans.rules.life import (
    Approval,
    ApproverRole,
    PlanState,
    PlanVerb,
    missing_to_approve,
    missing_to_propose,
)
from services.casework.plans.rules.recommendations import (
    REASONS,
    Effect,
    NotDoneReason,
    RecommendationState,
    RecommendationVerb,
    ending_error,
)
from services.casework.plans.rules.scaling import (
    Attainment,
    RatedGoal,
    change_of_score,
    t_score,
)

Version = Mapping[Part, Items]


def rated(attainments: list[int], weights: list[int] | None = None) -> list[RatedGoal]:
    pairs = zip(attainments, weights or [1] * len(attainments), strict=True)
    return [RatedGoal(Attainment(level), Decimal(weight)) for level, weight in pairs]


def test_a_version_is_drafted_proposed_approved_active_and_then_over() -> None:
    state = PlanState.DRAFT
    for verb, expected in (
        ("propose", "proposed"),
        ("return", "draft"),
        ("propose", "proposed"),
        ("approve", "approved"),
        ("activate", "active"),
        ("supersede", "superseded"),
    ):
        state = life.TRANSITIONS[state][PlanVerb(verb)]
        assert state == expected
    assert life.allowed_verbs(state) == []
    assert life.allowed_verbs(PlanState.ACTIVE) == ["supersede", "complete"]


def test_only_a_draft_is_amended() -> None:
    amendable = [each for each in PlanState if "amend" in life.allowed_verbs(each)]
    assert amendable == ["draft"]


@pytest.mark.parametrize(
    ("subjects", "number", "missing"),
    [
        ([], 0, ["goal", "family_goal", "recommendation"]),
        (["child"], 1, ["family_goal"]),
        (["child", "environment", "pupil"], 3, ["family_goal"]),
        (["family"], 0, ["recommendation"]),
        (["family", "child"], 1, []),
    ],
)
def test_a_plan_has_a_goal_for_the_family_and_recommends_something(
    subjects: list[str], number: int, missing: list[str]
) -> None:
    assert missing_to_propose([Subject(each) for each in subjects], number) == missing


@pytest.mark.parametrize(
    ("approvals", "missing"),
    [
        ([], ["guardian_approval", "team_approval"]),
        ([("guardian", "mother")], ["team_approval"]),
        ([("team_member", "therapist")], ["guardian_approval"]),
        ([("team_member", "therapist"), ("guardian", "mother")], []),
        ([("team_member", "author"), ("guardian", "mother")], ["team_approval"]),
        ([("team_member", "author"), ("guardian", "author")], ["team_approval"]),
        ([("team_member", "therapist"), ("guardian", "author")], []),
    ],
)
def test_guardian_and_team_approve_and_never_the_author_alone(
    approvals: list[tuple[str, str]], missing: list[str]
) -> None:
    approved = [Approval(ApproverRole(role), by) for role, by in approvals]
    assert missing_to_approve(approved, "author") == missing


PEOPLE = st.sampled_from(["author", "mother", "therapist"])


@given(st.sets(st.builds(Approval, st.sampled_from(ApproverRole), PEOPLE)))
def test_whatever_is_approved_somebody_else_than_the_author_has_approved(
    approvals: set[Approval],
) -> None:
    if not missing_to_approve(approvals, "author"):
        assert {each.by for each in approvals} != {"author"}
        assert {each.role for each in approvals} == set(ApproverRole)


def test_a_recommendation_is_accepted_started_and_done() -> None:
    state = RecommendationState.PROPOSED
    for verb in ("accept", "start", "complete"):
        state = recommendations.TRANSITIONS[state][RecommendationVerb(verb)]
    assert state is RecommendationState.DONE
    assert recommendations.allowed_verbs(state) == ["tell-effect"]


def test_any_open_recommendation_is_given_up_and_none_that_is_done() -> None:
    open_states = ["proposed", "accepted", "in_progress"]
    given_up = [
        state
        for state, verbs in recommendations.TRANSITIONS.items()
        if verbs.get(RecommendationVerb.GIVE_UP) is RecommendationState.NOT_DONE
    ]
    assert given_up == open_states


def test_reasons_are_said_in_both_languages() -> None:
    assert REASONS.keys() == set(NotDoneReason)
    assert len({*chain(*REASONS.values())}) == 2 * len(NotDoneReason)


@pytest.mark.parametrize(
    ("verb", "reason", "effect", "error"),
    [
        ("give-up", None, None, ("reason", "missing")),
        ("give-up", "no_funding", None, None),
        ("give-up", "no_funding", "full", ("effect", "not_allowed")),
        ("complete", None, "partial", None),
        ("complete", None, None, None),
        ("complete", "no_funding", None, ("reason", "not_allowed")),
        ("start", None, "full", ("effect", "not_allowed")),
        ("give-up", None, "full", ("reason", "missing")),
    ],
)
def test_what_was_not_done_has_a_reason_and_what_was_done_an_effect(
    verb: str, reason: str | None, effect: str | None, error: tuple[str, str] | None
) -> None:
    why = None if reason is None else NotDoneReason(reason)
    brought = None if effect is None else Effect(effect)
    assert ending_error(RecommendationVerb(verb), why, brought) == error


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


def test_a_difference_names_what_came_what_went_and_what_became_different() -> None:
    before: Version = {
        Part.GOALS: {
            "speech": {"text": "uses two words", "due": 6},
            "sleep": {"text": "sleeps through"},
        }
    }
    after: Version = {
        Part.GOALS: {
            "respite": {"text": "a free evening"},
            "speech": {"text": "uses three words", "due": 6},
        },
        Part.STEPS: {"visit": {"on": 3}},
    }
    assert differences(before, after) == [
        ItemChange(
            Part.GOALS,
            "respite",
            ChangeKind.ADDED,
            (FieldChange("text", None, "a free evening"),),
        ),
        ItemChange(
            Part.GOALS,
            "speech",
            ChangeKind.CHANGED,
            (FieldChange("text", "uses two words", "uses three words"),),
        ),
        ItemChange(
            Part.GOALS,
            "sleep",
            ChangeKind.REMOVED,
            (FieldChange("text", "sleeps through", None),),
        ),
        ItemChange(Part.STEPS, "visit", ChangeKind.ADDED, (FieldChange("on", None, 3),)),
    ]


NAMES = st.sampled_from("abc")
VERSIONS = st.dictionaries(
    st.sampled_from(Part),
    st.dictionaries(NAMES, st.dictionaries(NAMES, st.integers(0, 2), min_size=1)),
)


def changed(version: Version, changes: list[ItemChange]) -> object:
    """A version with changes carried out, without empty parts."""
    found = {part: {key: dict(fields) for key, fields in items.items()} for part, items in version.items()}
    for change in changes:
        items = found.setdefault(change.part, {})
        fields = items.setdefault(change.key, {})
        for field, before, after in change.fields:
            assert fields.pop(field, None) == before
            fields |= {} if after is None else {field: after}
        if change.kind is ChangeKind.REMOVED:
            assert items.pop(change.key) == {}
    return {part: items for part, items in found.items() if items}


@given(VERSIONS, VERSIONS)
def test_carrying_out_the_differences_makes_the_later_version(before: Version, after: Version) -> None:
    made = changed(before, differences(before, after))
    assert made == {part: items for part, items in after.items() if items}
    assert differences(after, after) == []
