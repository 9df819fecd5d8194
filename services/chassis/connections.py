"""Pools of database connections, and how one that works is taken from them."""

import time
from collections.abc import MutableMapping
from typing import Any, TypeAlias, cast

import asyncpg
from sqlalchemy import PoolProxiedConnection, event
from sqlalchemy.exc import DisconnectionError, MissingGreenlet
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util.concurrency import in_greenlet

from services.chassis.settings import ServiceSettings

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

IDLE_SECONDS_BEFORE_PING = 1.0
CONNECTION_FAULTS = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What the driver raises when its connection is gone; the second when that happens in the middle of a statement."""


def pool_of(settings: ServiceSettings, schema: str, size: int, plan_cache_mode: str) -> AsyncEngine:
    """A pool of at most `size` connections to a service's schema. The one that was used last is taken first."""
    engine = create_async_engine(
        settings.database_url.get_secret_value(),
        pool_size=size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=settings.pool_wait_seconds,
        connect_args={
            "prepared_statement_cache_size": 500,
            "timeout": 5,
            "server_settings": {
                "application_name": schema,
                "search_path": schema,
                "timezone": "UTC",
                "jit": "off",
                "plan_cache_mode": plan_cache_mode,
            },
        },
    )
    event.listen(engine.sync_engine, "checkin", _remember_when_returned)
    event.listen(engine.sync_engine, "checkout", _look_at_rested)
    event.listen(engine.sync_engine, "do_connect", _connect_in_greenlet)
    return engine


async def take(engine: AsyncEngine) -> PoolProxiedConnection:
    """A connection that works. One that lies ready is taken without a greenlet, which costs more than the taking."""
    try:
        held = engine.sync_engine.raw_connection()
    except MissingGreenlet:  # none lies ready: it must be waited for, or made
        return await engine.raw_connection()
    works = False
    try:
        works = await _works(held)
    except (asyncpg.PostgresError, *CONNECTION_FAULTS):
        pass
    finally:
        if not works:
            held.invalidate()
    return held if works else await engine.raw_connection()


async def _works(held: PoolProxiedConnection) -> bool:
    driver = driver_in(held)
    if driver.is_closed():  # the driver was told already
        return False
    if _has_rested(held.info):
        await driver.fetchrow(";")
    return True


def driver_in(held: PoolProxiedConnection) -> Driver:
    """The driver's own connection."""
    return cast("Driver", held.driver_connection)


def _has_rested(info: MutableMapping[Any, Any]) -> bool:
    """Whether a connection was not used for so long that its other end may be gone."""
    returned: float | None = info.get("returned")
    return returned is not None and time.monotonic() - returned >= IDLE_SECONDS_BEFORE_PING


def _remember_when_returned(_: Any, record: Any) -> None:
    record.info["returned"] = time.monotonic()


def _look_at_rested(connection: Any, record: Any, _: Any) -> None:
    """For whoever does not take() it: a connection that rested is tried, so a restarted database costs nobody."""
    if not in_greenlet():
        return
    if connection.driver_connection.is_closed():  # the driver was told already
        raise DisconnectionError
    if not _has_rested(record.info):
        return
    try:
        connection.ping()
    except Exception as error:
        raise DisconnectionError from error


def _connect_in_greenlet(*_: Any) -> None:
    """Outside a greenlet take() is told before the driver begins: what it began would never be awaited."""
    if not in_greenlet():
        raise MissingGreenlet
