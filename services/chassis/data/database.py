"""One request, one transaction, committed before the answer."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from pydantic_core import to_json

from services.chassis.data import work
from services.chassis.data.failures import problem_of as problem_of
from services.chassis.data.open_units import opened
from services.chassis.data.work import NOBODY
from services.chassis.ground.correlation import trace_id
from services.chassis.ground.settings import ServiceSettings
from services.chassis.servers.leading import Servers
from services.chassis.servers.leases import Lease, Ready
from services.chassis.servers.pools import Places, PoolState, pool_of, state_of
from services.chassis.servers.replica import Replica
from services.chassis.trust.access import row_scope
from services.chassis.trust.callers import Caller


class Database:
    """The connections of one process to one service's schema."""

    def __init__(
        self,
        settings: ServiceSettings,
        schema: str,
        ready: Callable[[], Ready] | None = None,
    ) -> None:
        """`ready` makes the store of one pool's ready connections."""
        self.schema = schema
        self.servers = Servers(settings.database_url.get_secret_value())
        pool = partial(pool_of, settings, self.servers, schema)
        # A repeated statement keeps its plan: planning can cost more than running.
        self.engine = pool(settings.database_pool_size, "auto")
        # A plan that does not know the words searched for can cost ten times as much.
        searches = -(-settings.database_pool_size // 2)
        self._searches = pool(searches, "force_custom_plan")
        engines = (self.engine, self._searches)
        sizes = (settings.database_pool_size, searches)
        self._places = {
            engine: Places(size, settings.pool_wait_seconds)
            for engine, size in zip(engines, sizes, strict=True)
        }
        self._ready = {engine: ready() for engine in engines} if ready else {}
        replica = settings.replica_database_url
        self._replica = (
            Replica(settings, replica.get_secret_value(), schema) if replica else None
        )
        # Whether each audit record of a read is a statement of its own.
        self.records_apart = settings.plain_ways

    async def take(self, caller: Caller, /, *, searches: bool = False) -> Lease:
        """A connection whose settings give this caller's reach to row-level security.

        The settings outlive the transaction, so that a caller's next request finds them
        set; they are compared each time a connection is taken.
        """
        engine = self._searches if searches else self.engine
        ready, places = self._ready.get(engine), self._places[engine]
        await places.take()
        try:
            lease = None if ready is None else ready.take()
            if lease is None:
                lease = Lease(engine, await engine.raw_connection(), ready, places)
        except BaseException:
            places.give_back()
            raise
        try:
            await lease.reach(row_scope(caller))
        except BaseException:
            lease.discard()
            raise
        return lease

    @asynccontextmanager
    async def reading(
        self, caller: Caller = NOBODY, *, replica: bool = False
    ) -> AsyncIterator[work.Reading]:
        """A connection for queries: each statement is its own transaction.

        `replica`: to a replica, if there is one with little enough lag.
        """
        reading = work.Reading(caller, self.take)
        try:
            if replica:
                await self._go_to_replica(reading)
            with opened(reading):
                yield reading
        finally:
            reading.release()

    async def _go_to_replica(self, reading: work.Reading) -> None:
        if self._replica is not None:
            near = await self._replica.take(reading.caller, self.take)
            if near is not None:
                reading.answer_from(*near)

    @asynccontextmanager
    async def audited(
        self, caller: Caller = NOBODY
    ) -> AsyncIterator[work.AuditedReading]:
        """A connection for queries, with an audit record committed at the block's end.

        An error leaves none. Where the record cannot be written, the block fails.
        """
        reading = work.AuditedReading(
            caller, self.take, self.schema, records_apart=self.records_apart
        )
        try:
            with opened(reading):
                yield reading
                # No transaction would roll back writes or hold locks.
                if reading.has_written:
                    raise RuntimeError("a look changes and locks nothing")
                # A statement by itself is a transaction: BEGIN and COMMIT would be two
                # more round trips for every read.
                await _write_effects(reading)
        finally:
            reading.release()

    @asynccontextmanager
    async def change(
        self, caller: Caller = NOBODY, *, searches: bool = False
    ) -> AsyncIterator[work.Change]:
        """A transaction, with its audit records and events; committed at the end of the block.

        Any error rolls it back. Its connection is used again only after a clean end.
        """
        # A second connection comes from the other pool: otherwise requests that hold
        # all connections of one pool would wait for each other.
        apart = partial(self.change, searches=not searches)
        change = work.Change(caller, self.take, self.schema, apart)
        lease = await change.lease(searches=searches)
        let_go = lease.discard
        try:
            transaction = lease.driver.transaction()
            await transaction.start()
            try:
                with opened(change):
                    yield change
                    if not change.is_undone:
                        # In the same transaction: no row without its audit record.
                        await _write_effects(change)
            except BaseException:
                await transaction.rollback()
                let_go = lease.release
                raise
            if change.is_undone:
                await transaction.rollback()
            else:
                await transaction.commit()
            let_go = lease.release
        finally:
            let_go()

    @asynccontextmanager
    async def snapshot(
        self, caller: Caller = NOBODY, *, replica: bool = False
    ) -> AsyncIterator[work.Reading]:
        """A read-only connection whose queries see one snapshot."""
        reading = work.Reading(caller, self.take)
        if replica:
            await self._go_to_replica(reading)
        lease = await reading.lease()
        let_go = lease.discard
        try:
            async with lease.driver.transaction(
                isolation="repeatable_read", readonly=True
            ):
                with opened(reading):
                    yield reading
            let_go = lease.release
        finally:
            let_go()

    async def settle(self) -> None:
        """Wait until earlier commits are where commits have to be (`_SETTLE`)."""
        async with self.reading() as reading:
            await reading.fetch(_SETTLE)

    def pools(self) -> list[PoolState]:
        """How full the pools are."""
        pools = ("requests", self.engine), ("searches", self._searches)
        ready = {engine: store.count() for engine, store in self._ready.items()}
        return [
            state_of(name, engine, ready.get(engine, 0), self._places[engine].waiting)
            for name, engine in pools
        ]

    async def close(self) -> None:
        """Let go of every connection; one that is in use is closed when it comes back."""
        for places in self._places.values():
            places.closed += 1
        for ready in self._ready.values():
            ready.let_go()
        await self.engine.dispose()
        await self._searches.dispose()
        self.servers.close()
        if self._replica is not None:
            await self._replica.close()


# A commit of its own, after the others: waiting for a standby, it waits for them too.
_SETTLE = "SELECT pg_logical_emit_message(true, 'settle', '')"
_WRITE = """
WITH audit AS (
    INSERT INTO audit_records
        (actor, action, subject, outcome, county_terc, institution_id, detail, trace_id)
    SELECT actor, action, subject, outcome, county_terc, institution_id, detail, CAST($1 AS text)
    FROM jsonb_to_recordset(CAST($2 AS jsonb)) AS given(
        actor text, action text, subject text, outcome text,
        county_terc text, institution_id uuid, detail jsonb)
), outbox AS (
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT type, subject, subject_version, county_terc, data, CAST($1 AS text)
    FROM jsonb_to_recordset(CAST($3 AS jsonb)) AS given(
        type text, subject text, subject_version integer, county_terc text, data jsonb)
), answer AS (
    INSERT INTO idempotency_keys (subject, key, fingerprint, status, headers, body)
    SELECT CAST($4 AS text), CAST($5 AS text), CAST($6 AS bytea), CAST($7 AS integer),
           CAST($8 AS text[]), CAST($9 AS bytea)
    WHERE CAST($5 AS text) IS NOT NULL
)
SELECT 1
"""
_ANSWER = ("subject", "key", "fingerprint", "status", "headers", "body")


async def _write_effects(unit: work.AuditedReading) -> None:
    """Write audit records, events, the kept answer; no statement if there are none."""
    effects = unit.effects
    if not (effects.audit or effects.events or effects.answer):
        return
    records = to_json(effects.audit).decode(), to_json(effects.events).decode()
    answer = [effects.answer.get(name) for name in _ANSWER]
    await (await unit.driver()).execute(_WRITE, trace_id(), *records, *answer)
