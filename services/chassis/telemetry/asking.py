"""Spans of the statements that a pool's connections carry out."""

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from services.chassis.telemetry.traces import spans

if TYPE_CHECKING:
    from services.chassis.telemetry.spans import Spans


def watch_statements(engine: Engine, schema: str) -> None:
    """Let each statement have a span from now on, where traces are kept."""
    if (kept := spans()) is None:
        return
    watched = _Watched(kept, schema)
    event.listen(engine, "connect", watched.connected)
    event.listen(engine, "before_cursor_execute", watched.begin)
    event.listen(engine, "after_cursor_execute", watched.end)
    event.listen(engine, "handle_error", watched.fail)


class _Watched:
    """What SQLAlchemy and the driver tell of the statements of one pool."""

    def __init__(self, kept: "Spans", schema: str) -> None:
        self._add = partial(kept.add_statement, schema)

    def connected(self, connection: Any, _: Any) -> None:
        """SQLAlchemy: a new connection. The driver tells what is asked past SQLAlchemy."""
        connection.driver_connection.add_query_logger(self.logged)

    def logged(self, record: Any) -> None:
        """asyncpg: a statement has ended."""
        sqlstate = _sqlstate(record.exception) if record.exception else None
        self._add(record.query, record.elapsed, sqlstate)

    def begin(self, connection: Any, *_: Any) -> None:
        """SQLAlchemy: a statement begins."""
        connection.info["asked_at"] = time.perf_counter()

    # By their names: SQLAlchemy hands over what is named.
    def end(
        self,
        conn: Any,
        cursor: Any,
        statement: str,
        parameters: Any,
        context: Any,
        executemany: bool,
    ) -> None:
        """SQLAlchemy: a statement has ended."""
        del cursor, parameters, context, executemany
        self._add(statement, _seconds(conn.info), None)

    def fail(self, told: Any) -> None:
        """SQLAlchemy: a statement has failed."""
        if told.statement is not None and told.connection is not None:
            seconds = _seconds(told.connection.info)
            self._add(told.statement, seconds, _sqlstate(told.original_exception))


def _seconds(info: dict[str, Any]) -> float:
    return time.perf_counter() - float(info.get("asked_at", time.perf_counter()))


def _sqlstate(error: Any) -> str:
    """PostgreSQL's code of an error; the kind of one that it did not tell."""
    return str(getattr(error, "sqlstate", None) or type(error).__name__)
