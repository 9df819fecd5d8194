"""The unit of work: what an endpoint hands down to query or change the database."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Executable, func, select

from services.chassis.data.effects import Effects, Subject
from services.chassis.data.effects import require_version as require_version
from services.chassis.data.open_units import writes
from services.chassis.data.reading import NOBODY as NOBODY
from services.chassis.data.reading import Reading as Reading
from services.chassis.data.reading import Record as Record
from services.chassis.data.reading import Rows as Rows
from services.chassis.data.reading import Stored as Stored
from services.chassis.servers.leases import Take
from services.chassis.trust.access import row_scope
from services.chassis.trust.callers import Caller, acting

# `true`: until the transaction ends, when the connection has its own scope again.
_LOCAL_SCOPE = (
    "SELECT set_config('app.counties', $1, true), set_config('app.institution', $2, true),"
    " set_config('app.subject', $3, true)"
)


class AuditedReading(Reading):
    """One connection for queries, and the audit records of what was read."""

    def __init__(
        self, caller: Caller, take: Take, service: str, *, records_apart: bool = True
    ) -> None:
        """`records_apart`: an audit record is never part of a query's statement."""
        super().__init__(caller, take)
        self.service, self.records_apart = service, records_apart
        self.effects = Effects()

    def record(
        self,
        action: str,
        subject: Subject,
        event: str | None = None,
        /,
        *,
        audit_outcome: str = "done",
        event_data: Mapping[str, Any] | None = None,
        **detail: Any,
    ) -> None:
        """Record who did what to what; with `event` (`institution.closed`) publish it.

        `detail` (audit and event) and `event_data` (event alone) hold codes and ids,
        never content. With `people` (ids) the caller's roles and institution are
        recorded too.
        """
        # Not called `outcome`: a detail may be (the outcome of a step).
        self.effects.audit.append(
            self.record_of(action, subject, audit_outcome, detail)
        )
        if event is not None:
            self.tell(event, subject, **{**detail, **(event_data or {})})

    def record_of(
        self, action: str, subject: Subject, outcome: str, detail: dict[str, Any]
    ) -> dict[str, Any]:
        """The audit record of `record`, for callers that write it themselves."""
        institution = str(subject.institution) if subject.institution else None
        return {
            "actor": self.caller.subject,
            "action": action,
            "subject": subject.path,
            "outcome": outcome,
            "county_terc": subject.county,
            "institution_id": institution,
            "detail": detail | acting(self.caller, of_people="people" in detail),
        }

    def tell(self, event: str, subject: Subject, /, **data: Any) -> None:
        """Publish an event alone, where the action has its audit record already."""
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


class Change(AuditedReading):
    """One transaction with its audit records, its events and the kept answer."""

    def __init__(
        self, caller: Caller, take: Take, service: str, apart: "Apart"
    ) -> None:
        super().__init__(caller, take, service)
        self.apart = apart
        self.is_undone = False

    async def execute(
        self,
        statement: Executable,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> int:
        """Execute a statement, for each of several values; returns the rows changed."""
        return (await self._result(statement, values)).rowcount

    async def run(self, sql: str, *values: Any) -> None:
        """Execute a statement that was written by hand."""
        self.has_written |= writes(sql)
        await (await self.driver()).execute(sql, *values)

    async def new_ids(self, number: int) -> list[UUID]:
        """Ids of `number` rows to come: what is sealed in a row is bound to its id."""
        ids = select(func.uuidv7()).select_from(func.generate_series(1, number))
        return [row[0] for row in await self.rows(ids)]

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
        """A part that may fail by itself: an error rolls back that part alone."""
        async with self.effects.unless_it_fails(), (await self.driver()).transaction():
            yield

    async def act_for(self, caller: Caller) -> None:
        """Continue for another caller, with their reach, until the transaction ends."""
        self.caller = caller
        await self.fetchrow(_LOCAL_SCOPE, *row_scope(caller))

    def undo(self) -> None:
        """Let nothing of this change stay: it is rolled back without an error."""
        # No audit record and no event of what is rolled back.
        self.effects = Effects()
        self.is_undone = True


Apart: TypeAlias = Callable[[Caller], AbstractAsyncContextManager[Change]]
"""A transaction beside the open one, with effects that stay in any case."""
