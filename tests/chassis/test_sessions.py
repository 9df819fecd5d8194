"""A transaction that is broken off leaves nothing behind: no row, no half transaction, no lost connection."""

import asyncio
from contextlib import suppress

import httpx
import pytest
from sqlalchemy import text

from services.chassis.data.database import Database
from services.chassis.servers import pools
from tests.support.records import app_of

_NOTE = """
INSERT INTO audit_records (actor, action, subject, outcome, detail, trace_id)
VALUES ('a', $1, 's', 'done', '{}', repeat('0', 32))
"""


class _Failed(Exception):
    """What goes wrong here."""


async def _note(database: Database, action: str, *, fails: bool = False) -> None:
    async with database.change() as change:
        await change.run(_NOTE, action)
        if fails:
            raise _Failed


async def _noted(database: Database) -> list[str]:
    async with database.change() as change:
        found = await change.fetch("SELECT action FROM audit_records ORDER BY action")
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
        async with database.change() as change:
            await change.run(_NOTE, "by the driver")
            seen = await change.scalars(text("SELECT action FROM audit_records"))
            assert seen == ["by the driver"]
            await change.execute(text(_NOTE.replace("$1", "'by SQLAlchemy'")))
            raise _Failed
    assert await _noted(database) == []


async def test_what_fails_inside_a_nested_part_takes_back_that_part_only(racing_registry: httpx.AsyncClient) -> None:
    database: Database = app_of(racing_registry).state.database
    async with database.change() as change:
        driver = await change.driver()
        await driver.execute(_NOTE, "kept")
        with suppress(_Failed):
            async with change.nested():
                await driver.execute(_NOTE, "taken back")
                raise _Failed
        await driver.execute(_NOTE, "kept too")
    assert await _noted(database) == ["kept", "kept too"]


async def _read(database: Database) -> int:
    async with database.reading() as change:
        driver = await change.driver()
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
    monkeypatch.setattr(pools, "IDLE_SECONDS_BEFORE_PING", 0.0)
    async with database.change() as change:
        async with database.reading() as rested:
            lost = await rested.fetchval("SELECT pg_backend_pid()")
        assert await change.fetchval("SELECT pg_terminate_backend($1, 5000)", lost)
    assert [*await asyncio.gather(_read(database), _read(database))] == [1, 1]
    assert await _noted(database) == []
