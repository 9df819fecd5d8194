"""One connection for queries, within its caller's reach."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar, TypeVarTuple, overload
from uuid import UUID

import asyncpg
from sqlalchemy import CursorResult, Executable, Row, Select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlmodel import SQLModel

from services.chassis.data.open_units import writes
from services.chassis.data.texts import kept_text, read_as
from services.chassis.ground.problems import Problem
from services.chassis.servers.leases import Driver, Lease, Take
from services.chassis.trust.access import row_scope
from services.chassis.trust.callers import Caller

Record: TypeAlias = Row[*tuple[Any, ...]]
Rows: TypeAlias = Select[*tuple[Any, ...]]
Columns = TypeVarTuple("Columns")
Model = TypeVar("Model", bound=SQLModel)

# For the platform's own work: no county's rows are within reach.
NOBODY = Caller("nobody")


class Stored(NamedTuple):
    """Something that has a version, as JSON."""

    key: UUID | str
    version: int
    body: str


class Reading:
    """One connection for queries, within its caller's reach. It changes nothing."""

    def __init__(self, caller: Caller, take: Take) -> None:
        self.caller = caller
        self.has_written = False
        self._take = take
        self._lease: Lease | None = None
        # Seconds by which the answering server may be behind; None for the leader.
        self.lag: float | None = None

    async def lease(self, *, searches: bool = False) -> Lease:
        """The connection, taken at first use; `searches`: of the pool for searches."""
        if self._lease is None:
            self._lease = await self._take(self.caller, searches=searches)
        return self._lease

    @property
    def age(self) -> list[tuple[bytes, bytes]]:
        """Headers that state how far the answering server is behind."""
        if self.lag is None:
            return []
        return [(b"data-lag-seconds", f"{self.lag:.3f}".encode())]

    def answer_from(self, lease: Lease, lag: float) -> None:
        """Use this connection, whose server is behind by `lag` seconds."""
        self._lease, self.lag = lease, lag

    def release(self) -> None:
        """Give the connection back, if one was taken."""
        if self._lease is not None:
            self._lease.release()
            self._lease = None

    async def act_for(self, caller: Caller) -> None:
        """Continue for another caller, with their reach."""
        self.caller = caller
        # The next user of this connection compares its reach first.
        await (await self.lease()).reach(row_scope(caller))

    async def _result(self, statement: Executable, values: Any) -> CursorResult[Any]:
        result = await (await self.lease()).connection.execute(statement, values)
        # From now on no peer is asked: waiters for a lock would wait for the peer too.
        self.has_written |= writes(result.context.statement or "")
        return result

    async def connection(self) -> AsyncConnection:
        """SQLAlchemy's connection."""
        return (await self.lease()).connection

    @overload
    async def rows(
        self,
        statement: TypedReturnsRows[*Columns],
        values: Mapping[str, Any] | None = None,
    ) -> Sequence[Row[*Columns]]: ...

    @overload
    async def rows(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Record]: ...

    async def rows(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Any]:
        """All rows."""
        return (await self._result(statement, values)).all()

    @overload
    async def find(
        self,
        statement: TypedReturnsRows[*Columns],
        values: Mapping[str, Any] | None = None,
    ) -> Row[*Columns] | None: ...

    @overload
    async def find(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Record | None: ...

    async def find(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Any:
        """The first row; None where there is none."""
        return (await self._result(statement, values)).first()

    @overload
    async def one(
        self,
        statement: TypedReturnsRows[*Columns],
        missing: type[Problem] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Row[*Columns]: ...

    @overload
    async def one(
        self,
        statement: Executable,
        missing: type[Problem] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Record: ...

    async def one(
        self,
        statement: Executable,
        missing: type[Problem] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Any:
        """The first row or the problem `missing`; without that, the only row."""
        result = await self._result(statement, values)
        if missing is None:
            return result.one()
        row = result.first()
        if row is None:
            raise missing()
        return row

    async def instance(
        self,
        model: type[Model],
        statement: Executable,
        missing: type[Problem],
        values: Mapping[str, Any] | None = None,
    ) -> Model:
        """The first row as an instance of its table class, or the problem `missing`.

        With `values` the statement is a long-lived object, and its text is cached.
        """
        if values is None or not isinstance(statement, Select):
            row = await self.one(statement, missing, values)
            return model(**row._mapping)
        fields = dict((await self._kept_row(statement, missing, values)).items())
        for name, read in read_as(statement).items():
            fields[name] = read(fields[name])
        return model(**fields)

    async def _kept_row(
        self,
        statement: ClauseElement,
        missing: type[Problem],
        values: Mapping[str, Any],
    ) -> asyncpg.Record:
        text = kept_text(statement)
        row = await self.fetchrow(text.sql, *text.bound(values))
        if row is None:
            raise missing()
        return row

    async def stored(
        self,
        statement: Executable,
        missing: type[Problem] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Stored:
        """The first row of a statement of `stored_columns`, or `missing`.

        With `values` the statement is a long-lived object, and its text is cached.
        """
        if values is None or missing is None or not isinstance(statement, Select):
            return Stored(*await self.one(statement, missing, values))
        return Stored(*await self._kept_row(statement, missing, values))

    async def scalar(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Any:
        """The first column of the first row; None where there is none."""
        return (await self._result(statement, values)).scalar()

    async def scalars(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Any]:
        """The first column of every row."""
        return (await self._result(statement, values)).scalars().all()

    async def stream(
        self, statement: TypedReturnsRows[*Columns], at_once: int
    ) -> AsyncIterator[Sequence[Row[*Columns]]]:
        """All rows in parts, as PostgreSQL finds them. Only inside a transaction."""
        result = await (await self.lease()).connection.stream(statement)
        async for part in result.partitions(at_once):
            yield part

    async def driver(self, *, searches: bool = False) -> Driver:
        """The driver's connection, for the chassis: COPY, statements kept as texts."""
        return (await self.lease(searches=searches)).driver

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        """All rows of a statement written by hand; parameters $1, $2, … in order."""
        self.has_written |= writes(sql)
        return await (await self.driver()).fetch(sql, *values)

    async def fetchrow(self, sql: str, *values: Any) -> asyncpg.Record | None:
        """The first row of a statement written by hand."""
        self.has_written |= writes(sql)
        return await (await self.driver()).fetchrow(sql, *values)

    async def fetchval(self, sql: str, *values: Any) -> Any:
        """The first column of the first row of a statement written by hand."""
        self.has_written |= writes(sql)
        return await (await self.driver()).fetchval(sql, *values)
