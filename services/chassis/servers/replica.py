"""Reads from a replica: long ones that may be a moment old do not burden the leader.

It is asked only while its lag is small, and only for callers whose last change it has.
"""

import asyncio
import time
from typing import NamedTuple

import asyncpg
from prometheus_client import Counter, Gauge
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.ground.logs import describe_exception, logger
from services.chassis.ground.settings import ServiceSettings
from services.chassis.servers.leading import CONNECTION_FAULTS, Servers
from services.chassis.servers.leases import Lease, Take
from services.chassis.servers.pools import pool_of
from services.chassis.trust.access import row_scope
from services.chassis.trust.callers import Caller

# What was committed just now is replayed within milliseconds: worth a short wait.
LOOKS, SECONDS_BETWEEN_LOOKS = 10, 0.02
# How long a replica is not asked after a failure: no request waits for it meanwhile.
SECONDS_OF_REST = 10.0
# Every change leaves a record of its caller, in the same transaction.
_NEWEST = """
SELECT pg_current_wal_lsn()::text AS place,
       (SELECT id FROM audit_records WHERE actor = $1
        ORDER BY recorded_at DESC, id DESC LIMIT 1) AS record
"""
# Without anything to replay its last transaction is old, and nothing is missing.
_STATE = """
SELECT CASE WHEN NOT pg_is_in_recovery() THEN 0
            WHEN pg_last_wal_replay_lsn() >= $1::text::pg_lsn THEN 0
            ELSE coalesce(extract(epoch FROM
                clock_timestamp() - pg_last_xact_replay_timestamp()), 'infinity')
       END::float AS lag,
       $2::bigint IS NULL OR EXISTS (SELECT FROM audit_records WHERE id = $2) AS has_own
"""

REPLICA_LAG = Gauge(
    "splot_replica_lag_seconds", "How far the replica was behind when last asked"
)
REPLICA_READS = Counter(
    "splot_replica_reads_total", "What a replica may answer, by who did", ["server"]
)

# Created at the start: monitoring sees a 0, and not a missing series.
for server in ("replica", "leader"):
    REPLICA_READS.labels(server)

log = logger("replica")


class Near(NamedTuple):
    """A connection to a replica, and by how many seconds it is behind."""

    lease: Lease
    lag: float


class Replica:
    """Connections to a server that follows the leader."""

    def __init__(self, settings: ServiceSettings, url: str, schema: str) -> None:
        servers = Servers(url, "prefer-standby")
        size = settings.database_pool_size
        self._engine = pool_of(settings, servers, schema, size, "auto")
        self._most_lag = settings.replica_lag_seconds
        self._rests_until = 0.0

    async def take(self, caller: Caller, leader: Take) -> Near | None:
        """A connection with the caller's reach; None where the leader has to be asked."""
        if time.monotonic() < self._rests_until:
            return _counted(None)
        newest = await _newest(caller, leader)
        try:
            return _counted(await self._near(caller, newest))
        except (asyncpg.PostgresError, SQLAlchemyError, *CONNECTION_FAULTS) as error:
            self._rests_until = time.monotonic() + SECONDS_OF_REST
            log.warning("replica not asked", **describe_exception(error))
            return _counted(None)

    async def _near(self, caller: Caller, newest: asyncpg.Record) -> Near | None:
        lease = Lease(self._engine, await self._engine.raw_connection())
        try:
            for _ in range(LOOKS):
                [state] = await lease.driver.fetch(_STATE, *newest)
                REPLICA_LAG.set(state["lag"])
                if state["lag"] <= self._most_lag and state["has_own"]:
                    await lease.reach(row_scope(caller))
                    return Near(lease, state["lag"])
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        except BaseException:
            lease.discard()
            raise
        lease.release()
        return None

    async def close(self) -> None:
        """Let go of every connection."""
        await self._engine.dispose()


async def _newest(caller: Caller, leader: Take) -> asyncpg.Record:
    lease = await leader(caller)
    try:
        [row] = await lease.driver.fetch(_NEWEST, caller.subject)
    finally:
        lease.release()
    return row


def _counted(near: Near | None) -> Near | None:
    REPLICA_READS.labels("leader" if near is None else "replica").inc()
    return near
