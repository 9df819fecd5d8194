"""The order of the steps of a process, and which records of a step are refused. Pure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol


class StepOutcome(StrEnum):
    """The outcomes of a recorded step."""

    DONE = "done"
    SKIPPED = "skipped"


class StepStatus(StrEnum):
    """The status of a step in a run."""

    PENDING = "pending"
    DONE = "done"
    SKIPPED = "skipped"


class Step(NamedTuple):
    """A step of a process. Two with the same position are alternatives."""

    code: str
    position: int
    is_ending: bool = False
    comes_any_time: bool = False


class Taken(NamedTuple):
    """The record of a step that was not taken back."""

    code: str
    outcome: str
    done_on: date


class NewRecord(Protocol):
    """The content of a new record of a step."""

    outcome: StepOutcome
    done_on: date
    reason: str | None


class Hindrance(NamedTuple):
    """Why a step cannot be recorded, and which steps have to be recorded before it."""

    kind: str
    missing: Sequence[str] = ()


Steps = Sequence[Step]
Recorded = Sequence[Taken]

ALREADY_RECORDED, ENDED, OUT_OF_ORDER = "already_recorded", "ended", "out_of_order"


def find_step(steps: Steps, code: str) -> Step | None:
    """The step of that code; None when the process has none."""
    return next((step for step in steps if step.code == code), None)


def has_ended(steps: Steps, records: Recorded) -> bool:
    """Whether the run is over: an ending step is recorded, or no step is left."""
    codes = {record.code for record in records}
    # An ending step ends a run even when earlier ones are open: a process may be given
    # up early.
    if any(step.is_ending and step.code in codes for step in steps):
        return True
    return not _open_positions(steps, records)


def _open_positions(steps: Steps, records: Recorded) -> list[int]:
    """The positions at which nothing is recorded, first to last."""
    codes = {record.code for record in records}
    recorded = {step.position for step in steps if step.code in codes}
    return sorted({step.position for step in steps} - recorded)


def left_behind(steps: Steps, records: Recorded) -> list[int]:
    """The open positions before a recorded one, first to last: a step there was taken back."""
    codes = {record.code for record in records}
    positions = [
        step.position
        for step in steps
        # A step that may come at any time leaves no step behind.
        if step.code in codes and not step.comes_any_time
    ]
    last = max(positions, default=0)
    return [place for place in _open_positions(steps, records) if place < last]


def next_steps(steps: Steps, records: Recorded) -> list[str]:
    """The codes of the steps that may come now.

    These are the steps of the first open position, those left behind and, once a step
    is recorded, those that may come at any time. Skipped steps are not among them,
    though they may be done later.
    """
    positions = left_behind(steps, records)
    goes_on = not has_ended(steps, records)
    if goes_on:
        positions += _open_positions(steps, records)[:1]
    return [
        step.code
        for step in steps
        # A process that has not begun cannot be given up: such a step needs
        # one before it.
        if step.position in positions or (goes_on and step.comes_any_time and records)
    ]


def last_taken(steps: Steps, records: Recorded) -> str | None:
    """The code of the recorded step that is last in the order; None before
    the first record.
    """
    codes = {record.code for record in records}
    in_order = [(step.position, step.code) for step in steps if step.code in codes]
    return max(in_order, default=(0, None))[1]


def last_done(steps: Steps, records: Recorded) -> str | None:
    """The state of a run: the last of its steps that was done, not skipped."""
    # A skipped step was not reached, so the state stays at the step before it.
    done = [record for record in records if record.outcome == StepOutcome.DONE]
    return last_taken(steps, done)


def outcomes_of(records: Recorded, step: Step) -> set[str]:
    """The recorded outcomes of a step: both when it was skipped and later done,
    empty when open.
    """
    return {record.outcome for record in records if record.code == step.code}


def _was_broken_off(steps: Steps, records: Recorded, before: date) -> bool:
    """Whether a step that breaks off the process was recorded for a day
    before `before`.
    """
    codes = {step.code for step in steps if step.comes_any_time}
    return any(record.code in codes and record.done_on < before for record in records)


def hindrance(
    steps: Steps, records: Recorded, step: Step, record: NewRecord
) -> Hindrance | None:
    """Why a new record of this step cannot be made; None when it can.

    The day of the step counts: a step done before the process was broken off may be
    entered later.
    """
    outcomes = outcomes_of(records, step)
    if StepOutcome.DONE in outcomes or record.outcome in outcomes:
        return Hindrance(ALREADY_RECORDED)
    if _was_broken_off(steps, records, record.done_on):
        return Hindrance(ENDED)
    # The step was skipped and is done now, or was taken back and is recorded again: the
    # steps after it do not change.
    if outcomes or step.position in left_behind(steps, records):
        return None
    if step.position not in _open_positions(steps, records):
        # An alternative at the same position is recorded: this step has lost its turn.
        kind = ENDED if has_ended(steps, records) else ALREADY_RECORDED
        return Hindrance(kind)
    before = [
        place for place in _open_positions(steps, records) if place < step.position
    ]
    # Such a step waits only for the first one, so no other step is missing.
    if step.comes_any_time:
        before = [] if records else before[:1]
    missing = [other.code for other in steps if other.position in before]
    return Hindrance(OUT_OF_ORDER, missing) if missing else None


def contradictions(
    steps: Steps, records: Recorded, step: Step, record: NewRecord, today: date
) -> list[tuple[str, str]]:
    """The contradictions in a new record of a step: field and code.

    A skipped step and one that breaks off the process need a reason. Steps with an
    alternative cannot be skipped.
    """
    wrong = []
    is_skipped = record.outcome is StepOutcome.SKIPPED
    alternatives = [other for other in steps if other.position == step.position]
    # A record of one alternative already rules out the other; to skip
    # one would leave neither.
    if is_skipped and len(alternatives) > 1:
        wrong.append(("outcome", "not_allowed"))
    if record.reason is None and (is_skipped or step.comes_any_time):
        wrong.append(("reason", "missing"))
    if not _is_in_order(steps, records, step, record.done_on):
        wrong.append(("done_on", "wrong_order"))
    if record.done_on > today:
        wrong.append(("done_on", "in_future"))
    return wrong


def _is_in_order(steps: Steps, records: Recorded, step: Step, day: date) -> bool:
    """Whether the day of a step lies between those of the steps around it; equal
    days are fine.

    A step that was skipped had its turn on the day of skipping, and may be done on that
    day or any later one.
    """
    places = {other.code: other.position for other in steps}
    own_days = [record.done_on for record in records if record.code == step.code]
    turns: dict[int, date] = {}
    # The earliest day of several: a step that was skipped had its turn on that day.
    for record in records:
        place = places[record.code]
        turns[place] = min(turns.get(place, record.done_on), record.done_on)
    earliest = [turn for place, turn in turns.items() if place < step.position]
    latest = [turn for place, turn in turns.items() if place > step.position]
    # No step is done after the process was given up, not even one that was skipped.
    if step.comes_any_time:
        earliest, latest = [record.done_on for record in records], []
    if own_days:
        earliest, latest = own_days, []
    return max(earliest, default=day) <= day <= min(latest, default=day)
