"""The unit of work: what an endpoint hands down to ask or to change the database."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple, TypeAlias, TypeVar, TypeVarTuple, overload
from uuid import UUID

import asyncpg
from sqlalchemy import CursorResult, Executable, Row, Select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlmodel import SQLModel

from services.chassis.data.effects import Effects, Subject
from services.chassis.data.effects import require_version as require_version
from services.chassis.data.held import Driver, Held, Take
from services.chassis.data.open_units import writes
from services.chassis.ground.problems import Problem
from services.chassis.trust.access import row_scope
from services.chassis.trust.callers import Caller, acting

Record: TypeAlias = Row[*tuple[Any, ...]]
Rows: TypeAlias = Select[*tuple[Any, ...]]
Columns = TypeVarTuple("Columns")
Model = TypeVar("Model", bound=SQLModel)

# `true`: until the transaction ends, when the connection has its own scope again.
_LOCAL_SCOPE = (
    "SELECT set_config('app.counties', $1, true), set_config('app.institution', $2, true),"
    " set_config('app.subject', $3, true)"
)

# For the platform's own work: nobody's rows are within reach.
NOBODY = Caller("nobody")


class Stored(NamedTuple):
    """Something that has a version, as JSON."""

    key: UUID | str
    version: int
    body: str


class Reading:
    """One connection that asks, within its caller's reach. Nothing changes."""

    def __init__(self, caller: Caller, take: Take) -> None:
        self.caller = caller
        self.has_written = False
        self._take = take
        self._held: Held | None = None

    async def held(self, *, searches: bool = False) -> Held:
        """The connection, taken at first use. `searches`: planned with its words."""
        if self._held is None:
            self._held = await self._take(self.caller, searches=searches)
        return self._held

    def release(self) -> None:
        """Give the connection back, if one was taken."""
        if self._held is not None:
            self._held.release()
            self._held = None

    async def _result(self, statement: Executable, values: Any) -> CursorResult[Any]:
        result = await (await self.held()).connection.execute(statement, values)
        # From now on no peer is asked: who waits for this lock would wait for the peer.
        self.has_written |= writes(result.context.statement or "")
        return result

    async def connection(self) -> AsyncConnection:
        """SQLAlchemy's connection."""
        return (await self.held()).connection

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
        """The first row as an instance of its table class, or the problem `missing`."""
        row = await self.one(statement, missing, values)
        return model(**row._mapping)

    async def stored(
        self, statement: Executable, missing: type[Problem] | None = None
    ) -> Stored:
        """The first row of a statement of `stored_columns`, or `missing`."""
        return Stored(*await self.one(statement, missing))

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
        result = await (await self.held()).connection.stream(statement)
        async for part in result.partitions(at_once):
            yield part

    async def driver(self, *, searches: bool = False) -> Driver:
        """The driver's connection, for the chassis: COPY, statements kept as texts."""
        return (await self.held(searches=searches)).driver

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


class Change(Reading):
    """One transaction with its audit records, its events and the kept answer."""

    def __init__(
        self, caller: Caller, take: Take, service: str, apart: "Apart"
    ) -> None:
        super().__init__(caller, take)
        self.service, self.apart = service, apart
        self.effects = Effects()
        self.is_undone = False

    async def execute(
        self,
        statement: Executable,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> int:
        """Carry a statement out, once for each of several values; rows changed."""
        return (await self._result(statement, values)).rowcount

    async def run(self, sql: str, *values: Any) -> None:
        """Carry a statement out that was written by hand."""
        self.has_written |= writes(sql)
        await (await self.driver()).execute(sql, *values)

    async def copy(
        self,
        table: str,
        records: Iterable[Sequence[Any]],
        columns: Sequence[str] | None = None,
    ) -> None:
        """Add many rows by COPY."""
        self.has_written = True
        await (await self.driver()).copy_records_to_table(
            table, records=records, columns=columns
        )

    @asynccontextmanager
    async def nested(self) -> AsyncIterator[None]:
        """A part that may fail by itself: its error takes back what was done in it."""
        async with self.effects.unless_it_fails(), (await self.driver()).transaction():
            yield

    async def act_for(self, caller: Caller) -> None:
        """Go on for somebody else, with their reach, until the transaction ends."""
        self.caller = caller
        await self.fetchrow(_LOCAL_SCOPE, *row_scope(caller))

    def undo(self) -> None:
        """Let nothing of this change stay: it is rolled back without an error."""
        # Nothing is told of what is taken back.
        self.effects = Effects()
        self.is_undone = True

    def record(
        self,
        action: str,
        subject: Subject,
        event: str | None = None,
        /,
        *,
        audit_outcome: str = "done",
        told: Mapping[str, Any] | None = None,
        **detail: Any,
    ) -> None:
        """Note who did what to what; with `event` (`institution.closed`) tell the feed.

        `detail` (audit and event) and `told` (event alone) hold codes and ids, never
        content. With `people` (ids) the caller's roles and institution are noted too.
        """
        institution = str(subject.institution) if subject.institution else None
        # A detail may be called `outcome` (a step's): the record's own is not.
        self.effects.audit.append(
            {
                "actor": self.caller.subject,
                "action": action,
                "subject": subject.path,
                "outcome": audit_outcome,
                "county_terc": subject.county,
                "institution_id": institution,
                "detail": detail | acting(self.caller, of_people="people" in detail),
            }
        )
        if event is not None:
            self.tell(event, subject, **{**detail, **(told or {})})

    def tell(self, event: str, subject: Subject, /, **data: Any) -> None:
        """An event alone, where what was done has its audit record already."""
        href = f"/v1/{self.service}/{subject.path}"
        self.effects.events.append(
            {
                "type": f"{self.service}.{event}",
                "subject": subject.path,
                "subject_version": subject.version,
                "county_terc": subject.county,
                "data": {"href": href, **data},
            }
        )


Apart: TypeAlias = Callable[[Caller], AbstractAsyncContextManager[Change]]
"""A transaction beside the open one: what is done in it stays whatever follows."""
