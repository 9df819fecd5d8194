"""Errors of the database as the Problems that callers get."""

from collections.abc import Iterator

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.chassis.ground.problems import (
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
from services.chassis.servers.leading import CONNECTION_FAULTS

# The first that fits counts, so a single code stands before its class.
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
    ("25006", DatabaseUnavailable),  # the server has become a standby
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
        problem_type = next(
            (kind for kind in catalogue() if kind.constraint == constraint), None
        )
        if problem_type is not None:
            return problem_type()
    # No right to write the trail: what cannot be on record is not done (fail closed).
    if error.sqlstate == "42501" and "audit_records" in str(
        getattr(error, "message", "")
    ):
        return AuditUnavailable()
    return next(
        (
            kind()
            for prefix, kind in _BY_SQLSTATE
            if (error.sqlstate or "").startswith(prefix)
        ),
        None,
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error itself, then what it wraps, innermost last."""
    visited_ids: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in visited_ids:
        visited_ids.add(id(link))
        yield link
        link = getattr(link, "orig", None) or link.__cause__ or link.__context__
