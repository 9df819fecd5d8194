"""Who may add to the sealed log, who reads it, and what is read."""

import asyncio
import hashlib
from contextlib import suppress

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from services.chassis.background import sealer as sealing
from services.chassis.background.sealing import keep_sealed
from services.chassis.data.database import Database
from services.chassis.ground.settings import ServiceSettings
from services.chassis.migrating import asyncpg_url
from services.chassis.trails.checkpoints import opened
from tests.chassis.conftest import Admin, until
from tests.chassis.test_audit_log import ONE
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of, change, fetch
from tests.support.sealing import (
    ADD,
    AUDITOR,
    KEY,
    add_sealed,
    checkpoints_of,
    entries_of,
)


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
                can,
                f"{service}_app",
                f"{service}.{table}",
                right,
                right if right in rights[:3] else "UPDATE",
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


async def test_new_records_are_found_by_an_index(racing_registry: httpx.AsyncClient, admin: Admin) -> None:
    await change(racing_registry, ADD, count=20_000)
    await admin.execute("ANALYZE registry.audit_records")
    asked = sealing._ADD_LEAVES.replace("$1, $2", "9000000000, 0").replace("$3", str(2**63 - 1)).replace("$4", "2000")
    asked = asked.replace("$5", "0").replace("$6", "now()")
    plan = "\n".join(row[0] for row in await fetch(racing_registry, "EXPLAIN " + asked.replace(":", "\\:")))
    assert "ix_audit_records_xid" in plan, plan
    assert "Seq Scan on audit_records" not in plan


async def test_an_entry_is_the_canonical_json_of_its_record(
    racing_registry: httpx.AsyncClient,
) -> None:
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


async def test_an_auditor_reads_checkpoints_and_nobody_else(
    racing_registry: httpx.AsyncClient,
) -> None:
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
    asked = "SELECT action, outcome FROM audit_records WHERE subject <> 'things/1' ORDER BY id"
    actions = await fetch(racing_registry, asked)
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
