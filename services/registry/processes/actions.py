"""Every change of a run. Callers decide who may, and write the audit record and the event."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.work import Change, require_version
from services.chassis.ground.problems import FieldError, UnknownReference, refuse
from services.registry.problems import ProcessEnded, StepAlreadyRecorded, StepOutOfOrder
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


def _require_turn(progress: _Progress, step: rules.Step) -> None:
    """StepAlreadyRecorded, ProcessEnded or StepOutOfOrder unless the step may come now."""
    _, steps, taken = progress
    hindrance = rules.hindrance(steps, taken, step)
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
    """Record the next step of a run, as done or as skipped; the run's new version."""
    progress = await _lock_progress(change, run_id, version)
    step = _require_step(progress.steps, record.step)
    # Its turn first: of a step out of order it does not matter what the record says.
    _require_turn(progress, step)
    _, steps, taken = progress
    refuse(*rules.contradictions(steps, taken, step, record, today))
    statement = insert(ProcessRunStep).values(
        **record.model_dump(exclude={"step"}),
        run_id=progress.run.id,
        step_code=step.code,
        recorded_by=change.caller.subject,
    )
    await change.execute(statement)
    return await _advance_version(change, progress.run)


def _require_last(progress: _Progress, step: rules.Step) -> None:
    """StepOutOfOrder, naming the steps to take back before, unless it is the last one recorded."""
    _, steps, taken = progress
    # Only the last one: whatever was recorded after it rests on it.
    last = rules.last_taken(steps, taken)
    if step.code != last:
        later = rules.later_steps(steps, taken, step)
        raise StepOutOfOrder(state=last, missing=later, allowed=[last] if last else [])


async def take_back_step(
    change: Change, run_id: UUID | None, back: StepTakeBack, version: int
) -> int:
    """Take back the last recorded step of a run, which stays in the history; the new version."""
    progress = await _lock_progress(change, run_id, version)
    _require_last(progress, _require_step(progress.steps, back.step))
    standing = (
        col(ProcessRunStep.run_id) == progress.run.id,
        col(ProcessRunStep.step_code) == back.step,
        col(ProcessRunStep.taken_back_at).is_(None),
    )
    statement = update(ProcessRunStep).where(*standing)
    statement = statement.values(
        # Waiting for the lock, this transaction may have begun before the step was recorded.
        taken_back_at=func.clock_timestamp(),
        taken_back_by=change.caller.subject,
        taken_back_reason=back.reason,
    )
    await change.execute(statement)
    return await _advance_version(change, progress.run)
