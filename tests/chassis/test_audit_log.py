"""How the audit trail is sealed: every record once, in a dense order, and nobody waits for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy

import asyncpg
import httpx
import pytest

from services.chassis.audit_verifying import verify
from services.chassis.background import sealer as sealing
from services.chassis.background.sealer import AuditLogBroken, Sealer
from services.chassis.data.database import Database
from services.chassis.data.work import Change
from services.chassis.migrating import asyncpg_url
from services.chassis.trails.checkpoints import opened
from tests.chassis.conftest import Admin
from tests.support.records import add_institution, add_territory, app_of, change, fetch
from tests.support.sealing import (
    ADD,
    KEY,
    OTHER_KEY,
    add_sealed,
    checkpoints_of,
    lines_of,
    sealer_of,
)

ORDER = "SELECT subject FROM audit_leaves JOIN audit_records ON id = audit_id ORDER BY sequence"
ONE = """
INSERT INTO audit_records (actor, action, subject, outcome, detail, trace_id) VALUES ('a', 'a', $1, 'done', '{}', '0')
"""


@pytest.fixture
async def registry_admin(admin_url: str) -> AsyncIterator[Admin]:
    """Somebody who may do everything in the registry's database."""
    admin = await asyncpg.connect(asyncpg_url(admin_url), server_settings={"search_path": "registry"})
    yield admin
    await admin.close()


async def subjects(client: httpx.AsyncClient) -> list[str]:
    return [row.subject for row in await fetch(client, ORDER)]


async def test_records_are_numbered_without_gaps_and_each_once(
    racing_registry: httpx.AsyncClient,
) -> None:
    await add_sealed(racing_registry, 3, 1, 4)
    await sealer_of(racing_registry).seal()
    numbers = await fetch(racing_registry, "SELECT sequence, audit_id FROM audit_leaves ORDER BY sequence")
    assert [row.sequence for row in numbers] == list(range(1, 9))
    assert len({row.audit_id for row in numbers}) == 8
    seals = await fetch(racing_registry, "SELECT size, previous FROM audit_seals ORDER BY size")
    assert [tuple(row) for row in seals] == [(3, 0), (4, 3), (8, 4)]


async def test_a_record_that_commits_late_is_sealed_later_and_holds_nothing_back(
    racing_registry: httpx.AsyncClient,
) -> None:
    database, sealer = app_of(racing_registry).state.database, sealer_of(racing_registry)
    async with database.change() as slow:
        await slow.run(ONE, "slow")
        async with database.change() as quick:
            await quick.run(ONE, "quick")
        await sealer.seal()
        assert await subjects(racing_registry) == ["quick"]
        async with database.change() as later:
            await later.run(ONE, "later")
        await sealer.seal()
    await sealer.seal()
    assert await subjects(racing_registry) == ["quick", "later", "slow"]


async def test_a_backlog_is_read_in_parts_and_sealed_at_once(
    racing_registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "SEALED_AT_ONCE", 10)
    await add_sealed(racing_registry, 35)
    assert [item["size"] for item in await checkpoints_of(racing_registry)] == [35]
    assert verify(await lines_of(racing_registry), [KEY.verifier]).tree.size == 35


async def test_another_sealer_goes_on_where_one_stopped(racing_registry: httpx.AsyncClient) -> None:
    first, second = sealer_of(racing_registry), sealer_of(racing_registry)
    for sealer in (first, second, first, second):
        await change(racing_registry, ADD, count=3)
        await sealer.seal()
    assert [item["size"] for item in await checkpoints_of(racing_registry)] == [12, 9, 6, 3]


async def test_one_sealer_works_at_a_time(racing_registry: httpx.AsyncClient, registry_admin: Admin) -> None:
    await change(racing_registry, ADD, count=3)
    sealer = sealer_of(racing_registry)
    async with registry_admin.transaction():
        await registry_admin.execute("SELECT pg_advisory_xact_lock(7305803, hashtext('registry'))")
        await sealer.seal()
        assert await checkpoints_of(racing_registry) == []
    await sealer.seal()
    assert [item["size"] for item in await checkpoints_of(racing_registry)] == [3]


