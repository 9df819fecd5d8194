"""Every query of the retention runs of conferences."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.clock import civil_date, civil_midnight
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.conference_registrations.queries import REGISTRATIONS
from services.training.conference_retention_rules.rules import is_over
from services.training.conference_retention_runs.models import ConferenceRetentionRun
from services.training.conference_retention_runs.schemas import (
    ConferenceRetentionRunList,
    ConferenceRetentionRunRead,
)
from services.training.conferences.queries import CONFERENCES
from services.training.problems import ConferenceRetentionRunNotFound

RUNS = rows_of(ConferenceRetentionRun)
_WIRE = {name: RUNS.c[name] for name in ConferenceRetentionRunRead.model_fields}
STORED = stored_columns(_WIRE, RUNS.c.id, RUNS.c.version)
_LISTING = Listing(_WIRE, {"created_at": RUNS.c.created_at}, "-created_at", RUNS.c.id)


def list_runs(query: ConferenceRetentionRunList) -> Listed:
    """The runs that a list shows."""
    rows: Rows = select(RUNS)
    if query.state:
        rows = rows.where(RUNS.c.state.in_(query.state))
    return Listed(_LISTING, rows)


_ONE: Rows = select(*STORED).where(RUNS.c.id == bindparam("key"))


async def get_run(reading: Reading, run_id: UUID) -> Stored:
    """One run."""
    return await reading.stored(_ONE, ConferenceRetentionRunNotFound, {"key": run_id})


async def lock_run(change: Change, run_id: UUID) -> ConferenceRetentionRun:
    """One run, locked until the transaction ends."""
    statement = select(RUNS).where(RUNS.c.id == run_id).with_for_update()
    problem = ConferenceRetentionRunNotFound
    return await change.instance(ConferenceRetentionRun, statement, problem)


class Due(NamedTuple):
    """A conference whose registrations fall due, and their number."""

    conference_id: UUID
    registrations: int


async def list_due(reading: Reading, as_of: date, months: int) -> Sequence[Due]:
    """The conferences whose months are over on a day, the oldest first.

    In a transaction that reaches everywhere.
    """
    of = CONFERENCES.c
    # In every state: a conference may be over without having been marked as held.
    statement = (
        select(of.id, of.ends_at, func.count())
        .join(REGISTRATIONS, REGISTRATIONS.c.conference_id == of.id)
        .where(of.registrants_erased_at.is_(None), of.ends_at < civil_midnight(as_of))
        .group_by(of.id)
        .order_by(of.ends_at, of.id)
    )
    return [
        Due(conference_id, registrations)
        for conference_id, ends_at, registrations in await reading.rows(statement)
        if is_over(civil_date(ends_at), months, as_of)
    ]
