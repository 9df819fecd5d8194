"""Work that outlives its request: kept in the database, cancelled or done once."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import Channel
from pydantic import BaseModel
from sqlalchemy import (
    insert,
)

from services.chassis.data import work
from services.chassis.data.database import Database
from services.chassis.data.tables import JOBS
from services.chassis.ground.correlation import trace_id
from services.chassis.trust.callers import Caller, kept_caller

ENDED = {"succeeded", "failed", "cancelled"}


@dataclass(frozen=True)
class Outcome:
    """The outcome of a job; `keep=False` undoes its writes and keeps this alone.

    Each problem: line, pointer, code, column from 1 or None, whether it is a warning.
    """

    result: BaseModel | None = None
    problems: Sequence[tuple[int, str, str, int | None, bool]] = ()
    keep: bool = True


@dataclass
class JobRun:
    """One attempt at a job: for whom, with what, and how far it has come."""

    id: UUID
    kind: str
    caller: Caller
    parameters: Mapping[str, Any]
    database: Database
    attempts: int = field(default=1, init=False)
    done: int = field(default=0, init=False)
    total: int | None = field(default=None, init=False)
    cancelled: bool = field(default=False, init=False)


@dataclass(frozen=True)
class Job:
    """A kind of background work; `run` does all of it in the change's transaction."""

    kind: str
    run: Callable[[work.Change, JobRun], Coroutine[Any, Any, Outcome]]
    # The model of its result, for the API document.
    result: type[BaseModel]
    most_attempts: int = 5
    # Needed to ask for it, and by applications with scopes to see such jobs.
    permission: StrEnum | None = None


def channel_of(schema: str) -> Channel:
    """Where the queue of a service notifies its runners."""
    return Channel(f"{schema}_queue")


def queries_on(
    connection: "asyncpg.Connection[asyncpg.Record]", settings: DBSettings
) -> Queries:
    """The queue's queries on this connection, in its transaction."""
    builders = (
        QueryBuilderEnvironment(settings),
        QueryQueueBuilder(settings),
        QuerySchedulerBuilder(settings),
    )
    return Queries(AsyncpgDriver(connection), *builders)


async def enqueue(
    change: work.Change, caller: Caller, kind: str, parameters: Mapping[str, Any]
) -> UUID:
    """Ask for a job: it begins when the change commits, and never if it does not."""
    values = {
        "kind": kind,
        "parameters": dict(parameters),
        "requested_by": caller.subject,
        "trace_id": trace_id(),
    }
    # With the caller's present rights: the job does what they may do, and no more.
    statement = (
        insert(JOBS)
        .values(**values, requester=kept_caller(caller))
        .returning(JOBS.c.id)
    )
    job_id: UUID = await change.scalar(statement)
    # The queue holds the id alone: its log would keep whatever else it is given.
    await queries_on(await change.driver(), DBSettings()).enqueue(
        kind, str(job_id).encode()
    )
    return job_id
