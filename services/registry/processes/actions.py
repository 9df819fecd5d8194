"""Every change of a run. Callers check permissions, and write the audit record
and the event.
"""

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
    """A run, the steps of its process, and the records of its steps."""

    run: ProcessRun
    steps: rules.Steps
    records: rules.Recorded


async def start_run(
    change: Change, process_code: str, county: str | None, subject: str
) -> UUID:
    """Start the run of a subject (`bodies/<id>`) through a process;
    returns the run's id.
    """
    values = {"process_code": process_code, "county_terc": county, "subject": subject}
    statement = insert(ProcessRun).values(**values).returning(col(ProcessRun.id))
    run_id: UUID = await change.scalar(statement)
    return run_id


async def _lock_progress(
    change: Change, run_id: UUID | None, version: int
) -> _Progress:
    """The progress of a run, locked; VersionMismatch unless it is unchanged
    since it was read.
    """
    # The lock comes first: rows that are read after it do not change until the
    # transaction ends.
    run = await queries.lock_run(change, run_id)
    require_version(run.version, version)
    steps = await queries.list_process_steps(change, run.process_code)
    return _Progress(run, steps, await queries.list_taken_steps(change, run.id))


async def _advance_version(change: Change, run: ProcessRun) -> int:
    """Set the next version of a run; returns that version."""
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
    """StepAlreadyRecorded, ProcessEnded or StepOutOfOrder unless the step had its
    turn on its day.
    """
    _, steps, records = progress
    hindrance = rules.hindrance(steps, records, step, record)
    if hindrance is None:
        return
    state, allowed = rules.last_taken(steps, records), rules.next_steps(steps, records)
    if hindrance.kind == rules.ALREADY_RECORDED:
        raise StepAlreadyRecorded(state=state, allowed=allowed)
    if hindrance.kind == rules.ENDED:
        raise ProcessEnded(state=state, allowed=[])
    raise StepOutOfOrder(state=state, missing=[*hindrance.missing], allowed=allowed)


async def record_step(
    change: Change, run_id: UUID | None, record: StepRecord, version: int, today: date
) -> int:
    """Record a step of a run, as done or as skipped; returns the run's new version.

    The step is the next one, one that was skipped and is done now, or one that
    was taken back.
    """
    progress = await _lock_progress(change, run_id, version)
    step = _require_step(progress.steps, record.step)
    # The order is checked first: for a step out of order its other errors
    # do not matter.
    _require_turn(progress, step, record)
    _, steps, records = progress
    refuse(*rules.contradictions(steps, records, step, record, today))
    statement = insert(ProcessRunStep).values(
        **record.model_dump(exclude={"step", "stands_for"}),
        run_id=progress.run.id,
        step_code=step.code,
        recorded_by=change.caller.subject,
    )
    await change.execute(statement)
    return await _advance_version(change, progress.run)


def require_untied(record: StepRecord) -> None:
    """ValidationFailed when a record has `stands_for`, but its step stands for nothing."""
    if record.stands_for is not None:
        refuse(("stands_for", "not_allowed"))


async def tie_step(
    change: Change, run_id: UUID | None, record: StepRecord, addresses: Sequence[str]
) -> None:
    """Set `stands_for` of a step just done: the address in the record, else the
    first address.

    `addresses`: those that the step may stand for, at least one. UnknownReference when
    the address in the record is not among them.
    """
    address = record.stands_for
    if address is not None and address not in addresses:
        raise UnknownReference(FieldError("pointer", "/stands_for", "not_found"))
    conditions = _record_conditions(run_id, record.step, rules.StepOutcome.DONE)
    statement = update(ProcessRunStep).where(*conditions)
    await change.execute(statement.values(stands_for=address or addresses[0]))


def _record_conditions(
    run_id: UUID | None, step_code: str, outcome: str
) -> tuple[ColumnElement[bool], ...]:
    """The conditions for the one record of a step with that outcome that was
    not taken back.
    """
    return (
        col(ProcessRunStep.run_id) == run_id,
        col(ProcessRunStep.step_code) == step_code,
        col(ProcessRunStep.outcome) == outcome,
        col(ProcessRunStep.taken_back_at).is_(None),
    )


async def take_back_step(
    change: Change, run_id: UUID | None, back: StepTakeBack, version: int
) -> int:
    """Take back a recorded step of a run; it stays in the history. Returns the
    run's new version.

    The steps around it do not change. A step that was skipped and later done is
    skipped again.
    """
    progress = await _lock_progress(change, run_id, version)
    step = _require_step(progress.steps, back.step)
    _, steps, records = progress
    outcomes = rules.outcomes_of(records, step)
    if not outcomes:
        allowed = [other.code for other in steps if rules.outcomes_of(records, other)]
        raise StepNotRecorded(state=rules.last_taken(steps, records), allowed=allowed)
    # "done" comes before "skipped", in the alphabet as well as here.
    conditions = _record_conditions(progress.run.id, back.step, min(outcomes))
    statement = update(ProcessRunStep).where(*conditions)
    statement = statement.values(
        # Not `now()`: this transaction may have begun before the step was recorded, if
        # it waited for the lock.
        taken_back_at=func.clock_timestamp(),
        taken_back_by=change.caller.subject,
        taken_back_reason=back.reason,
    )
    await change.execute(statement)
    return await _advance_version(change, progress.run)
