"""Who waits for a connection gets it in turn, and in time or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.chassis.data.database import Database
from services.chassis.data.failures import problem_of
from services.chassis.data.work import NOBODY
from services.chassis.fast.warm_connections import WarmConnections
from services.chassis.ground.problems import Overloaded
from services.chassis.ground.settings import ServiceSettings
from services.chassis.servers.leases import Lease

SIZE = 2


@pytest.fixture(params=["ready", "plain"])
async def database(settings: ServiceSettings, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    few = settings.model_copy(update={"database_pool_size": SIZE, "pool_wait_seconds": 20.0})
    made = Database(few, "registry", WarmConnections if request.param == "ready" else None)
    yield made
    assert [(pool.in_use, pool.waiting) for pool in made.pools()] == [(0, 0), (0, 0)]
    await made.close()


async def test_whoever_comes_later_is_served_later(database: Database) -> None:
    served: list[int] = []
    places = [await database.take(NOBODY) for _ in range(SIZE)]

    async def ask(number: int) -> None:
        held = await database.take(NOBODY)
        served.append(number)
        await held.driver.fetchval("SELECT 1")
        held.release()

    waiting = []
    for number in range(6):
        waiting.append(asyncio.create_task(ask(number)))
        await asyncio.sleep(0)
    # It asks in the very moment in which a connection comes free, before anybody who waits is woken.
    places.pop().release()
    await ask(6)
    places.pop().release()
    await asyncio.gather(*waiting)
    assert served == [0, 1, 2, 3, 4, 5, 6]


async def test_a_connection_that_comes_back_after_the_end_is_closed(database: Database) -> None:
    held = await database.take(NOBODY)
    await database.close()
    assert not held.driver.is_closed()
    held.release()
    assert held.driver.is_closed()


async def test_who_waits_too_long_is_told_so_and_takes_nothing(settings: ServiceSettings) -> None:
    hurried = Database(settings.model_copy(update={"database_pool_size": 1, "pool_wait_seconds": 0.01}), "registry")
    held = await hurried.take(NOBODY)
    with pytest.raises(PoolTimeout) as refused:
        await hurried.take(NOBODY)
    assert isinstance(problem_of(refused.value), Overloaded)
    held.release()
    (await hurried.take(NOBODY)).discard()
    (await hurried.take(NOBODY)).release()
    assert [(pool.in_use, pool.waiting) for pool in hurried.pools()] == [(0, 0), (0, 0)]
    await hurried.close()


@pytest.mark.parametrize("turns", range(12))
async def test_one_that_is_cancelled_while_it_waits_leaves_its_place(database: Database, turns: int) -> None:
    places = [await database.take(NOBODY) for _ in range(SIZE)]
    gone: asyncio.Task[Lease] = asyncio.create_task(database.take(NOBODY))
    follows: asyncio.Task[Lease] = asyncio.create_task(database.take(NOBODY))
    await asyncio.sleep(0)
    places.pop().release()
    for _ in range(turns):
        await asyncio.sleep(0)
    gone.cancel()
    with suppress(asyncio.CancelledError):
        (await gone).release()
    (await follows).release()
    places.pop().release()
