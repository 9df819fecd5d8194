"""Every change of a run. Callers decide who may, and write the audit record and the event."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, update
from sqlmodel import col

from services.chassis.data.work import Change, require_version
from services.chassis.ground.problems import FieldError, UnknownReference, refuse
from services.registry.problems import (
    ProcessEnded,
    StepAlreadyRecorded,
    StepNotRecorded,
    StepOutOfOrder,
)
from services.registry.processes import queries, rules
from services.registry.processes.models import ProcessRun, ProcessRunStep
from services.registry.processes.schemas import StepRecord, StepTakeBack


class _Progress(NamedTuple):
    """A run, the steps of its process, and those that stand recorded in it."""

    run: ProcessRun
    steps: rules.Steps
    taken: rules.Recorded


async def start_run(
    change: Change, process_code: str, county: str | None, subject: str
) -> UUID:
    """Begin the way of a subject (`bodies/<id>`) through a process; the run's id."""
    values = {"process_code": process_code, "county_terc": county, "subject": subject}
    statement = insert(ProcessRun).values(**values).returning(col(ProcessRun.id))
    run_id: UUID = await change.scalar(statement)
    return run_id


async def _lock_progress(
    change: Change, run_id: UUID | None, version: int
) -> _Progress:
    """How far a run has come, if it is unchanged since it was read."""
    # The lock comes first: what is read after it stays true until the transaction ends.
    run = await queries.lock_run(change, run_id)
    require_version(run.version, version)
    steps = await queries.list_process_steps(change, run.process_code)
    return _Progress(run, steps, await queries.list_taken_steps(change, run.id))


async def _advance_version(change: Change, run: ProcessRun) -> int:
    """Give a run its next version, which is returned."""
    values = {"version": ProcessRun.version + 1, "changed_at": func.now()}
    statement = update(ProcessRun).where(col(ProcessRun.id) == run.id).values(**values)
    version: int = await change.scalar(statement.returning(col(ProcessRun.version)))
    return version


def _require_step(steps: rules.Steps, code: str) -> rules.Step:
    step = rules.find_step(steps, code)
    if step is None:
        raise UnknownReference(FieldError("pointer", "/step", "not_found"))
    return step


def _require_turn(progress: _Progress, step: rules.Step, record: StepRecord) -> None:
    """StepAlreadyRecorded, ProcessEnded or StepOutOfOrder unless the step had its turn on its
    day.
    """
    _, steps, taken = progress
    hindrance = rules.hindrance(steps, taken, step, record)
    if hindrance is None:
        return
    state, allowed = rules.last_taken(steps, taken), rules.next_steps(steps, taken)
    if hindrance.kind == rules.ALREADY_RECORDED:
        raise StepAlreadyRecorded(state=state, allowed=allowed)
    if hindrance.kind == rules.ENDED:
        raise ProcessEnded(state=state, allowed=[])
    raise StepOutOfOrder(state=state, missing=[*hindrance.missing], allowed=allowed)


async def record_step(
    change: Change, run_id: UUID | None, record: StepRecord, version: int, today: date
) -> int:
    """Record a step of a run, as done or as skipped; the run's new version.

    It is the next one, one that was skipped and is done now, or one that was taken back.
    """
    progress = await _lock_progress(change, run_id, version)
    step = _require_step(progress.steps, record.step)
    # Its turn first: of a step out of order it does not matter what the record says.
    _require_turn(progress, step, record)
    _, steps, taken = progress
    refuse(*rules.contradictions(steps, taken, step, record, today))
    statement = insert(ProcessRunStep).values(
        **record.model_dump(exclude={"step", "stands_for"}),
        run_id=progress.run.id,
        step_code=step.code,
        recorded_by=change.caller.subject,
    )
    await change.execute(statement)
    return await _advance_version(change, progress.run)


def require_untied(record: StepRecord) -> None:
    """ValidationFailed when a record names what its step stands for, and it stands for nothing."""
    if record.stands_for is not None:
        refuse(("stands_for", "not_allowed"))


async def tie_step(
    change: Change, run_id: UUID | None, record: StepRecord, found: Sequence[str]
) -> None:
    """Keep with a step just done what it stands for: the address it names, else the first of
    those found.

    UnknownReference when what it names is none of them.
    """
    named = record.stands_for
    if named is not None and named not in found:
        raise UnknownReference(FieldError("pointer", "/stands_for", "not_found"))
    done = _standing(run_id, record.step, rules.StepOutcome.DONE)
    tied = update(ProcessRunStep).where(*done).values(stands_for=named or found[0])
    await change.execute(tied)


def _standing(
    run_id: UUID | None, step_code: str, outcome: str
) -> tuple[ColumnElement[bool], ...]:
    """The one record of a step with that outcome that was not taken back."""
    return (
        col(ProcessRunStep.run_id) == run_id,
        col(ProcessRunStep.step_code) == step_code,
        col(ProcessRunStep.outcome) == outcome,
        col(ProcessRunStep.taken_back_at).is_(None),
    )


async def take_back_step(
    change: Change, run_id: UUID | None, back: StepTakeBack, version: int
) -> int:
    """Take back a recorded step of a run, which stays in the history; the new version.

    The steps around it stay. A step that was skipped and later done is skipped again.
    """
    progress = await _lock_progress(change, run_id, version)
    step = _require_step(progress.steps, back.step)
    _, steps, taken = progress
    outcomes = rules.outcomes_of(taken, step)
    if not outcomes:
        recorded = [each.code for each in steps if rules.outcomes_of(taken, each)]
        raise StepNotRecorded(state=rules.last_taken(steps, taken), allowed=recorded)
    # "done" comes before "skipped", in the alphabet as well as here.
    standing = _standing(progress.run.id, back.step, min(outcomes))
    statement = update(ProcessRunStep).where(*standing)
    statement = statement.values(
        # Waiting for the lock, this transaction may have begun before the step was recorded.
        taken_back_at=func.clock_timestamp(),
        taken_back_by=change.caller.subject,
        taken_back_reason=back.reason,
    )
    await change.execute(statement)
    return await _advance_version(change, progress.run)
