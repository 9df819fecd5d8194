"""Pools of database connections; an idle one is tested before it is used."""

import asyncio
import time
from collections.abc import MutableMapping
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.chassis.ground.settings import ServiceSettings
from services.chassis.servers.leading import Servers
from services.chassis.telemetry.asking import watch_statements

IDLE_SECONDS_BEFORE_PING = 1.0


def pool_of(
    settings: ServiceSettings,
    servers: Servers,
    schema: str,
    size: int,
    plan_cache_mode: str,
) -> AsyncEngine:
    """A pool of `size` connections to a service's schema, the last used first."""
    engine = create_async_engine(
        servers.url,
        # A change begins its transaction by the driver; a query is one by itself.
        isolation_level="AUTOCOMMIT",
        pool_size=size,
        # A process has the number of connections that its operator set, and no more.
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=settings.pool_wait_seconds,
        connect_args={
            "async_creator_fn": servers.connect,
            "prepared_statement_cache_size": 500,
            "timeout": 5,
            "server_settings": {
                "application_name": schema,
                "search_path": schema,
                "timezone": "UTC",
                # Our statements are short: compiling one takes longer than running it.
                "jit": "off",
                "plan_cache_mode": plan_cache_mode,
            },
        },
    )
    event.listen(engine.sync_engine, "checkin", _remember_when_returned)
    event.listen(engine.sync_engine, "checkout", _test_idle)
    watch_statements(engine.sync_engine, schema)
    return engine


class Places:
    """A place for each connection of a pool, given in the order of waiting.

    The pool itself gives a returned connection to whoever asks first, and those that
    wait begin again at the end.
    """

    def __init__(self, size: int, seconds: float) -> None:
        self._free = asyncio.BoundedSemaphore(size)
        self._seconds = seconds
        self.waiting = 0
        # How often the pool was closed: it opens anew at its next use.
        self.closed = 0

    async def take(self) -> None:
        """Take a place. Raises SQLAlchemy's TimeoutError where none comes in time."""
        if not self._free.locked():
            await self._free.acquire()
            return
        self.waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise PoolTimeout("no connection came free in time") from None
        finally:
            self.waiting -= 1

    def give_back(self) -> None:
        """Let the next one have the place."""
        self._free.release()


def _was_idle_long(info: MutableMapping[Any, Any]) -> bool:
    """Whether a connection was idle for so long that its other end may be gone."""
    returned: float | None = info.get("returned")
    return (
        returned is not None and time.monotonic() - returned >= IDLE_SECONDS_BEFORE_PING
    )


class PoolState(NamedTuple):
    """How full a pool is."""

    name: str
    size: int
    in_use: int
    waiting: int


def state_of(name: str, engine: AsyncEngine, ready: int, waiting: int) -> PoolState:
    """How full a pool is; `ready` of its connections are out, but not in use."""
    pool: Any = engine.pool  # a QueuePool, as `pool_of` made it
    return PoolState(name, pool.size(), pool.checkedout() - ready, waiting)


def _remember_when_returned(_: Any, record: Any) -> None:
    # A connection that was idle elsewhere before it came here is tested too.
    was_idle = record.info.pop("is_rested", False)
    record.info["returned"] = 0.0 if was_idle else time.monotonic()


def _test_idle(connection: Any, record: Any, _: Any) -> None:
    """Test an idle connection: a restarted database then costs nobody a request."""
    if connection.driver_connection.is_closed():  # the driver knows already
        raise DisconnectionError
    if not _was_idle_long(record.info):
        return
    try:
        connection.ping()
    except Exception as error:
        raise DisconnectionError from error
