"""How the audit trail is sealed: every record once, in a dense order, and nobody waits for it."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from copy import copy

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from services.chassis.audit_verifying import verify
from services.chassis.background import sealer as sealing
from services.chassis.background.sealer import AuditLogBroken, Sealer
from services.chassis.background.sealing import keep_sealed
from services.chassis.data.database import Database
from services.chassis.data.work import Change
from services.chassis.ground.settings import ServiceSettings
from services.chassis.migrating import asyncpg_url
from services.chassis.trails.checkpoints import opened
from tests.chassis.conftest import Admin, until
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, app_of, change, fetch
from tests.support.sealing import (
    ADD,
    AUDITOR,
    KEY,
    OTHER_KEY,
    add_sealed,
    checkpoints_of,
    entries_of,
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


async def test_records_are_numbered_without_gaps_and_each_once(racing_registry: httpx.AsyncClient) -> None:
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


async def test_a_new_key_goes_on_where_the_one_before_is_trusted(racing_registry: httpx.AsyncClient) -> None:
    await add_sealed(racing_registry, 2)
    await change(racing_registry, ADD, count=2)
    with pytest.raises(AuditLogBroken, match="forged"):
        await sealer_of(racing_registry, OTHER_KEY).seal()
    await Sealer(app_of(racing_registry).state.database, OTHER_KEY, [KEY.verifier]).seal()
    newest, oldest = [item["checkpoint"] for item in await checkpoints_of(racing_registry)]
    assert opened(newest, [OTHER_KEY.verifier]).size == 4
    assert opened(oldest, [KEY.verifier]).size == 2


@pytest.mark.parametrize("table", ["audit_records", "audit_leaves", "audit_seals"])
@pytest.mark.parametrize("service", ["registry", "screening"])
async def test_the_service_may_only_add_to_its_log(admin_url: str, service: str, table: str) -> None:
    admin = await asyncpg.connect(asyncpg_url(admin_url))
    try:
        rights = ("INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
        can = "SELECT has_table_privilege($1, $2, $3) OR has_any_column_privilege($1, $2, $4)"
        held = {
            right
            for right in rights
            if await admin.fetchval(
                can, f"{service}_app", f"{service}.{table}", right, right if right in rights[:3] else "UPDATE"
            )
        }
        assert held == {"INSERT", "SELECT"}
    finally:
        await admin.close()


@pytest.mark.parametrize("table", ["audit_leaves", "audit_seals"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET sealed_at = now()", "DELETE FROM {}", "TRUNCATE {}"])
async def test_what_is_sealed_stays(settings: ServiceSettings, table: str, statement: str) -> None:
    app = await asyncpg.connect(asyncpg_url(settings.database_url.get_secret_value()))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement.format(f"registry.{table}"))
    finally:
        await app.close()


async def test_new_records_are_found_by_an_index(registry: httpx.AsyncClient) -> None:
    await change(registry, ADD, count=20_000)
    asked = sealing._ADD_LEAVES.replace("$1, $2", "9000000000, 0").replace("$3", str(2**63 - 1)).replace("$4", "2000")
    asked = asked.replace("$5", "0").replace("$6", "now()")
    plan = "\n".join(row[0] for row in await fetch(registry, "EXPLAIN " + asked.replace(":", "\\:")))
    assert "ix_audit_records_xid" in plan, plan
    assert "Seq Scan on audit_records" not in plan


async def test_an_entry_is_the_canonical_json_of_its_record(racing_registry: httpx.AsyncClient) -> None:
    await add_sealed(racing_registry, 1)
    [entry, _] = await entries_of(racing_registry)
    [kept] = await fetch(racing_registry, "SELECT * FROM audit_records ORDER BY id LIMIT 1")
    [sealed_at] = [row.sealed_at for row in await fetch(racing_registry, "SELECT sealed_at FROM audit_seals")]
    detail = hashlib.sha256(b'{"name": "KANAREK"}').hexdigest()
    instant = "%Y-%m-%dT%H:%M:%S.%fZ"
    expected = (
        f'{{"action":"act","actor":"actor","county_terc":null,"detail_sha256":"{detail}","id":{kept.id},'
        f'"institution_id":null,"outcome":"done","recorded_at":"{kept.recorded_at.strftime(instant)}",'
        f'"sealed_at":"{sealed_at.strftime(instant)}","subject":"things/1","trace_id":"0","xid":{kept.xid}}}'
    )
    assert entry["leaf_hash"] == hashlib.sha256(b"\x00" + expected.encode()).hexdigest()


async def test_an_auditor_reads_checkpoints_and_nobody_else(racing_registry: httpx.AsyncClient) -> None:
    await add_sealed(racing_registry, 2, 3)
    newest, oldest = await checkpoints_of(racing_registry)
    assert newest.keys() == {"size", "previous", "sealed_at", "checkpoint"}
    assert (newest["size"], newest["previous"], oldest["previous"]) == (5, 2, 0)
    assert opened(newest["checkpoint"], [KEY.verifier]).size == 5
    url = "/v1/registry/audit-checkpoints"
    own_county = await racing_registry.get(url, params={"limit": 1}, headers=call_as("auditor"))
    assert [item["size"] for item in own_county.json()["items"]] == [5]
    assert_problem(await racing_registry.get(url, headers=call_as("operator")), 403, "forbidden")


async def test_the_log_is_for_whoever_audits_every_county_and_reading_it_is_on_record(
    racing_registry: httpx.AsyncClient,
) -> None:
    url = "/v1/registry/audit-log"
    assert_problem(await racing_registry.get(url, headers=call_as("auditor")), 403, "outside-scope")
    assert_problem(await racing_registry.get(url, headers=call_as("operator")), 403, "forbidden")
    await add_sealed(racing_registry, 1)
    answer = await racing_registry.get(url, headers=AUDITOR)
    assert "KANAREK" not in answer.text
    actions = await fetch(racing_registry, "SELECT action, outcome FROM audit_records WHERE subject <> 'things/1'")
    assert [tuple(row) for row in actions] == [
        ("export_registry_audit_log", "outside-scope"),
        ("export_registry_audit_log", "forbidden"),
        ("export_audit_log", "done"),
    ]


async def test_a_running_service_seals_its_trail(
    idle_depot: httpx.AsyncClient, depot_settings: ServiceSettings, admin: Admin
) -> None:
    database: Database = app_of(idle_depot).state.database
    async with database.change() as one:
        await one.run(ONE, "things/1")
    await keep_sealed(database, depot_settings)  # without a key it ends at once
    assert await admin.fetchval("SELECT count(*) FROM audit_seals") == 0
    seed = SecretStr("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
    given = depot_settings.model_copy(update={"audit_key": seed, "audit_origin": "county.example"})
    sealing = asyncio.create_task(keep_sealed(database, given))
    await until(admin, "SELECT EXISTS (SELECT FROM audit_seals)")
    sealing.cancel()
    with suppress(asyncio.CancelledError):
        await sealing
    checkpoint = await admin.fetchval("SELECT checkpoint FROM audit_seals")
    assert checkpoint.startswith("county.example/depot\n1\n")
