"""In what order the steps of a process come, and what is wrong with a step that somebody wants to record. Pure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple


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
    return any(
        step.is_ending and step.code in codes for step in steps
    ) or not _open_positions(steps, taken)


def _open_positions(steps: Steps, taken: Recorded) -> list[int]:
    """The places in the order at which nothing is recorded, first to last."""
    codes = {record.code for record in taken}
    settled = {step.position for step in steps if step.code in codes}
    return sorted({step.position for step in steps} - settled)


def next_steps(steps: Steps, taken: Recorded) -> list[str]:
    """The steps that may come now: those of the first open place, and whatever comes at any time once the run is on its
    way, that is after the first step."""
    if has_ended(steps, taken):
        return []
    first = _open_positions(steps, taken)[0]
    return [
        step.code
        for step in steps
        if step.position == first or (step.comes_any_time and taken)
    ]


def last_taken(steps: Steps, taken: Recorded) -> str | None:
    """The recorded step that stands last in the order."""
    return max(_in_order(steps, taken), default=(0, None))[1]


def later_steps(steps: Steps, taken: Recorded, asked: Step) -> list[str]:
    """The recorded steps that stand after this one, the last first."""
    return [
        code
        for position, code in reversed(_in_order(steps, taken))
        if position > asked.position
    ]


def _in_order(steps: Steps, taken: Recorded) -> list[tuple[int, str]]:
    """Place and code of what is recorded."""
    codes = {record.code for record in taken}
    return sorted((step.position, step.code) for step in steps if step.code in codes)


def last_done(steps: Steps, taken: Recorded) -> str | None:
    """The state of a run: the last of its steps that was done, not skipped."""
    return last_taken(
        steps, [record for record in taken if record.outcome == StepOutcome.DONE]
    )


def hindrance(steps: Steps, taken: Recorded, asked: Step) -> Hindrance | None:
    """Why this step cannot be recorded now; None when it can."""
    if any(record.code == asked.code for record in taken):
        return Hindrance(ALREADY_RECORDED)
    if has_ended(steps, taken):
        return Hindrance(ENDED)
    if asked.code in next_steps(steps, taken):
        return None
    before = [
        position
        for position in _open_positions(steps, taken)
        if position < asked.position
    ]
    if not before:
        return Hindrance(ALREADY_RECORDED)
    first_only = before[:1] if asked.comes_any_time else before
    return Hindrance(
        OUT_OF_ORDER, [step.code for step in steps if step.position in first_only]
    )


def contradictions(
    steps: Steps,
    taken: Recorded,
    asked: Step,
    outcome: StepOutcome,
    done_on: date,
    reason: str | None,
    today: date,
) -> list[tuple[str, str]]:
    """What in a record of a step does not go together: field and code.

    A skipped step and one that breaks the order off say why; of alternatives one is chosen, none is skipped.
    """
    wrong = []
    alternatives = [step for step in steps if step.position == asked.position]
    if outcome is StepOutcome.SKIPPED and len(alternatives) > 1:
        wrong.append(("outcome", "not_allowed"))
    if reason is None and (outcome is StepOutcome.SKIPPED or asked.comes_any_time):
        wrong.append(("reason", "missing"))
    if any(done_on < record.done_on for record in taken):
        wrong.append(("done_on", "wrong_order"))
    if done_on > today:
        wrong.append(("done_on", "in_future"))
    return wrong
