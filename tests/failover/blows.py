"""What is done to whoever leads, and how everything is as it was before."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import NamedTuple

from tests.failover.members import Cluster, Member

SECONDS_OF_A_LOST_STANDBY = 3.0


class Blow(NamedTuple):
    """In the block the other one leads already; at its end the stricken one is there again."""

    name: str
    done: Callable[[Cluster, Member], AbstractAsyncContextManager[None]]
    needs_network: bool = False


@asynccontextmanager
async def _machine_killed(cluster: Cluster, leader: Member) -> AsyncIterator[None]:
    leader.kill()
    await cluster.led_by(cluster.other(leader))
    yield
    leader.start()


@asynccontextmanager
async def _database_killed(cluster: Cluster, leader: Member) -> AsyncIterator[None]:
    """Patroni lives, and brings the database back by itself."""
    leader.kill(patroni=False)
    await cluster.led_by(cluster.other(leader))
    yield


@asynccontextmanager
async def _patroni_killed(cluster: Cluster, leader: Member) -> AsyncIterator[None]:
    """Its database goes on taking writes that nobody else has, until Patroni is there again."""
    leader.kill(database=False)
    await cluster.led_by(cluster.other(leader))
    yield
    leader.start()


@asynccontextmanager
async def _frozen(cluster: Cluster, leader: Member) -> AsyncIterator[None]:
    """It thaws beside its successor, and takes itself for the leader."""
    leader.freeze()
    try:
        await cluster.led_by(cluster.other(leader))
        yield
    finally:
        leader.thaw()


@asynccontextmanager
async def _cut_off(cluster: Cluster, leader: Member) -> AsyncIterator[None]:
    """Nobody reaches it, and no connection is told so."""
    leader.host.cut()
    try:
        await cluster.led_by(cluster.other(leader))
        yield
    finally:
        leader.host.join()


@asynccontextmanager
async def _standby_frozen_first(cluster: Cluster, leader: Member) -> AsyncIterator[None]:
    """Writes wait for the standby when the leader dies: of those whose callers gave up, too, none may be told done."""
    standby = cluster.other(leader)
    standby.freeze()
    await asyncio.sleep(SECONDS_OF_A_LOST_STANDBY)
    leader.kill()
    standby.thaw()
    await cluster.led_by(standby)
    yield
    leader.start()


BLOWS = (
    Blow("machine killed", _machine_killed),
    Blow("database killed", _database_killed),
    Blow("frozen", _frozen),
    Blow("machine killed", _machine_killed),
    Blow("cut off from the network", _cut_off, needs_network=True),
    Blow("Patroni killed, database alive", _patroni_killed),
    Blow("machine killed", _machine_killed),
    Blow("standby frozen, then machine killed", _standby_frozen_first),
    Blow("database killed", _database_killed),
    Blow("machine killed", _machine_killed),
)
