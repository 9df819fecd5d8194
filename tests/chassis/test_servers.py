"""A server that follows another one: what it may answer, and what becomes of everybody when it takes over."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from onebox.postgres import Cluster
from services.chassis.background.sealer import Sealer
from services.chassis.data.database import Database, problem_of
from services.chassis.data.effects import Subject
from services.chassis.ground.problems import DatabaseUnavailable
from services.chassis.ground.settings import ServiceSettings
from services.chassis.migrating import asyncpg_url
from services.chassis.trails.checkpoints import SigningKey
from services.chassis.trust.callers import Caller
from tests.chassis import depot
from tests.chassis.conftest import PASSWORD, Admin, make_depot, until
from tests.conftest import prepare
from tests.support.callers import call_as
from tests.support.pair import Pair, pair

ANNA, JAN = Caller("anna", counties=frozenset({"2469"})), Caller("jan")
SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"  # RFC 8032, 7.1, the first test
IS_FOLLOWING = "SELECT pg_is_in_recovery()"
HAS_ALL = "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn"


@pytest.fixture(scope="module")
def two() -> Iterator[Pair]:
    """A pair with the depot's schema."""
    with pair() as made:
        asyncio.run(make_depot(made.url(made.leader)))
        yield made


@asynccontextmanager
async def admin_of(two: Pair, cluster: Cluster) -> AsyncIterator[Admin]:
    url = asyncpg_url(two.url(cluster))
    connection = await asyncpg.connect(url, server_settings={"search_path": "depot"})
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def leader(two: Pair) -> AsyncIterator[Admin]:
    async with admin_of(two, two.leader) as connection:
        yield connection


@pytest.fixture
async def follower(two: Pair) -> AsyncIterator[Admin]:
    async with admin_of(two, two.follower) as connection:
        yield connection
        if await connection.fetchval(IS_FOLLOWING):
            await connection.execute("SELECT pg_wal_replay_resume()")


def settings_for(settings: ServiceSettings, two: Pair, *clusters: Cluster, **more: Any) -> ServiceSettings:
    own = {"user": "depot_app", "password": PASSWORD}
    replica = SecretStr(two.url(two.follower, **own))
    given = {"database_url": SecretStr(two.url(*clusters, **own)), "replica_database_url": replica}
    return settings.model_copy(update=given | more)


@pytest.fixture
async def database(settings: ServiceSettings, two: Pair) -> AsyncIterator[Database]:
    made = Database(settings_for(settings, two, two.leader, replica_lag_seconds=3600.0), "depot")
    yield made
    await made.close()


async def note(database: Database, caller: Caller) -> None:
    async with database.change(caller) as change:
        change.record("note", Subject("goods/1"))


async def caught_up(leader: Admin, follower: Admin) -> None:
    # A record of its own: the current place may lie behind a page's head, where no record ends.
    place = await leader.fetchval("SELECT pg_logical_emit_message(false, 'here', '', true)::text")
    await until(follower, HAS_ALL, place)


async def is_of_follower(database: Database, caller: Caller) -> bool:
    async with database.reading(caller, replica=True) as reading:
        told = bool(await reading.fetchval(IS_FOLLOWING))
        assert (reading.lag is not None) == told
        return told


async def test_it_is_asked_within_the_callers_reach_and_says_how_far_it_is_behind(
    database: Database, leader: Admin, follower: Admin
) -> None:
    await caught_up(leader, follower)
    async with database.reading(ANNA, replica=True) as reading:
        [row] = await reading.fetch("SELECT pg_is_in_recovery(), current_setting('app.counties')")
        assert tuple(row) == (True, "2469")
        assert reading.lag is not None
    async with database.snapshot(ANNA, replica=True) as reading:
        assert await reading.fetchval(IS_FOLLOWING)
    async with database.reading(ANNA) as reading:
        assert not await reading.fetchval(IS_FOLLOWING)


async def test_nobody_misses_their_own_change_there(database: Database, leader: Admin, follower: Admin) -> None:
    await caught_up(leader, follower)
    await follower.execute("SELECT pg_wal_replay_pause()")
    await note(database, ANNA)
    assert not await is_of_follower(database, ANNA)
    assert await is_of_follower(database, JAN)
    await follower.execute("SELECT pg_wal_replay_resume()")
    await caught_up(leader, follower)
    assert await is_of_follower(database, ANNA)


