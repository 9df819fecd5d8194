"""What stands in a session's place: a connection, with what is written at the end of a change."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Literal, cast

from asyncpg.transaction import Transaction
from sqlalchemy import Connection, PoolProxiedConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.connections import Driver, driver_in, take


class Reader:
    """What a question needs of a session, without the unit of work that costs more than the question.

    `engine` plans a statement anew for each question, `planned` keeps the plan where PostgreSQL finds that as good.
    """

    def __init__(self, engine: AsyncEngine, planned: AsyncEngine) -> None:
        self._engine, self._planned = engine, planned
        self._connection: AsyncConnection | None = None
        self._held: PoolProxiedConnection | None = None

    async def __aenter__(self) -> AsyncSession:
        return cast(AsyncSession, self)

    async def __aexit__(self, *_: object) -> None:
        if self._held is not None:
            self._held.close()
        if self._connection is not None:
            await self._connection.close()

    async def connection(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._engine.connect()
        return self._connection

    async def driver(self, *, plans_anew: bool) -> Driver:
        if self._connection is not None:
            return await _driver_under(self._connection)
        if self._held is None:
            self._held = await take(self._engine if plans_anew else self._planned)
        return driver_in(self._held)


class Work:
    """What a change needs of a session. Nothing is tracked: every change is a statement."""

    def __init__(
        self, driver: Driver, connect: Callable[[], AsyncConnection], rollback: Callable[[], Awaitable[None]]
    ) -> None:
        self._driver, self._connect = driver, connect
        self._connection: AsyncConnection | None = None
        self.info: dict[str, Any] = {}
        self.rollback = rollback

    async def connection(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    async def driver(self) -> Driver:
        return self._driver

    def begin_nested(self) -> Transaction:
        return self._driver.transaction()


@asynccontextmanager
async def work(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A transaction of the driver, begun; committed at the end of the block, rolled back on any error.

    A SQLAlchemy connection is put around it once it is asked for: with its own beginning and end it costs as much as a
    question. Its adapter is told of the transaction, or else it would begin one inside.
    """
    held = await take(engine)
    adapter: Any = held.dbapi_connection
    # Unless it ends as it should, nobody else gets the connection: it may have half a transaction.
    let_go: Callable[[], None] = held.invalidate
    try:
        await adapter._start_transaction()
        rollback = partial(_end, adapter, "rollback")
        session = Work(driver_in(held), partial(_around, engine, held), rollback)
        try:
            yield cast(AsyncSession, session)
        except BaseException:
            await rollback()
            let_go = held.close
            raise
        await _end(adapter, "commit")
        let_go = held.close
    finally:
        let_go()


def _around(engine: AsyncEngine, held: PoolProxiedConnection) -> AsyncConnection:
    return AsyncConnection(engine, Connection(engine.sync_engine, held))


async def _end(adapter: Any, how: Literal["commit", "rollback"]) -> None:
    if adapter._transaction is not None:
        await adapter._call_and_discard(getattr(adapter._transaction, how))


async def work_inside(connection: AsyncConnection, transaction: AsyncTransaction) -> AsyncSession:
    """The same over a transaction that somebody else ends."""
    driver = await _driver_under(connection)
    return cast(AsyncSession, Work(driver, lambda: connection, transaction.rollback))


async def driver_of(session: AsyncSession, *, plans_anew: bool = False) -> Driver:
    """The driver's own connection, for statements that were compiled before.

    `plans_anew`: for a question whose plan depends on its words.
    """
    if isinstance(session, Reader):
        return await session.driver(plans_anew=plans_anew)
    if isinstance(session, Work):
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
