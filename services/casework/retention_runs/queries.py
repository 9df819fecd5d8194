"""Every query on the retention runs."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.casework.laws.rules.values import LAWS, in_force
from services.casework.permissions import Permission
from services.casework.problems import RetentionRunNotFound
from services.casework.retention_runs.models import RetentionRun
from services.casework.retention_runs.rules import RunState, allowed_verbs
from services.casework.retention_runs.schemas import (
    RetentionRunList,
    RetentionRunRead,
    RetentionRunSummary,
)
from services.casework.retention_runs.statements import DUE
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

RUNS = rows_of(RetentionRun)
_LIST = Filtered(
    Listing(
        {name: RUNS.c[name] for name in RetentionRunSummary.model_fields},
        {"created_at": RUNS.c.created_at},
        "-created_at",
        RUNS.c.id,
    ),
    RUNS,
    {name: Filter(RUNS.c[name]) for name in ("county_terc", "state")},
    county=RUNS.c.county_terc,
)


def list_runs(query: RetentionRunList, caller: Caller) -> Listed:
    """The runs that a list shows."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    return filtered(_LIST, values, caller, Permission.RETAIN)


def _reach(caller: Caller) -> ColumnElement[bool]:
    return within(caller, Permission.RETAIN, county=RUNS.c.county_terc)


async def get_run(reading: Reading, run_id: UUID) -> RetentionRun:
    """One run of the caller's counties."""
    query = by_key(_LIST, run_id, reading.caller, Permission.RETAIN)
    return await reading.instance(
        RetentionRun, query.statement, RetentionRunNotFound, query.values
    )


async def lock_run(change: Change, run_id: UUID) -> RetentionRun:
    """One run of the caller's counties, locked until the transaction ends."""
    statement = select(RUNS).where(RUNS.c.id == run_id, _reach(change.caller))
    # Locked, so that of two decisions at once the second sees the result of the first.
    locking = statement.with_for_update()
    return await change.instance(RetentionRun, locking, RetentionRunNotFound)


async def list_due(
    reading: Reading, county_terc: str, as_of: date, person_id: UUID | None = None
) -> list[tuple[UUID, str]]:
    """The people of a county, or one person, whose retention period is over on a day,
    each with its outcome.
    """
    # The same statement for a county and for one person,
    # so that both give the same result.
    majority = in_force(LAWS.majority, as_of).age
    rows = await reading.fetch(DUE, county_terc, as_of, person_id, majority)
    return [(row["id"], row["outcome"]) for row in rows]


def to_stored(run: RetentionRun) -> Stored:
    """A run as it is shown."""
    allowed = allowed_verbs(RunState(run.state))
    body = RetentionRunRead.model_validate(run.model_dump() | {"allowed": allowed})
    return Stored(run.id, run.version, body.model_dump_json())
