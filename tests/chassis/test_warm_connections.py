"""Connections lie ready between requests: nobody waits for one that rests, and none that is lost is used."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from services.chassis.data.database import Database
from services.chassis.fast import warm_connections
from services.chassis.fast.warm_connections import WarmConnections
from services.chassis.ground.settings import ServiceSettings

SMALL = 2


@pytest.fixture
async def database(settings: ServiceSettings) -> AsyncIterator[Database]:
    few = settings.model_copy(update={"database_pool_size": SMALL})
    made = Database(few, "registry", WarmConnections)
    yield made
    await made.close()
    assert checked_out(made) == 0


def checked_out(database: Database) -> int:
    pool: Any = database.engine.pool
    return int(pool.checkedout())


async def backend(database: Database) -> int:
    async with database.reading() as reading:
        return int(await reading.fetchval("SELECT pg_backend_pid() FROM pg_sleep(0.001)"))


async def test_the_next_request_has_the_connection_of_the_last(database: Database) -> None:
    assert len({await backend(database) for _ in range(5)}) == 1
    async with database.change() as change:
        await change.fetchval("SELECT 1")
    assert checked_out(database) == 1


async def test_who_waits_gets_what_is_released(database: Database) -> None:
    assert len({*await asyncio.gather(*[backend(database) for _ in range(20)])}) <= SMALL
    async with database.reading() as one, database.reading() as other:
        await one.fetchval("SELECT 1")
        await other.fetchval("SELECT 1")
        waiting = asyncio.create_task(backend(database))
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting


async def test_a_connection_lost_while_it_lay_ready_costs_nobody_a_request(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm_connections, "IDLE_SECONDS_BEFORE_PING", 0.0)
    async with database.change() as change:
        await change.fetchval("SELECT 1")
        lost = await backend(database)
        assert await change.fetchval("SELECT pg_terminate_backend($1, 5000)", lost)
    assert lost not in await asyncio.gather(backend(database), backend(database))


async def test_one_that_the_driver_knows_to_be_closed_is_not_used(database: Database) -> None:
    async with database.reading() as reading:
        driver = await reading.driver()
    driver.terminate()
    assert await backend(database)


@pytest.mark.parametrize("turns", range(12))
async def test_a_question_cancelled_anywhere_disturbs_no_other(database: Database, turns: int) -> None:
    await backend(database)
    task = asyncio.create_task(backend(database))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert all(await asyncio.gather(*[backend(database) for _ in range(6)]))
