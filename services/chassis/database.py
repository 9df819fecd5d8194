"""One request, one transaction, committed before the answer."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, Any

import asyncpg
from fastapi import Depends
from pydantic_core import to_json
from sqlalchemy import Row, Select
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from services.chassis import idempotency
from services.chassis.connections import CONNECTION_FAULTS, pool_of
from services.chassis.correlation import trace_id
from services.chassis.problems import (
    AuditUnavailable,
    DatabaseUnavailable,
    Duplicate,
    Internal,
    Overloaded,
    Problem,
    ResourceBusy,
    StorageExhausted,
    Unavailable,
    UnknownReference,
    catalogue,
)
from services.chassis.sessions import Reader, driver_of, work
from services.chassis.settings import ServiceSettings

Record = Row[*tuple[Any, ...]]
Rows = Select[*tuple[Any, ...]]


class Database:
    """The connections of one process to one service's schema."""

    def __init__(self, settings: ServiceSettings, schema: str) -> None:
        self.schema = schema
        # What is said again and again need not be planned each time: that can cost more than to carry it out.
        self.engine = pool_of(settings, schema, settings.database_pool_size, "auto")
        self.sessions = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)
        # A question's plan that does not know the words searched for can cost ten times as much.
        self._questions = pool_of(settings, schema, -(-settings.database_pool_size // 2), "force_custom_plan")
        self._autocommitting = self._questions.execution_options(isolation_level="AUTOCOMMIT")

    def readings(self) -> AbstractAsyncContextManager[AsyncSession]:
        """For questions that one statement answers: no transaction, one round trip, a connection once it is asked."""
        return Reader(self._autocommitting, self.engine)

    def work(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction, begun; committed at the end of the block, rolled back on any error."""
        return work(self.engine)

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()
        await self._questions.dispose()


_WRITE = """
WITH audit AS (
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, institution_id, detail, trace_id)
    SELECT actor, action, subject, outcome, county_terc, institution_id, detail, CAST($1 AS text)
    FROM jsonb_to_recordset(CAST($2 AS jsonb)) AS given(
        actor text, action text, subject text, outcome text, county_terc text, institution_id uuid, detail jsonb)
), outbox AS (
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT type, subject, subject_version, county_terc, data, CAST($1 AS text)
    FROM jsonb_to_recordset(CAST($3 AS jsonb)) AS given(
        type text, subject text, subject_version integer, county_terc text, data jsonb)
), answer AS (
    INSERT INTO idempotency_keys (subject, key, fingerprint, status, headers, body)
    SELECT CAST($4 AS text), CAST($5 AS text), CAST($6 AS bytea), CAST($7 AS integer), CAST($8 AS text[]),
           CAST($9 AS bytea)
    WHERE CAST($5 AS text) IS NOT NULL
)
SELECT 1
"""
_ANSWER = ("subject", "key", "fingerprint", "status", "headers", "body")


async def _write_effects(session: AsyncSession) -> None:
    """Write what the session collected. Nothing collected, nothing sent."""
    audit = session.info.pop("audit", [])
    events = session.info.pop("events", [])
    answer = session.info.pop("answer", {})
    if not (audit or events or answer):
        return
    told = to_json(audit).decode(), to_json(events).decode()
    collected = (trace_id(), *told, *[answer.get(name) for name in _ANSWER])
    await (await driver_of(session)).execute(_WRITE, *collected)


@asynccontextmanager
async def transaction(database: Database) -> AsyncIterator[AsyncSession]:
    """A transaction with its audit records and events; committed at the end, rolled back on any error."""
    async with database.work() as session:
        yield session
        await _write_effects(session)


async def open_session(request: Request) -> AsyncIterator[AsyncSession]:
    """The transaction of a request. A request that was carried out before is answered as it was then."""
    async with transaction(request.app.state.database) as session:
        await idempotency.claim(session, await driver_of(session), request)
        request.scope["splot.session"] = session
        yield session


async def open_reading(request: Request) -> AsyncIterator[AsyncSession]:
    """The connection of a request that only asks."""
    async with request.app.state.database.readings() as session:
        yield session


Session = Annotated[AsyncSession, Depends(open_session, scope="function")]
Reading = Annotated[AsyncSession, Depends(open_reading, scope="function")]


_BY_SQLSTATE: tuple[tuple[str, type[Problem]], ...] = (
    ("55P03", ResourceBusy),  # lock_timeout
    ("40001", ResourceBusy),
    ("40P01", ResourceBusy),
    ("57014", Unavailable),  # statement_timeout
    ("25P03", Unavailable),  # idle_in_transaction_session_timeout
    ("53100", StorageExhausted),
    ("53300", Overloaded),
    ("53", DatabaseUnavailable),
    ("57P", DatabaseUnavailable),
    ("08", DatabaseUnavailable),
    ("23503", UnknownReference),
    ("23505", Duplicate),
    ("23P01", Duplicate),
)


def problem_of(error: BaseException) -> Problem:
    """The Problem that an exception means; Internal when it means none."""
    for link in _chain(error):
        if isinstance(link, Problem):
            return link
        problem = _database_problem(link)
        if problem is not None:
            return problem
    return Internal()


def _database_problem(error: BaseException) -> Problem | None:
    if isinstance(error, PoolTimeout):
        return Overloaded()
    if isinstance(error, asyncpg.PostgresError):
        return _postgres_problem(error)
    if isinstance(error, (*CONNECTION_FAULTS, InterfaceError)):
        return DatabaseUnavailable()
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return DatabaseUnavailable()
    return None


def _postgres_problem(error: asyncpg.PostgresError) -> Problem | None:
    constraint = getattr(error, "constraint_name", None)
    if constraint:
        named = next((kind for kind in catalogue() if kind.constraint == constraint), None)
        if named is not None:
            return named()
    if error.sqlstate == "42501" and "audit_records" in str(getattr(error, "message", "")):
        return AuditUnavailable()
    return next((kind() for prefix, kind in _BY_SQLSTATE if (error.sqlstate or "").startswith(prefix)), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error itself, then what it wraps, innermost last."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = getattr(link, "orig", None) or link.__cause__ or link.__context__
