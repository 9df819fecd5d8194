"""A transaction that is broken off leaves nothing behind: no row, no half transaction, no lost connection."""

import asyncio
from contextlib import suppress

import httpx
import pytest
from sqlalchemy import text

from services.chassis import connections
from services.chassis.database import Database, transaction
from services.chassis.sessions import driver_of
from tests.support.records import app_of

_NOTE = """
INSERT INTO audit_records (actor, action, subject, outcome, detail, trace_id)
VALUES ('a', $1, 's', 'done', '{}', repeat('0', 32))
"""


class _Failed(Exception):
    """What goes wrong here."""


async def _note(database: Database, action: str, *, fails: bool = False) -> None:
    async with transaction(database) as session:
        await (await driver_of(session)).execute(_NOTE, action)
        if fails:
            raise _Failed


async def _noted(database: Database) -> list[str]:
    async with transaction(database) as session:
        found = await (await driver_of(session)).fetch("SELECT action FROM audit_records ORDER BY action")
    return [row["action"] for row in found]


@pytest.mark.parametrize("turns", range(24))
async def test_a_transaction_cancelled_anywhere_is_whole_or_not_there(
    racing_registry: httpx.AsyncClient, turns: int
) -> None:
    database: Database = app_of(racing_registry).state.database
    await _note(database, "warm")
    task = asyncio.create_task(_note(database, "cancelled"))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    was_cancelled = task.cancelled()
    await asyncio.gather(*[_note(database, "after") for _ in range(3)])
    noted = await _noted(database)
    assert noted.count("after") == 3
    assert was_cancelled or "cancelled" in noted
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_an_error_takes_everything_back_and_the_connection_serves_again(
    racing_registry: httpx.AsyncClient,
) -> None:
    database: Database = app_of(racing_registry).state.database
    with suppress(_Failed):
        await _note(database, "failed", fails=True)
    assert await _noted(database) == []


async def test_statements_of_both_kinds_are_in_the_one_transaction(racing_registry: httpx.AsyncClient) -> None:
    database: Database = app_of(racing_registry).state.database
    with suppress(_Failed):
        async with transaction(database) as session:
            await (await driver_of(session)).execute(_NOTE, "by the driver")
            connection = await session.connection()
            seen = (await connection.execute(text("SELECT action FROM audit_records"))).scalars().all()
            assert seen == ["by the driver"]
            await connection.execute(text(_NOTE.replace("$1", "'by SQLAlchemy'")))
            raise _Failed
    assert await _noted(database) == []


async def test_what_fails_inside_a_nested_part_takes_back_that_part_only(racing_registry: httpx.AsyncClient) -> None:
    database: Database = app_of(racing_registry).state.database
    async with transaction(database) as session:
        driver = await driver_of(session)
        await driver.execute(_NOTE, "kept")
        with suppress(_Failed):
            async with session.begin_nested():
                await driver.execute(_NOTE, "taken back")
                raise _Failed
        await driver.execute(_NOTE, "kept too")
    assert await _noted(database) == ["kept", "kept too"]


async def _read(database: Database) -> int:
    async with database.readings() as session:
        driver = await driver_of(session)
        return int(await driver.fetchval("SELECT count(*) FROM pg_sleep(0.001)"))


@pytest.mark.parametrize("turns", range(12))
async def test_a_question_cancelled_anywhere_disturbs_no_other(racing_registry: httpx.AsyncClient, turns: int) -> None:
    database: Database = app_of(racing_registry).state.database
    await _read(database)
    task = asyncio.create_task(_read(database))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await asyncio.gather(*[_read(database) for _ in range(3)]) == [1, 1, 1]
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_connection_that_was_lost_while_it_rested_costs_nobody_a_request(
    racing_registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    database: Database = app_of(racing_registry).state.database
    monkeypatch.setattr(connections, "IDLE_SECONDS_BEFORE_PING", 0.0)
    async with transaction(database) as session:
        async with database.readings() as rested:
            lost = await (await driver_of(rested)).fetchval("SELECT pg_backend_pid()")
        assert await (await driver_of(session)).fetchval("SELECT pg_terminate_backend($1, 5000)", lost)
    assert [*await asyncio.gather(_read(database), _read(database))] == [1, 1]
    assert await _noted(database) == []
