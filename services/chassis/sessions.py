"""What stands in a session's place: a connection, with what is written at the end of a change."""

from typing import Any, TypeAlias, cast

import asyncpg
from sqlalchemy import PoolProxiedConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction
from sqlmodel.ext.asyncio.session import AsyncSession

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Reader:
    """What a question needs of a session, without the unit of work that costs more than the question."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._held: PoolProxiedConnection | None = None

    async def connection(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._engine.connect()
        return self._connection

    async def driver(self) -> Driver:
        if self._connection is not None:
            return await _driver_under(self._connection)
        if self._held is None:
            self._held = await self._engine.raw_connection()
        return cast("Driver", self._held.driver_connection)

    async def close(self) -> None:
        if self._held is not None:
            self._held.close()
        if self._connection is not None:
            await self._connection.close()


class Work:
    """What a change needs of a session. Nothing is tracked: every change is a statement."""

    def __init__(self, connection: AsyncConnection, driver: Driver, transaction: AsyncTransaction) -> None:
        self._connection, self._driver = connection, driver
        self.info: dict[str, Any] = {}
        self.rollback = transaction.rollback

    async def connection(self) -> AsyncConnection:
        return self._connection

    async def driver(self) -> Driver:
        return self._driver

    def begin_nested(self) -> AsyncTransaction:
        return self._connection.begin_nested()


async def begun(connection: AsyncConnection, transaction: AsyncTransaction) -> AsyncSession:
    """A session over this connection and transaction, begun for the driver too."""
    raw = await connection.get_raw_connection()
    adapter: Any = raw.dbapi_connection
    if not raw.driver_connection.is_in_transaction():  # type: ignore[union-attr]
        await adapter._start_transaction()  # else it would begin with SQLAlchemy's first statement
    return cast(AsyncSession, Work(connection, cast("Driver", raw.driver_connection), transaction))


async def driver_of(session: AsyncSession) -> Driver:
    """The driver's own connection, for statements that were compiled before."""
    if isinstance(session, Reader | Work):
        return await session.driver()
    return await _driver_under(await session.connection())


async def _driver_under(connection: AsyncConnection) -> Driver:
    return cast("Driver", (await connection.get_raw_connection()).driver_connection)


async def asyncpg_connection(session: AsyncSession) -> Driver:
    """The driver's own connection inside the session's transaction, for COPY and for statements that are hot."""
    if isinstance(session, Work):
        return await session.driver()
    connection = await session.connection()
    await connection.exec_driver_sql("SELECT 1")  # the transaction begins at SQLAlchemy's first statement
    return await _driver_under(connection)
