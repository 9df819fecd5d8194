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


def next_steps(steps: Steps, taken: Recorded) -> list[str]:
    """The codes of the steps that may come now.

    They are those of the first open position and, once a step is recorded, those that may come at
    any time.
    """
    if has_ended(steps, taken):
        return []
    first = _open_positions(steps, taken)[0]
    return [
        step.code
        for step in steps
        # Nobody gives up what has not begun: such a step needs one before it.
        if step.position == first or (step.comes_any_time and taken)
    ]


def last_taken(steps: Steps, taken: Recorded) -> str | None:
    """The code of the recorded step that stands last in the order."""
    return max(_in_order(steps, taken), default=(0, None))[1]


def later_steps(steps: Steps, taken: Recorded, step: Step) -> list[str]:
    """The codes of the recorded steps that stand after this one, the last first."""
    return [
        code
        for position, code in reversed(_in_order(steps, taken))
        if position > step.position
    ]


def _in_order(steps: Steps, taken: Recorded) -> list[tuple[int, str]]:
    """Position and code of each recorded step, by position."""
    codes = {record.code for record in taken}
    return sorted((step.position, step.code) for step in steps if step.code in codes)


def last_done(steps: Steps, taken: Recorded) -> str | None:
    """The state of a run: the last of its steps that was done, not skipped."""
    # A skipped step was decided on and not reached, so that the state stays behind it.
    done = [record for record in taken if record.outcome == StepOutcome.DONE]
    return last_taken(steps, done)


def hindrance(steps: Steps, taken: Recorded, step: Step) -> Hindrance | None:
    """Why this step cannot be recorded now; None when it can."""
    if any(record.code == step.code for record in taken):
        return Hindrance(ALREADY_RECORDED)
    if has_ended(steps, taken):
        return Hindrance(ENDED)
    if step.code in next_steps(steps, taken):
        return None
    positions = _open_positions(steps, taken)
    before = [position for position in positions if position < step.position]
    if not before:
        # An alternative at the same position is recorded: this step's turn is over.
        return Hindrance(ALREADY_RECORDED)
    # It waits for the first step alone, so that no other is called missing.
    if step.comes_any_time:
        before = before[:1]
    missing = [other.code for other in steps if other.position in before]
    return Hindrance(OUT_OF_ORDER, missing)


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
    # Steps come in order, and so do their days; those of one day are fine.
    if any(record.done_on < earlier.done_on for earlier in taken):
        wrong.append(("done_on", "wrong_order"))
    if record.done_on > today:
        wrong.append(("done_on", "in_future"))
    return wrong