async def test_nobody_waits_for_the_sealer(racing_registry: httpx.AsyncClient) -> None:
    await add_territory(racing_registry)
    await add_institution(racing_registry)
    database: Database = app_of(racing_registry).state.database
    watched = copy(database)

    @asynccontextmanager
    async def change_seen_from_outside() -> AsyncIterator[Change]:
        async with database.change() as sealing:
            yield sealing
            await add_institution(racing_registry, name="Druga")  # written while everything sealed is uncommitted

    watched.change = change_seen_from_outside  # type: ignore[method-assign,assignment]
    sealer = Sealer(watched, KEY)
    await sealer.seal()
    assert [item["size"] for item in await checkpoints_of(racing_registry)] == [1]
    await sealer_of(racing_registry).seal()
    assert [item["size"] for item in await checkpoints_of(racing_registry)] == [2, 1]


async def test_a_restored_database_that_counts_transactions_anew_is_sealed_on(
    racing_registry: httpx.AsyncClient, registry_admin: Admin
) -> None:
    """Its records have transaction ids that the new server gives out in years."""
    await add_sealed(racing_registry, 2)
    await registry_admin.execute("UPDATE audit_records SET xid = xid + 1000000000")
    await change(racing_registry, ADD, count=1)
    restored = sealer_of(racing_registry)
    await restored.seal()
    await change(racing_registry, ADD, count=1)
    await restored.seal()
    assert [item["size"] for item in await checkpoints_of(racing_registry)] == [4, 3, 2]


async def test_what_was_restored_unsealed_is_sealed_at_the_next_start(
    racing_registry: httpx.AsyncClient, registry_admin: Admin
) -> None:
    sealer = sealer_of(racing_registry)
    await change(racing_registry, ADD, count=2)
    await registry_admin.execute("UPDATE audit_records SET xid = CASE id % 2 WHEN 0 THEN 3 ELSE 1000000000 END")
    await sealer.seal()
    assert [item["size"] for item in await checkpoints_of(racing_registry)] == [2]


async def test_after_an_error_everything_is_looked_through_again(
    racing_registry: httpx.AsyncClient, registry_admin: Admin
) -> None:
    """A lost connection may have been lost to another server, which counts its transactions anew."""
    sealer = sealer_of(racing_registry)
    await sealer.seal()
    await change(racing_registry, ADD, count=2)
    await registry_admin.execute("UPDATE audit_records SET xid = 3 WHERE id % 2 = 0")
    await registry_admin.execute("REVOKE INSERT ON audit_seals FROM registry_app")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sealer.seal()
    finally:
        await registry_admin.execute("GRANT INSERT ON audit_seals TO registry_app")
    await sealer.seal()
    assert [item["size"] for item in await checkpoints_of(racing_registry)] == [2]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("DELETE FROM audit_seals WHERE size = 6", "rolled_back"),
        ("DELETE FROM audit_seals", "rolled_back"),
        ("UPDATE audit_seals SET peaks = sha256('x') || sha256('y')", "forged"),
        ("UPDATE audit_seals SET peaks = sha256('x')", "forged"),
        ("UPDATE audit_seals SET size = 9 WHERE size = 6", "forged"),
        ("UPDATE audit_seals SET checkpoint = replace(checkpoint, '—', '-')", "forged"),
    ],
)
async def test_nothing_is_signed_on_a_log_that_was_changed(
    racing_registry: httpx.AsyncClient, registry_admin: Admin, sql: str, reason: str
) -> None:
    sealer = sealer_of(racing_registry)
    for count in (2, 4):
        await change(racing_registry, ADD, count=count)
        await sealer.seal()
    await registry_admin.execute(sql)
    before = await checkpoints_of(racing_registry)
    await change(racing_registry, ADD, count=1)
    for _ in range(2):
        with pytest.raises(AuditLogBroken, match=reason):
            await sealer.seal()
    assert await checkpoints_of(racing_registry) == before


async def test_a_new_key_goes_on_where_the_one_before_is_trusted(
    racing_registry: httpx.AsyncClient,
) -> None:
    await add_sealed(racing_registry, 2)
    await change(racing_registry, ADD, count=2)
    with pytest.raises(AuditLogBroken, match="forged"):
        await sealer_of(racing_registry, OTHER_KEY).seal()
    await Sealer(app_of(racing_registry).state.database, OTHER_KEY, [KEY.verifier]).seal()
    newest, oldest = [item["checkpoint"] for item in await checkpoints_of(racing_registry)]
    assert opened(newest, [OTHER_KEY.verifier]).size == 4
    assert opened(oldest, [KEY.verifier]).size == 2