async def test_one_that_is_too_far_behind_is_not_asked(
    settings: ServiceSettings, two: Pair, leader: Admin, follower: Admin
) -> None:
    near = Database(settings_for(settings, two, two.leader, replica_lag_seconds=1e-6), "depot")
    try:
        await caught_up(leader, follower)
        assert await is_of_follower(near, JAN)
        await follower.execute("SELECT pg_wal_replay_pause()")
        await note(near, ANNA)
        assert not await is_of_follower(near, JAN)
    finally:
        await near.close()


async def test_a_file_comes_from_there_and_says_so(
    settings: ServiceSettings, two: Pair, database: Database, leader: Admin, follower: Admin
) -> None:
    prepare(depot.app, settings_for(settings, two, two.leader), database)
    await leader.execute("INSERT INTO goods (code, name) VALUES ('1', 'one') ON CONFLICT DO NOTHING")
    await caught_up(leader, follower)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(depot.app), base_url="http://registry", headers=call_as("registry_editor")
    ) as client:
        answer = await client.get("/v1/depot/goods", params={"format": "csv"})
    assert answer.status_code == 200
    assert "one" in answer.text
    assert float(answer.headers["data-lag-seconds"]) >= 0


async def test_a_change_on_a_server_that_follows_is_refused_by_name(settings: ServiceSettings, two: Pair) -> None:
    misled = Database(settings_for(settings, two, two.follower), "depot")
    try:
        with pytest.raises(Exception, match="match the target attribute") as refused:
            await note(misled, ANNA)
        assert isinstance(problem_of(refused.value), DatabaseUnavailable)
    finally:
        await misled.close()


async def test_a_change_that_meets_a_server_turned_read_only_is_refused_by_name(database: Database) -> None:
    async def change_it() -> None:
        async with database.change(ANNA) as change:
            await change.run("SET TRANSACTION READ ONLY")
            change.record("note", Subject("goods/1"))

    with pytest.raises(asyncpg.ReadOnlySQLTransactionError) as refused:
        await change_it()
    assert isinstance(problem_of(refused.value), DatabaseUnavailable)


async def test_what_is_told_again_is_told_once_the_follower_has_it(
    database: Database, leader: Admin, follower: Admin
) -> None:
    receiver = await follower.fetchval("SELECT pid FROM pg_stat_wal_receiver")
    await leader.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    await leader.execute("SELECT pg_reload_conf()")
    await until(leader, "SELECT count(*) > 0 FROM pg_stat_replication WHERE sync_state = 'sync'")
    os.kill(receiver, signal.SIGSTOP)
    try:
        settling = asyncio.create_task(database.settle())
        await until(leader, "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        assert not settling.done()
    finally:
        os.kill(receiver, signal.SIGCONT)
        await leader.execute("ALTER SYSTEM RESET synchronous_standby_names")
    await settling
    await leader.execute("SELECT pg_reload_conf()")


async def test_it_takes_over_and_everybody_goes_on_there(
    settings: ServiceSettings, two: Pair, leader: Admin, follower: Admin
) -> None:
    """Also the sealer, though the new leader counts transactions from before where the old one was."""
    database = Database(settings_for(settings, two, *two.both, replica_database_url=None), "depot")
    sealer = Sealer(database, SigningKey("splot/depot", SEED))
    try:
        await note(database, ANNA)
        await sealer.seal()
        await database.servers.look()
        await caught_up(leader, follower)
        receiver = await follower.fetchval("SELECT pid FROM pg_stat_wal_receiver")
        os.kill(receiver, signal.SIGSTOP)
        for _ in range(50):
            await leader.execute("BEGIN; SELECT pg_current_xact_id(); ROLLBACK")
        await sealer.seal()
        async with database.reading(ANNA) as held:
            await held.fetchval("SELECT 1")
            # It hangs, and nothing tells those who are connected.
            two.leading.send_signal(signal.SIGSTOP)
            os.kill(receiver, signal.SIGCONT)
            await follower.fetchval("SELECT pg_promote(true, 30)")
            await database.servers.look()
            assert (await held.driver()).is_closed()
        await note(database, JAN)
        await sealer.seal()
        unsealed = "SELECT count(*) FROM audit_records WHERE id NOT IN (SELECT audit_id FROM audit_leaves)"
        assert await follower.fetchval(unsealed) == 0
        listening = await database.servers.connect(server_settings={"search_path": "depot"})
        assert await listening.fetchval("SELECT count(*) FROM audit_records WHERE actor = 'jan'") == 1
        await listening.close()
    finally:
        two.leading.send_signal(signal.SIGCONT)
        await database.close()
