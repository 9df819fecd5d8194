"""A connection taken from a pool: the driver's own, and SQLAlchemy's on demand."""

from typing import Any, Protocol, TypeAlias

import asyncpg
from sqlalchemy import Connection, PoolProxiedConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.chassis.servers.pools import Places
from services.chassis.trust.callers import Caller

SCOPE = (
    "SELECT set_config('app.counties', $1, false), set_config('app.institution', $2, false),"
    " set_config('app.subject', $3, false)"
)

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Lease:
    """A pooled connection in use: the driver's, SQLAlchemy's around it on demand."""

    def __init__(
        self,
        engine: AsyncEngine,
        proxied: PoolProxiedConnection,
        ready: "Ready | None" = None,
        places: Places | None = None,
    ) -> None:
        self._engine, self._proxied = engine, proxied
        self._ready, self._places = ready, places
        self._closed = places.closed if places else 0
        driver: Any = proxied.driver_connection
        self.driver: Driver = driver
        self._around: AsyncConnection | None = None

    @property
    def connection(self) -> AsyncConnection:
        """SQLAlchemy's connection, made when it is first asked for."""
        # As costly as a query: a caller that needs the driver alone does without.
        if self._around is None:
            sync = Connection(self._engine.sync_engine, self._proxied)
            self._around = AsyncConnection(self._engine, sync)
        return self._around

    @property
    def info(self) -> dict[str, Any]:
        """What is stored with this connection as long as it lives."""
        info: dict[str, Any] = self._proxied.info
        return info

    async def reach(self, scope: tuple[str, str, str]) -> None:
        """Give row-level security this reach, unless it has it already."""
        if self.info.get("scope") == scope:
            return
        # Unknown meanwhile: after an error the former scope must not stay.
        self.info["scope"] = None
        await self.driver.fetchrow(SCOPE, *scope)
        self.info["scope"] = scope

    def release(self) -> None:
        """Give the connection back; close it if its pool was closed meanwhile."""
        if self._places is not None and self._places.closed != self._closed:
            self.discard()
            return
        self._around = None
        if self._ready is None or not self._ready.keep(self):
            self.give_back()
        self._leave()

    def give_back(self) -> None:
        """Give it back to the pool."""
        self._proxied.close()

    def discard(self) -> None:
        """Close it: nobody else gets a connection in an unknown state."""
        self._proxied.invalidate()
        self._leave()

    def _leave(self) -> None:
        if self._places is not None:
            self._places.give_back()


class Ready(Protocol):
    """Where connections may lie ready instead of in the pool."""

    def take(self) -> Lease | None:
        """A connection that is ready; None where there is none."""

    def keep(self, lease: Lease) -> bool:
        """Keep it ready; False where it is of no use any more."""

    def count(self) -> int:
        """How many lie ready."""

    def let_go(self) -> None:
        """Give all of them back to the pool."""


class Take(Protocol):
    """How a connection is taken, with the reach of this caller."""

    async def __call__(self, caller: Caller, /, *, searches: bool = False) -> Lease:
        """A connection; it is given back by its `release` or its `discard`."""
        ...
