"""How a plan is approved, how attainment is scored, and what differs between versions."""

from collections.abc import Mapping
from itertools import chain

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

Version = Mapping[Part, Items]


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
