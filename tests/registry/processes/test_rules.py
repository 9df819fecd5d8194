"""In what order the steps of a process come."""

from datetime import date, timedelta

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
    later_steps,
    next_steps,
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
    assert hindrance(LINE, done(*taken), step(LINE, asked)) == expected


@pytest.mark.parametrize(
    ("taken", "asked", "expected"),
    [
        ([], "abandoned", Hindrance("out_of_order", ["diagnosis"])),
        (["diagnosis"], "abandoned", None),
        (["diagnosis", "scope"], "abandoned", None),
        (["diagnosis"], "extended", Hindrance("out_of_order", ["scope", "testing"])),
        (["diagnosis", "scope", "testing"], "extended", None),
        (["diagnosis", "scope", "testing", "extended"], "abandoned", Hindrance("ended")),
        (["diagnosis", "abandoned"], "scope", Hindrance("ended")),
        (["diagnosis", "abandoned"], "extended", Hindrance("ended")),
    ],
)
def test_of_alternatives_one_comes_and_giving_up_may_come_early(
    taken: list[str], asked: str, expected: Hindrance | None
) -> None:
    assert hindrance(FORK, done(*taken), step(FORK, asked)) == expected


def test_the_other_of_two_alternatives_that_end_nothing_counts_as_recorded() -> None:
    steps = [Step("a", 1), Step("b", 2), Step("c", 2), Step("d", 3)]
    assert hindrance(steps, done("a", "b"), steps[2]) == Hindrance("already_recorded")
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
    assert later_steps(LINE, done("a", "b", "c"), LINE[0]) == ["c", "b"]
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
    record = StepRecord(step=asked, outcome=outcome, done_on=done_on, reason=reason)
    assert contradictions(FORK, done("diagnosis"), step(FORK, asked), record, today) == wrong


@st.composite
def orders(draw: st.DrawFn) -> list[Step]:
    """A process: a line of steps, some with alternatives, perhaps one that breaks it off."""
    widths = draw(st.lists(st.integers(1, 3), min_size=1, max_size=6))
    steps = [Step(f"s{place}_{n}", place) for place, width in enumerate(widths, 1) for n in range(width)]
    if draw(st.booleans()):
        steps.append(Step("given_up", len(widths) + 1, is_ending=True, comes_any_time=True))
    return steps


@given(steps=orders(), data=st.data())
def test_whatever_is_asked_the_recorded_steps_are_a_prefix_of_the_order(steps: list[Step], data: st.DataObject) -> None:
    taken: list[Taken] = []
    for asked in data.draw(st.lists(st.sampled_from(steps), max_size=25)):
        may = asked.code in next_steps(steps, taken)
        hindered = hindrance(steps, taken, asked)
        assert may == (hindered is None)
        if hindered is None:
            taken.append(Taken(asked.code, data.draw(st.sampled_from(["done", "skipped"])), DAY))
        elif hindered.missing:
            assert not {*hindered.missing} & {record.code for record in taken}
        ordered = [step(steps, record.code) for record in taken]
        line = [one.position for one in ordered if not one.comes_any_time]
        assert line == list(range(1, len(line) + 1))
        assert not [one for one in ordered[:-1] if one.is_ending]
    assert has_ended(steps, taken) == (not next_steps(steps, taken))
