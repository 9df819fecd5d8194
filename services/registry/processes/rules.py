"""In what order the steps of a process come, and which records of a step are refused. Pure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol


class StepOutcome(StrEnum):
    """What became of a step."""

    DONE = "done"
    SKIPPED = "skipped"


class StepStatus(StrEnum):
    """How a step of a run stands."""

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
    """A step that is recorded and was not taken back."""

    code: str
    outcome: str
    done_on: date


class NewRecord(Protocol):
    """What somebody wants to record about a step."""

    outcome: StepOutcome
    done_on: date
    reason: str | None


class Hindrance(NamedTuple):
    """Why a step cannot be recorded now, and which steps are to be recorded before it."""

    kind: str
    missing: Sequence[str] = ()


Steps = Sequence[Step]
Recorded = Sequence[Taken]

ALREADY_RECORDED, ENDED, OUT_OF_ORDER = "already_recorded", "ended", "out_of_order"


def find_step(steps: Steps, code: str) -> Step | None:
    """The step of that code."""
    return next((step for step in steps if step.code == code), None)


def has_ended(steps: Steps, taken: Recorded) -> bool:
    """Whether the run is over: an ending step is recorded, or no step is left."""
    codes = {record.code for record in taken}
    # An ending step ends a run even when earlier ones are open: giving up may come
    # early.
    if any(step.is_ending and step.code in codes for step in steps):
        return True
    return not _open_positions(steps, taken)


def _open_positions(steps: Steps, taken: Recorded) -> list[int]:
    """The positions at which nothing is recorded, first to last."""
    codes = {record.code for record in taken}
    settled = {step.position for step in steps if step.code in codes}
    return sorted({step.position for step in steps} - settled)


def left_behind(steps: Steps, taken: Recorded) -> list[int]:
    """The open positions before a recorded one, first to last: a step there was taken back."""
    codes = {record.code for record in taken}
    line = [
        step.position
        for step in steps
        # What may come at any time says nothing of the steps before it.
        if step.code in codes and not step.comes_any_time
    ]
    last = max(line, default=0)
    return [place for place in _open_positions(steps, taken) if place < last]


def next_steps(steps: Steps, taken: Recorded) -> list[str]:
    """The codes of the steps that may come now.

    They are those of the first open position, those left behind and, once a step is recorded, those
    that may come at any time. Skipped steps are not among them, though they may be done later.
    """
    positions = left_behind(steps, taken)
    goes_on = not has_ended(steps, taken)
    if goes_on:
        positions += _open_positions(steps, taken)[:1]
    return [
        step.code
        for step in steps
        # Nobody gives up what has not begun: such a step needs one before it.
        if step.position in positions or (goes_on and step.comes_any_time and taken)
    ]


def last_taken(steps: Steps, taken: Recorded) -> str | None:
    """The code of the recorded step that stands last in the order."""
    codes = {record.code for record in taken}
    in_order = [(step.position, step.code) for step in steps if step.code in codes]
    return max(in_order, default=(0, None))[1]


def last_done(steps: Steps, taken: Recorded) -> str | None:
    """The state of a run: the last of its steps that was done, not skipped."""
    # A skipped step was decided on and not reached, so that the state stays behind it.
    done = [record for record in taken if record.outcome == StepOutcome.DONE]
    return last_taken(steps, done)


def outcomes_of(taken: Recorded, step: Step) -> set[str]:
    """How a step stands recorded. Skipped and later done it has both, and counts as done."""
    return {record.outcome for record in taken if record.code == step.code}


def _was_broken_off(steps: Steps, taken: Recorded, before: date) -> bool:
    """Whether a step that breaks the order off was recorded for a day before that one."""
    breaking = {step.code for step in steps if step.comes_any_time}
    return any(each.code in breaking and each.done_on < before for each in taken)


def hindrance(
    steps: Steps, taken: Recorded, step: Step, record: NewRecord
) -> Hindrance | None:
    """Why such a record of this step cannot be made; None when it can.

    By the day on which the step was done: what came before a breaking-off may be entered after it.
    """
    outcomes = outcomes_of(taken, step)
    if StepOutcome.DONE in outcomes or record.outcome in outcomes:
        return Hindrance(ALREADY_RECORDED)
    if _was_broken_off(steps, taken, record.done_on):
        return Hindrance(ENDED)
    # It was skipped and is done now, or was taken back and is recorded anew: the steps
    # after it stay as they are.
    if outcomes or step.position in left_behind(steps, taken):
        return None
    if step.position not in _open_positions(steps, taken):
        # An alternative at the same position is recorded: this step's turn is over.
        kind = ENDED if has_ended(steps, taken) else ALREADY_RECORDED
        return Hindrance(kind)
    before = [place for place in _open_positions(steps, taken) if place < step.position]
    # It waits for the first step alone, so that no other is called missing.
    if step.comes_any_time:
        before = [] if taken else before[:1]
    missing = [other.code for other in steps if other.position in before]
    return Hindrance(OUT_OF_ORDER, missing) if missing else None


def contradictions(
    steps: Steps, taken: Recorded, step: Step, record: NewRecord, today: date
) -> list[tuple[str, str]]:
    """What in a record of a step does not go together: field and code.

    A skipped step and one that breaks the order off need a reason; of alternatives one is recorded
    and none skipped.
    """
    wrong = []
    is_skipped = record.outcome is StepOutcome.SKIPPED
    alternatives = [other for other in steps if other.position == step.position]
    # To record one of them is to decide against the other: skipping says nothing more,
    # and would leave neither.
    if is_skipped and len(alternatives) > 1:
        wrong.append(("outcome", "not_allowed"))
    if record.reason is None and (is_skipped or step.comes_any_time):
        wrong.append(("reason", "missing"))
    if not _is_in_order(steps, taken, step, record.done_on):
        wrong.append(("done_on", "wrong_order"))
    if record.done_on > today:
        wrong.append(("done_on", "in_future"))
    return wrong


def _is_in_order(steps: Steps, taken: Recorded, step: Step, day: date) -> bool:
    """Whether the day of a step lies between those of the steps around it; one day is fine.

    A skipped step has had its turn on the day of skipping, and is done on any day after it.
    """
    places = {each.code: each.position for each in steps}
    own = [record.done_on for record in taken if record.code == step.code]
    turns: dict[int, date] = {}
    # The earliest of several: a step that was skipped and later done had its turn then.
    for record in taken:
        place = places[record.code]
        turns[place] = min(turns.get(place, record.done_on), record.done_on)
    earliest = [turn for place, turn in turns.items() if place < step.position]
    latest = [turn for place, turn in turns.items() if place > step.position]
    # Nothing is done after giving up, also nothing that was skipped before.
    if step.comes_any_time:
        earliest, latest = [record.done_on for record in taken], []
    if own:
        earliest, latest = own, []
    return max(earliest, default=day) <= day <= min(latest, default=day)
