"""Every change of a run. Whoever calls these has asked who may, and writes the audit record and the event."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.problems import (
    FieldError,
    UnknownReference,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.tables import rows_of
from services.chassis.work import Change, Record
from services.registry.problems import ProcessEnded, StepAlreadyRecorded, StepOutOfOrder
from services.registry.processes import queries, rules
from services.registry.processes.models import ProcessRun, ProcessRunStep
from services.registry.processes.schemas import StepRecord, StepTakeBack

_RUNS = rows_of(ProcessRun)


async def start_run(
    change: Change, process_code: str, county: str | None, subject: str
) -> UUID:
    """Begin the way of a subject (`bodies/<id>`) through a process; the run's id."""
    values = {"process_code": process_code, "county_terc": county, "subject": subject}
    statement = insert(ProcessRun).values(**values).returning(col(ProcessRun.id))
    run_id: UUID = await change.scalar(statement)
    return run_id


async def _locked_run(change: Change, run_id: UUID | None, if_match: IfMatch) -> Record:
    run = await queries.lock_run(change, run_id)
    if expected_version(if_match, run.id) != run.version:
        raise VersionMismatch()
    return run


async def _changed(change: Change, run: Record) -> Record:
    values = {"version": ProcessRun.version + 1, "changed_at": func.now()}
    statement = (
        update(ProcessRun)
        .where(col(ProcessRun.id) == run.id)
        .values(**values)
        .returning(*_RUNS.c)
    )
    return await change.one(statement)


def _known(steps: rules.Steps, code: str) -> rules.Step:
    step = rules.find_step(steps, code)
    if step is None:
        raise UnknownReference(FieldError("pointer", "/step", "not_found"))
    return step


def _refuse_hindered(
    steps: rules.Steps, taken: rules.Recorded, asked: rules.Step
) -> None:
    hindered = rules.hindrance(steps, taken, asked)
    state = rules.last_taken(steps, taken)
    if hindered is None:
        return
    if hindered.kind == rules.ALREADY_RECORDED:
        raise StepAlreadyRecorded(state=state, allowed=rules.next_steps(steps, taken))
    if hindered.kind == rules.ENDED:
        raise ProcessEnded(state=state, allowed=[])
    raise StepOutOfOrder(
        state=state, missing=[*hindered.missing], allowed=rules.next_steps(steps, taken)
    )


async def record_step(
    change: Change,
    caller: Caller,
    run_id: UUID | None,
    step: StepRecord,
    if_match: IfMatch,
    today: date,
) -> Record:
    """Record the next step of a run, as done or as skipped; the run as it is then."""
    run = await _locked_run(change, run_id, if_match)
    steps = await queries.list_process_steps(change, run.process_code)
    taken = await queries.list_taken_steps(change, run.id)
    asked = _known(steps, step.step)
    _refuse_hindered(steps, taken, asked)
    wrong = rules.contradictions(
        steps, taken, asked, step.outcome, step.done_on, step.reason, today
    )
    if wrong:
        raise ValidationFailed(
            *[FieldError("pointer", f"/{name}", code) for name, code in wrong]
        )
    values = step.model_dump(exclude={"step"}) | {
        "run_id": run.id,
        "step_code": step.step,
    }
    statement = insert(ProcessRunStep).values(**values, recorded_by=caller.subject)
    await change.execute(statement)
    return await _changed(change, run)


async def take_back_step(
    change: Change,
    caller: Caller,
    run_id: UUID | None,
    back: StepTakeBack,
    if_match: IfMatch,
) -> Record:
    """Take back the last recorded step of a run; it stays in the history. The run as it is then."""
    run = await _locked_run(change, run_id, if_match)
    steps = await queries.list_process_steps(change, run.process_code)
    taken = await queries.list_taken_steps(change, run.id)
    asked, last = _known(steps, back.step), rules.last_taken(steps, taken)
    if asked.code != last:
        raise StepOutOfOrder(
            state=last,
            missing=rules.later_steps(steps, taken, asked),
            allowed=[last] if last else [],
        )
    standing = (
        col(ProcessRunStep.run_id) == run.id,
        col(ProcessRunStep.step_code) == back.step,
        col(ProcessRunStep.taken_back_at).is_(None),
    )
    values = {"taken_back_by": caller.subject, "taken_back_reason": back.reason}
    statement = (
        update(ProcessRunStep)
        .where(*standing)
        .values(taken_back_at=func.clock_timestamp(), **values)
    )
    await change.execute(statement)
    return await _changed(change, run)
