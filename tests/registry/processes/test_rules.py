"""In what order the steps of a process come."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.processes.rules import (
    Hindrance,
    Step,
    StepOutcome,
    Taken,
    contradictions,
    find_step,
    has_ended,
    hindrance,
    last_done,
    last_taken,
    left_behind,
    next_steps,
    outcomes_of,
)
from services.registry.processes.schemas import StepRecord

LINE = [Step("a", 1), Step("b", 2), Step("c", 3, is_ending=True)]
FORK = [
    Step("diagnosis", 1),
    Step("scope", 2),
    Step("testing", 3),
    Step("abandoned", 4, is_ending=True, comes_any_time=True),
    Step("extended", 4, is_ending=True),
]
DAY = date(2026, 3, 2)


def done(*codes: str) -> list[Taken]:
    return [Taken(code, "done", DAY) for code in codes]


def record(code: str, outcome: StepOutcome = StepOutcome.DONE, *, days: int = 0, **facts: Any) -> StepRecord:
    return StepRecord(step=code, outcome=outcome, done_on=DAY + timedelta(days=days), **facts)


def step(steps: list[Step], code: str) -> Step:
    found = find_step(steps, code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("taken", "asked", "expected"),
    [
        ("", "a", None),
        ("", "b", Hindrance("out_of_order", ["a"])),
        ("", "c", Hindrance("out_of_order", ["a", "b"])),
        ("a", "c", Hindrance("out_of_order", ["b"])),
        ("a", "a", Hindrance("already_recorded")),
        ("ab", "c", None),
        ("abc", "c", Hindrance("already_recorded")),
    ],
)
def test_steps_come_in_order_and_what_is_missing_is_named(taken: str, asked: str, expected: Hindrance | None) -> None:
    assert hindrance(LINE, done(*taken), step(LINE, asked), record(asked)) == expected


@pytest.mark.parametrize(
    ("taken", "asked", "expected"),
    [
        ([], "abandoned", Hindrance("out_of_order", ["diagnosis"])),
        (["diagnosis"], "abandoned", None),
        (["diagnosis", "scope"], "abandoned", None),
        (["diagnosis"], "extended", Hindrance("out_of_order", ["scope", "testing"])),
        (["diagnosis", "scope", "testing"], "extended", None),
        (["diagnosis", "scope", "testing", "extended"], "abandoned", Hindrance("ended")),
        (["diagnosis", "abandoned"], "extended", Hindrance("ended")),
    ],
)
def test_of_alternatives_one_comes_and_giving_up_may_come_early(
    taken: list[str], asked: str, expected: Hindrance | None
) -> None:
    assert hindrance(FORK, done(*taken), step(FORK, asked), record(asked)) == expected


def test_after_giving_up_only_what_was_done_before_it_is_entered() -> None:
    taken, scope, testing = done("diagnosis", "abandoned"), step(FORK, "scope"), step(FORK, "testing")
    assert hindrance(FORK, taken, scope, record("scope")) is None
    assert hindrance(FORK, taken, scope, record("scope", days=1)) == Hindrance("ended")
    assert hindrance(FORK, taken, testing, record("testing")) == Hindrance("out_of_order", ["scope"])
    assert (has_ended(FORK, taken), next_steps(FORK, taken)) == (True, [])


def test_a_skipped_step_is_done_later_and_skipped_again_by_taking_that_back() -> None:
    skipped = [*done("a"), Taken("b", "skipped", DAY), *done("c")]
    b, later = step(LINE, "b"), record("b", days=3)
    assert hindrance(LINE, skipped, b, record("b", StepOutcome.SKIPPED, reason="x")) == Hindrance("already_recorded")
    assert hindrance(LINE, skipped, b, later) is None, "the run has ended, and the step after it is done"
    assert contradictions(LINE, skipped, b, later, DAY + timedelta(days=3)) == []
    early = record("b", days=-1)
    assert contradictions(LINE, skipped, b, early, DAY) == [("done_on", "wrong_order")], "it was skipped on that day"
    both = [*skipped, Taken("b", "done", DAY + timedelta(days=3))]
    assert (outcomes_of(both, b), last_done(LINE, both)) == ({"done", "skipped"}, "c")
    assert hindrance(LINE, both, b, later) == Hindrance("already_recorded")
    four = [*LINE[:2], Step("c", 3), Step("d", 4)]
    next_one = record("d", days=1)
    assert contradictions(four, both, four[3], next_one, DAY + timedelta(days=3)) == [], "b had its turn when skipped"


def test_a_step_taken_back_leaves_its_neighbours_and_is_recorded_anew_between_them() -> None:
    day = timedelta(days=1)
    taken = [Taken("a", "done", DAY), Taken("c", "done", DAY + 9 * day)]
    b = step(LINE, "b")
    assert (left_behind(LINE, taken), next_steps(LINE, taken), has_ended(LINE, taken)) == ([2], ["b"], True)
    assert hindrance(LINE, taken, b, record("b")) is None
    today = DAY + 20 * day
    for days, wrong in {-1: True, 0: False, 9: False, 10: True}.items():
        found = contradictions(LINE, taken, b, record("b", days=days), today)
        assert found == ([("done_on", "wrong_order")] if wrong else []), days
    first = [Taken("b", "done", DAY), Taken("c", "done", DAY)]
    assert next_steps(LINE, first) == ["a"]


def test_the_other_of_two_alternatives_that_end_nothing_counts_as_recorded() -> None:
    steps = [Step("a", 1), Step("b", 2), Step("c", 2), Step("d", 3)]
    assert hindrance(steps, done("a", "b"), steps[2], record("c")) == Hindrance("already_recorded")
    assert next_steps(steps, done("a")) == ["b", "c"]
    assert next_steps(steps, done("a", "c")) == ["d"]


def test_what_may_come_now_is_said() -> None:
    assert next_steps(FORK, []) == ["diagnosis"]
    assert next_steps(FORK, done("diagnosis")) == ["scope", "abandoned"]
    assert next_steps(FORK, done("diagnosis", "scope", "testing")) == ["abandoned", "extended"]
    assert next_steps(FORK, done("diagnosis", "abandoned")) == []


def test_the_state_is_the_last_step_done_not_the_last_skipped() -> None:
    taken = [Taken("a", "done", DAY), Taken("b", "skipped", DAY)]
    assert (last_done(LINE, taken), last_taken(LINE, taken)) == ("a", "b")
    assert (last_done(LINE, []), last_taken(LINE, [])) == (None, None)
    assert has_ended(LINE, done("a", "b", "c"))
    assert not has_ended(LINE, taken)


@pytest.mark.parametrize(
    ("asked", "outcome", "done_on", "reason", "wrong"),
    [
        ("scope", StepOutcome.DONE, DAY, None, []),
        ("scope", StepOutcome.SKIPPED, DAY, "poza zakresem", []),
        ("scope", StepOutcome.SKIPPED, DAY, None, [("reason", "missing")]),
        ("scope", StepOutcome.DONE, DAY - timedelta(days=1), None, [("done_on", "wrong_order")]),
        ("scope", StepOutcome.DONE, DAY + timedelta(days=5), None, []),
        ("scope", StepOutcome.DONE, DAY + timedelta(days=6), None, [("done_on", "in_future")]),
        ("abandoned", StepOutcome.DONE, DAY, None, [("reason", "missing")]),
        ("abandoned", StepOutcome.DONE, DAY, "brak środków", []),
        ("extended", StepOutcome.SKIPPED, DAY, "nie", [("outcome", "not_allowed")]),
    ],
)
def test_what_does_not_go_together_is_named(
    asked: str, outcome: StepOutcome, done_on: date, reason: str | None, wrong: list[tuple[str, str]]
) -> None:
    today = DAY + timedelta(days=5)
    told = StepRecord(step=asked, outcome=outcome, done_on=done_on, reason=reason)
    assert contradictions(FORK, done("diagnosis"), step(FORK, asked), told, today) == wrong


@st.composite
def orders(draw: st.DrawFn) -> list[Step]:
    """A process: a line of steps, some with alternatives, perhaps one that breaks it off."""
    widths = draw(st.lists(st.integers(1, 3), min_size=1, max_size=6))
    steps = [
        Step(f"s_{chr(96 + place)}_{chr(97 + n)}", place) for place, width in enumerate(widths, 1) for n in range(width)
    ]
    if draw(st.booleans()):
        steps.append(Step("given_up", len(widths) + 1, is_ending=True, comes_any_time=True))
    return steps


@given(steps=orders(), data=st.data())
def test_whatever_is_asked_and_taken_back_no_step_stands_before_its_turn(
    steps: list[Step], data: st.DataObject
) -> None:
    """Recorded on days that pass, each step has those before it settled, or was taken back between its neighbours."""
    taken: list[Taken] = []
    was_taken_back = set[int]()
    for number, asked in enumerate(data.draw(st.lists(st.sampled_from(steps), max_size=25))):
        outcome, goes_back = data.draw(st.sampled_from(StepOutcome)), data.draw(st.booleans())
        hindered = hindrance(steps, taken, asked, record(asked.code, outcome, days=number, reason="x"))
        is_skipped = outcomes_of(taken, asked) == {"skipped"}
        if hindered is None:
            assert asked.code in next_steps(steps, taken) or is_skipped
            taken.append(Taken(asked.code, outcome, DAY + timedelta(days=number)))
        elif taken and goes_back:
            gone = taken.pop(data.draw(st.integers(0, len(taken) - 1)))
            was_taken_back.add(step(steps, gone.code).position)
        assert not hindered or not {*hindered.missing} & {each.code for each in taken}
        settled = {step(steps, each.code).position for each in taken if not step(steps, each.code).comes_any_time}
        assert {*range(1, max(settled, default=0))} - settled <= was_taken_back
        assert {*left_behind(steps, taken)} <= was_taken_back
    assert has_ended(steps, taken) or next_steps(steps, taken)
