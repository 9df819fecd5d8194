"""Spans of the statements that a pool's connections execute."""

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from services.chassis.telemetry.traces import spans

if TYPE_CHECKING:
    from services.chassis.telemetry.spans import Spans


def watch_statements(engine: Engine, schema: str) -> None:
    """Give each statement a span from now on, if traces are kept."""
    if (tracer := spans()) is None:
        return
    listener = _StatementListener(tracer, schema)
    event.listen(engine, "connect", listener.connected)
    event.listen(engine, "before_cursor_execute", listener.begin)
    event.listen(engine, "after_cursor_execute", listener.end)
    event.listen(engine, "handle_error", listener.fail)


class _StatementListener:
    """Listens to SQLAlchemy's and the driver's events of one pool."""

    def __init__(self, tracer: "Spans", schema: str) -> None:
        self._add = partial(tracer.add_statement, schema)

    def connected(self, connection: Any, _: Any) -> None:
        """SQLAlchemy: a new connection. The driver reports its direct statements."""
        connection.driver_connection.add_query_logger(self.logged)

    def logged(self, record: Any) -> None:
        """asyncpg: a statement has ended."""
        sqlstate = _sqlstate(record.exception) if record.exception else None
        self._add(record.query, record.elapsed, sqlstate)

    def begin(self, connection: Any, *_: Any) -> None:
        """SQLAlchemy: a statement begins."""
        connection.info["asked_at"] = time.perf_counter()

    # By their names: SQLAlchemy passes only parameters that it knows by name.
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

    def fail(self, context: Any) -> None:
        """SQLAlchemy: a statement has failed."""
        if context.statement is not None and context.connection is not None:
            seconds = _seconds(context.connection.info)
            self._add(context.statement, seconds, _sqlstate(context.original_exception))


def _seconds(info: dict[str, Any]) -> float:
    return time.perf_counter() - float(info.get("asked_at", time.perf_counter()))


def _sqlstate(error: Any) -> str:
    """PostgreSQL's code of an error, or the type of an error without one."""
    return str(getattr(error, "sqlstate", None) or type(error).__name__)
