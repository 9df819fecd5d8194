"""Every question asked of the processes and of the runs through them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.listing import ListQuery
from services.chassis.pages import Listing
from services.chassis.paging import page
from services.chassis.tables import rows_of
from services.chassis.wire import json_object
from services.chassis.work import Reading, Record, Rows
from services.registry.problems import ProcessNotFound, ProcessRunNotFound
from services.registry.processes.models import (
    Process,
    ProcessRun,
    ProcessRunStep,
    ProcessStep,
)
from services.registry.processes.rules import (
    Step,
    StepStatus,
    Taken,
    has_ended,
    last_done,
    next_steps,
)
from services.registry.processes.schemas import (
    ProcessStepRead,
    RunHistory,
    RunRead,
    RunStep,
)

_PROCESSES: FromClause = rows_of(Process)
_STEPS: FromClause = rows_of(ProcessStep)
_RUNS: FromClause = rows_of(ProcessRun)
_RECORDS: FromClause = rows_of(ProcessRunStep)
_STANDING = _RECORDS.c.taken_back_at.is_(None)


def label_of(rows: FromClause) -> ColumnElement[Any]:
    """The name of a row in both languages, for whatever keeps `name_pl` and `name_en`."""
    return func.json_build_object(
        literal_column("'pl'"), rows.c.name_pl, literal_column("'en'"), rows.c.name_en
    )


def _objects(wire: dict[str, Any], *order: Any) -> ColumnElement[Any]:
    """The rows as a JSON list in that order."""
    pairs = [
        part for name, column in wire.items() for part in (cast(name, String), column)
    ]
    return func.coalesce(
        func.json_agg(aggregate_order_by(func.json_build_object(*pairs), *order)),
        literal_column("'[]'::json"),
    )


_STEP_WIRE = {
    name: label_of(_STEPS) if name == "label" else _STEPS.c[name]
    for name in ProcessStepRead.model_fields
}
_HISTORY_WIRE = {
    name: _RECORDS.c["step_code" if name == "step" else name]
    for name in RunHistory.model_fields
}


def _steps_of(process_code: ColumnElement[Any]) -> ColumnElement[Any]:
    return (
        select(_objects(_STEP_WIRE, _STEPS.c.position, _STEPS.c.code))
        .where(_STEPS.c.process_code == process_code)
        .correlate_except(_STEPS)
        .scalar_subquery()
    )


_WIRE: dict[str, ColumnElement[Any]] = {
    "code": _PROCESSES.c.code,
    "version": _PROCESSES.c.version,
    "label": label_of(_PROCESSES),
    "source": _PROCESSES.c.source,
    "steps": _steps_of(_PROCESSES.c.code),
}
_LISTING = Listing(_WIRE, {"code": _PROCESSES.c.code}, "code", _PROCESSES.c.code)


async def list_processes(
    reading: Reading, terms: AnswerTerms, query: ListQuery
) -> Answer:
    """A page of processes with their steps."""
    return await page(reading, terms, query, _LISTING, select(_PROCESSES))


async def get_process(reading: Reading, terms: AnswerTerms, code: str) -> Answer:
    """One process with its steps."""
    statement = select(json_object(_WIRE), _PROCESSES.c.version).where(
        _PROCESSES.c.code == code
    )
    found = await reading.find(statement)
    if found is None:
        raise ProcessNotFound()
    return tagged(found[0], etag(code, found[1]), terms)


async def get_run_steps(
    reading: Reading, terms: AnswerTerms | None, run_id: UUID | None
) -> Answer:
    """How far a run has come, with everything ever recorded in it. None stands for a subject without a process."""
    history = (
        select(_objects(_HISTORY_WIRE, _RECORDS.c.recorded_at, _RECORDS.c.id))
        .where(_RECORDS.c.run_id == run_id)
        .scalar_subquery()
    )
    statement = (
        select(
            _RUNS.c.id,
            _RUNS.c.version,
            _PROCESSES.c.code,
            label_of(_PROCESSES).label("label"),
            _steps_of(_PROCESSES.c.code).label("steps"),
            history.label("history"),
        )
        .join(_PROCESSES, _PROCESSES.c.code == _RUNS.c.process_code)
        .where(_RUNS.c.id == run_id)
    )
    found = await reading.find(statement)
    if found is None:
        raise ProcessRunNotFound()
    return tagged(_run(found).model_dump_json(), etag(found.id, found.version), terms)


def _run(found: Record) -> RunRead:
    history = [RunHistory.model_validate(record) for record in found.history]
    standing = {
        record.step: record for record in history if record.taken_back_at is None
    }
    taken = [
        Taken(record.step, record.outcome, record.done_on)
        for record in standing.values()
    ]
    steps = [
        Step(step["code"], step["position"], step["is_ending"], step["comes_any_time"])
        for step in found.steps
    ]
    return RunRead.model_validate(
        {
            "id": found.id,
            "version": found.version,
            "process": {"code": found.code, "label": found.label},
            "state": last_done(steps, taken),
            "ended": has_ended(steps, taken),
            "next": next_steps(steps, taken),
            "steps": [
                _run_step(step, standing.get(step["code"])) for step in found.steps
            ],
            "history": history,
        }
    )


def _run_step(step: dict[str, Any], record: RunHistory | None) -> RunStep:
    facts = {
        name: getattr(record, name, None)
        for name in ("done_on", "reason", "evidence", "recorded_by")
    }
    status = record.outcome if record else StepStatus.PENDING
    named = {name: step[name] for name in ("code", "position", "label")}
    return RunStep.model_validate({**named, "status": status, **facts})


async def lock_run(reading: Reading, run_id: UUID | None) -> Record:
    """The record of a run, held until the transaction ends."""
    statement = select(_RUNS).where(_RUNS.c.id == run_id).with_for_update()
    found = await reading.find(statement)
    if found is None:
        raise ProcessRunNotFound()
    return found


async def list_process_steps(reading: Reading, process_code: str) -> Sequence[Step]:
    """The steps of a process in their order."""
    order = (_STEPS.c.position, _STEPS.c.code)
    statement = select(*[_STEPS.c[name] for name in Step._fields]).where(
        _STEPS.c.process_code == process_code
    )
    return [Step(*row) for row in await reading.rows(statement.order_by(*order))]


async def list_taken_steps(reading: Reading, run_id: UUID) -> Sequence[Taken]:
    """What is recorded in a run and was not taken back."""
    columns = (_RECORDS.c.step_code, _RECORDS.c.outcome, _RECORDS.c.done_on)
    statement = select(*columns).where(_RECORDS.c.run_id == run_id, _STANDING)
    return [Taken(*row) for row in await reading.rows(statement)]


def list_steps_of_runs(process_code: str) -> Rows:
    """Every run of a process × every step of it, with how the step stands: for a board of subjects × steps.

    Columns: run_id, step, position, status, done_on. Join it by `.subquery()` on `run_id`.
    """
    standing = (
        (_RECORDS.c.run_id == _RUNS.c.id)
        & (_RECORDS.c.step_code == _STEPS.c.code)
        & _STANDING
    )
    return (
        select(
            _RUNS.c.id.label("run_id"),
            _STEPS.c.code.label("step"),
            _STEPS.c.position,
            func.coalesce(_RECORDS.c.outcome, literal_column("'pending'")).label(
                "status"
            ),
            _RECORDS.c.done_on,
        )
        .select_from(
            _RUNS.join(_STEPS, _STEPS.c.process_code == _RUNS.c.process_code).outerjoin(
                _RECORDS, standing
            )
        )
        .where(_RUNS.c.process_code == process_code)
    )


def state_of_run(run_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """The last step that was done in a run, NULL before the first: a column for lists."""
    return (
        select(_RECORDS.c.step_code)
        .join(_RUNS, _RUNS.c.id == _RECORDS.c.run_id)
        .join(
            _STEPS,
            (_STEPS.c.process_code == _RUNS.c.process_code)
            & (_STEPS.c.code == _RECORDS.c.step_code),
        )
        .where(_RECORDS.c.run_id == run_id, _STANDING, _RECORDS.c.outcome == "done")
        .order_by(_STEPS.c.position.desc())
        .limit(1)
        .correlate_except(_RECORDS, _RUNS, _STEPS)
        .scalar_subquery()
    )


def process_of_run(run_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """The code of the process that a run goes through: a column for lists."""
    process: ColumnElement[Any] = (
        select(_RUNS.c.process_code)
        .where(_RUNS.c.id == run_id)
        .correlate_except(_RUNS)
        .scalar_subquery()
    )
    return process
