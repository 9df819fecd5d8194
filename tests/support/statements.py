"""The statements that a run of the tests sends: noted where `STATEMENTS` names a folder, for `tools.sharding`."""

import json
import os
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.pool import Pool

_SEEN: set[tuple[str, str]] = set()


def record_statements() -> None:
    """From now on every statement of every pool is noted once, with the role that sent it; nothing without a folder."""
    if "STATEMENTS" in os.environ:
        event.listen(Pool, "connect", _listen)


def _listen(connection: Any, _: object) -> None:
    driver: asyncpg.Connection[asyncpg.Record] = connection.driver_connection
    driver.add_query_logger(_note)


def _note(query: Any) -> None:
    _SEEN.add((query.conn_params.user, query.query))


def write_statements(name: str) -> None:
    """What this process noted, as a file of that name."""
    if folder := os.environ.get("STATEMENTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.json").write_text(json.dumps(sorted(_SEEN)), encoding="utf-8")
