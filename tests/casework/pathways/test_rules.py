"""Steps of a pathway become days, and move with the start of the plan."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.cases.rules import Sector
from services.casework.pathways.rules import (
    EntryCriteria,
    Moved,
    PathwayState,
    PathwayStep,
    allowed_verbs,
    moved,
    schedule,
    step_errors,
    unmet,
)

START = date(2026, 3, 2)
STEPS = [
    PathwayStep("meeting", Sector.EDUCATION, 0),
    PathwayStep("examination", Sector.HEALTH, 14, "meeting"),
    PathwayStep("visit", Sector.SOCIAL_ASSISTANCE, 7),
    PathwayStep("review", Sector.EDUCATION, 30, "examination"),
]


def test_only_a_published_pathway_is_used_and_only_a_draft_amended() -> None:
    assert allowed_verbs(PathwayState.DRAFT) == ["amend", "publish"]
    assert allowed_verbs(PathwayState.PUBLISHED) == ["instantiate", "retire"]
    assert allowed_verbs(PathwayState.RETIRED) == []


def test_steps_follow_the_start_or_another_step() -> None:
    assert schedule(STEPS, START) == {
        "meeting": date(2026, 3, 2),
        "examination": date(2026, 3, 16),
        "visit": date(2026, 3, 9),
        "review": date(2026, 4, 15),
    }


def test_what_is_done_or_fixed_stays_and_what_follows_it_follows_its_day() -> None:
    done_on = {"meeting": date(2026, 3, 4), "visit": date(2026, 3, 5)}
    fixed_on = {"examination": date(2026, 4, 1), "meeting": date(2026, 1, 1)}
    assert schedule(STEPS, date(2026, 5, 1), done_on, fixed_on) == {
        "meeting": date(2026, 3, 4),
        "examination": date(2026, 4, 1),
        "visit": date(2026, 3, 5),
        "review": date(2026, 5, 1),
    }
    late = schedule(STEPS, START, {"meeting": date(2026, 3, 10)})
    assert late["examination"] == date(2026, 3, 24)
    assert late["visit"] == date(2026, 3, 9)


def test_those_are_told_whose_step_has_moved() -> None:
    later = schedule(STEPS, START + timedelta(days=1), {"meeting": START})
    assert moved(schedule(STEPS, START), later) == [Moved("visit", date(2026, 3, 9), date(2026, 3, 10))]


@pytest.mark.parametrize(
    ("steps", "errors"),
    [
        ([], []),
        ([("a", 0, None), ("a", 1, None)], [(1, "key", "duplicate")]),
        ([("a", -1, None)], [(0, "offset_days", "negative")]),
        ([("a", 0, "b")], [(0, "after", "unknown")]),
        ([("a", 0, "a")], [(0, "after", "circle")]),
        (
            [("a", 0, "b"), ("b", 0, "a"), ("c", 0, "a")],
            [(0, "after", "circle"), (1, "after", "circle")],
        ),
        ([("b", 1, "a"), ("a", 0, None)], []),
    ],
)
def test_steps_that_make_no_pathway_are_named_and_not_scheduled(
    steps: list[tuple[str, int, str | None]], errors: list[tuple[int, str, str]]
) -> None:
    made = [PathwayStep(key, Sector.HEALTH, offset, after) for key, offset, after in steps]
    assert step_errors(made) == errors
    if errors:
        with pytest.raises(ValueError, match="no pathway"):
            schedule(made, START)
    else:
        assert list(schedule(made, START)) == [step.key for step in made]


@st.composite
def pathways(draw: st.DrawFn) -> list[PathwayStep]:
    """Steps of which each follows the start or one that was drawn before, in any order."""
    steps: list[PathwayStep] = []
    for number in range(draw(st.integers(0, 8))):
        earlier = [None, *(step.key for step in steps)]
        after = draw(st.sampled_from(earlier))
        offset = draw(st.integers(0, 400))
        steps.append(PathwayStep(f"s{number}", Sector.HEALTH, offset, after))
    return draw(st.permutations(steps))


@given(pathways(), st.integers(-500, 500))
def test_all_open_steps_move_by_as_many_days_as_the_start(steps: list[PathwayStep], by: int) -> None:
    before = schedule(steps, START)
    after = schedule(steps, START + timedelta(days=by))
    assert all((after[key] - day).days == by for key, day in before.items())
    assert len(moved(before, after)) == (len(steps) if by else 0)


@given(pathways(), st.data())
def test_no_step_comes_before_the_one_it_follows_whatever_is_done_when(
    steps: list[PathwayStep], data: st.DataObject
) -> None:
    keys = [step.key for step in steps]
    days = st.dates(date(2025, 1, 1), date(2028, 1, 1))
    done_on = data.draw(st.dictionaries(st.sampled_from(keys or ["-"]), days))
    found = schedule(steps, START, done_on)
    for step in steps:
        since = START if step.after is None else found[step.after]
        expected = since + timedelta(days=step.offset_days)
        assert found[step.key] == done_on.get(step.key, expected)


@pytest.mark.parametrize(
    ("criteria", "age", "documents", "missing"),
    [
        (EntryCriteria(), 12, [], []),
        (EntryCriteria(), None, [], []),
        (EntryCriteria(from_months=6, to_months=36), 5, [], ["from_months"]),
        (EntryCriteria(from_months=6, to_months=36), 6, [], []),
        (EntryCriteria(from_months=6, to_months=36), 36, [], []),
        (EntryCriteria(from_months=6, to_months=36), 37, [], ["to_months"]),
        (EntryCriteria(from_months=0), None, [], ["from_months"]),
        (EntryCriteria(is_expected=True), None, [], []),
        (EntryCriteria(is_expected=True), 0, [], ["is_expected"]),
        (EntryCriteria(is_expected=False), None, [], ["is_expected"]),
        (EntryCriteria(documents=frozenset("ab")), 1, ["c"], ["documents"]),
        (EntryCriteria(documents=frozenset("ab")), 1, ["b", "c"], []),
    ],
)
def test_what_keeps_a_child_from_a_pathway_is_named(
    criteria: EntryCriteria, age: int | None, documents: list[str], missing: list[str]
) -> None:
    assert unmet(criteria, age, documents) == missing
