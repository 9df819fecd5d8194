"""Every question asked of the processes and of the runs through them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.problems import ProcessNotFound, ProcessRunNotFound
from services.registry.processes.models import (
    Process,
    ProcessRun,
    ProcessRunStep,
    ProcessStep,
)
from services.registry.processes.rules import (
    Step,
    StepOutcome,
    StepStatus,
    Taken,
    has_ended,
    last_done,
    next_steps,
)
from services.registry.processes.schemas import (
    ProcessStepRead,
    RunHistory,
    RunProcess,
    RunRead,
    RunStep,
)

_PROCESSES: FromClause = rows_of(Process)
_STEPS: FromClause = rows_of(ProcessStep)
_RUNS: FromClause = rows_of(ProcessRun)
_RECORDS: FromClause = rows_of(ProcessRunStep)
_STANDING = _RECORDS.c.taken_back_at.is_(None)
_DONE = _RECORDS.alias("done")
# A step that was skipped and later done has two records; only the second one counts.
_IS_DONE_LATER = (
    exists()
    .where(_DONE.c.run_id == _RECORDS.c.run_id)
    .where(_DONE.c.step_code == _RECORDS.c.step_code)
    .where(_DONE.c.outcome == StepOutcome.DONE, _DONE.c.taken_back_at.is_(None))
    .where(_RECORDS.c.outcome == StepOutcome.SKIPPED)
)


def object_of(columns: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    """One JSON object of these columns, for a value inside a row."""
    pairs = [
        part for name, column in columns.items() for part in (literal(name), column)
    ]
    return func.json_build_object(*pairs)


def list_of(
    columns: Mapping[str, ColumnElement[Any]], *order: ColumnElement[Any]
) -> ColumnElement[Any]:
    """The JSON list of all rows, an object each, in this order; empty where there are none."""
    item: ColumnElement[Any] = object_of(columns)
    items = func.json_agg(aggregate_order_by(item, *order) if order else item)
    return func.coalesce(items, literal_column("'[]'::json"))


def label_of(rows: FromClause) -> ColumnElement[Any]:
    """The name of a row in both languages, of any table with `name_pl` and `name_en`."""
    return func.json_build_object(
        literal_column("'pl'"), rows.c.name_pl, literal_column("'en'"), rows.c.name_en
    )


_STEP_COLUMNS = {
    name: label_of(_STEPS) if name == "label" else _STEPS.c[name]
    for name in ProcessStepRead.model_fields
}
_HISTORY_COLUMNS = {
    name: _RECORDS.c["step_code" if name == "step" else name]
    for name in RunHistory.model_fields
}


def _steps_of(process_code: ColumnElement[Any]) -> ColumnElement[Any]:
    """The steps of a process in their order, as a JSON list."""
    return (
        select(list_of(_STEP_COLUMNS, _STEPS.c.position, _STEPS.c.code))
        .where(_STEPS.c.process_code == process_code)
        # The process is in the outer statement; only the steps are selected here.
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


# Built once: the compiled statement of a page is cached by the select it is made from.
_ALL: Rows = select(_PROCESSES)


async def list_processes(
    reading: Reading, terms: ListTerms, query: ListQuery
) -> ItemPage:
    """A page of processes with their steps."""
    return await page_of(reading, terms, query, Listed(_LISTING, _ALL, {}))


_ONE: Rows = select(
    *stored_columns(_WIRE, _PROCESSES.c.code, _PROCESSES.c.version)
).where(_PROCESSES.c.code == bindparam("key"))


async def get_process(reading: Reading, code: str) -> Stored:
    """One process with its steps."""
    return await reading.stored(_ONE, ProcessNotFound, {"key": code})


class _RunRow(NamedTuple):
    """A run with its process; steps and records as JSON."""

    id: UUID
    version: int
    process: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    history: Sequence[Mapping[str, Any]]


async def get_run_steps(reading: Reading, run_id: UUID | None) -> Stored:
    """The state of a run, with everything ever recorded in it.

    ProcessRunNotFound for an unknown run, and for None, a subject without a process.
    """
    history = (
        select(list_of(_HISTORY_COLUMNS, _RECORDS.c.recorded_at, _RECORDS.c.id))
        .where(_RECORDS.c.run_id == run_id)
        .scalar_subquery()
    )
    process = {"code": _PROCESSES.c.code, "label": label_of(_PROCESSES)}
    columns: list[ColumnElement[Any]] = [
        _RUNS.c.id,
        _RUNS.c.version,
        object_of(process).label("process"),
        _steps_of(_PROCESSES.c.code).label("steps"),
        history.label("history"),
    ]
    statement: Rows = (
        select(*columns)
        .join(_PROCESSES, _PROCESSES.c.code == _RUNS.c.process_code)
        .where(_RUNS.c.id == run_id)
    )
    row = _RunRow(*await reading.one(statement, ProcessRunNotFound))
    # The next steps follow from rules in Python, so PostgreSQL cannot make this JSON.
    return Stored(row.id, row.version, _run(row).model_dump_json())


def _run(row: _RunRow) -> RunRead:
    """The state of a run and its next steps, computed from its records."""
    process_steps = [ProcessStepRead.model_validate(step) for step in row.steps]
    history = [RunHistory.model_validate(record) for record in row.history]
    valid = [record for record in history if record.taken_back_at is None]
    # The last record of a step counts: a step that was skipped may be done later, and
    # one that is done is never skipped.
    latest = {record.step: record for record in valid}
    records = [Taken(record.step, record.outcome, record.done_on) for record in valid]
    steps = [
        Step(step.code, step.position, step.is_ending, step.comes_any_time)
        for step in process_steps
    ]
    return RunRead(
        id=row.id,
        version=row.version,
        process=RunProcess.model_validate(row.process),
        state=last_done(steps, records),
        ended=has_ended(steps, records),
        next=next_steps(steps, records),
        steps=[_run_step(step, latest.get(step.code)) for step in process_steps],
        history=history,
    )


def _run_step(step: ProcessStepRead, record: RunHistory | None) -> RunStep:
    """A step of a run: as it was recorded, else pending."""
    return RunStep(
        code=step.code,
        position=step.position,
        label=step.label,
        status=StepStatus(record.outcome) if record else StepStatus.PENDING,
        done_on=record.done_on if record else None,
        reason=record.reason if record else None,
        evidence=record.evidence if record else None,
        document_version_id=record.document_version_id if record else None,
        stands_for=record.stands_for if record else None,
        recorded_by=record.recorded_by if record else None,
        recorded_at=record.recorded_at if record else None,
    )


async def lock_run(change: Change, run_id: UUID | None) -> ProcessRun:
    """A run, locked until the transaction ends; ProcessRunNotFound also for None."""
    statement = select(_RUNS).where(_RUNS.c.id == run_id).with_for_update()
    return await change.instance(ProcessRun, statement, ProcessRunNotFound)


async def list_process_steps(reading: Reading, process_code: str) -> Sequence[Step]:
    """The steps of a process in their order."""
    columns = [_STEPS.c[name] for name in Step._fields]
    statement = select(*columns).where(_STEPS.c.process_code == process_code)
    ordered = statement.order_by(_STEPS.c.position, _STEPS.c.code)
    return [Step(*row) for row in await reading.rows(ordered)]


async def list_taken_steps(reading: Reading, run_id: UUID) -> Sequence[Taken]:
    """The records of a run that were not taken back."""
    columns = (_RECORDS.c.step_code, _RECORDS.c.outcome, _RECORDS.c.done_on)
    statement = select(*columns).where(_RECORDS.c.run_id == run_id, _STANDING)
    return [Taken(*row) for row in await reading.rows(statement)]


def list_steps_of_runs(process_code: str) -> Rows:
    """Every run of a process × every step, with the status of the step, for a board.

    Columns: run_id, step, position, status, done_on. Join it by `.subquery()` on `run_id`.
    """
    # A step that was taken back does not count: its cell is pending again.
    is_record = (
        (_RECORDS.c.run_id == _RUNS.c.id)
        & (_RECORDS.c.step_code == _STEPS.c.code)
        & _STANDING
        & ~_IS_DONE_LATER
    )
    every_step = _RUNS.join(_STEPS, _STEPS.c.process_code == _RUNS.c.process_code)
    pending: ColumnElement[str] = literal_column("'pending'")
    return (
        select(
            _RUNS.c.id.label("run_id"),
            _STEPS.c.code.label("step"),
            _STEPS.c.position,
            func.coalesce(_RECORDS.c.outcome, pending).label("status"),
            _RECORDS.c.done_on,
        )
        # An outer join: a step without a record is a cell of the board as well.
        .select_from(every_step.outerjoin(_RECORDS, is_record))
        .where(_RUNS.c.process_code == process_code)
    )


def state_of_run(run_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column for lists: the last step that was done in a run, NULL before
    the first one.

    The same as `rules.last_done`, in SQL: a list cannot fetch the records of
    each of its rows.
    """
    is_step = (_STEPS.c.process_code == _RUNS.c.process_code) & (
        _STEPS.c.code == _RECORDS.c.step_code
    )
    return (
        select(_RECORDS.c.step_code)
        .join(_RUNS, _RUNS.c.id == _RECORDS.c.run_id)
        .join(_STEPS, is_step)
        .where(_RECORDS.c.run_id == run_id, _STANDING, _RECORDS.c.outcome == "done")
        .order_by(_STEPS.c.position.desc())
        .limit(1)
        .correlate_except(_RECORDS, _RUNS, _STEPS)
        .scalar_subquery()
    )


def process_of_run(run_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column for lists: the code of the process that a run goes through."""
    process: ColumnElement[Any] = (
        select(_RUNS.c.process_code)
        .where(_RUNS.c.id == run_id)
        .correlate_except(_RUNS)
        .scalar_subquery()
    )
    return process
