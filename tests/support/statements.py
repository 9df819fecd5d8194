"""The statements that a run of the tests sends: noted where `STATEMENTS` names a folder, for `tools.sharding`."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

from services.chassis.ground.correlation import current_trace

_FOLDER = Path(os.environ.get("STATEMENTS", os.devnull))
_SEEN: set[tuple[str, str]] = set()
# The others begin and end transactions, or are of the tests themselves.
_ASKING = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "MERGE")


def record_statements() -> None:
    """From now on every statement of every pool is noted once, with the role that sent it; nothing without a folder."""
    if "STATEMENTS" in os.environ:
        _FOLDER.mkdir(parents=True, exist_ok=True)
        # What goes to the driver by itself, and what SQLAlchemy has prepared there.
        event.listen(Pool, "connect", _listen)
        event.listen(Engine, "before_cursor_execute", _note_prepared)


@contextmanager
def of_the_test() -> Iterator[None]:
    """What is asked meanwhile is the test's own, and no request's."""
    before = current_trace.set(None)
    try:
        yield
    finally:
        current_trace.reset(before)


def _listen(connection: Any, _: object) -> None:
    driver: asyncpg.Connection[asyncpg.Record] = connection.driver_connection
    driver.add_query_logger(_note)


def _note(query: Any) -> None:
    _add(query.conn_params.user, query.query)


def _note_prepared(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
    _add(connection.engine.url.username or "", statement)


def _add(role: str, statement: str) -> None:
    # Outside a request and a job it is a test that looks into the tables.
    asks = statement.lstrip(" \n(").upper().startswith(_ASKING)
    if asks and current_trace.get() is not None and (role, statement) not in _SEEN:
        _SEEN.add((role, statement))
        # At once: a run that is broken off has told what it saw.
        with (_FOLDER / f"{os.getpid()}.ndjson").open("a", encoding="utf-8") as file:
            file.write(json.dumps([role, statement]) + "\n")
