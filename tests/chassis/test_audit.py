"""What is kept of who did what: complete, unchangeable, without content, and before anything else."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from services.chassis.ground.settings import ServiceSettings
from services.chassis.migrating import asyncpg_url
from tests.support.callers import OTHER_COUNTY, call_as
from tests.support.problems import assert_problem
from tests.support.records import INSTITUTION, add_institution, add_territory, fetch

URL = "/v1/registry/institutions"
SERVICES = "/v1/registry/support-services"


@pytest.fixture
async def unwritable_audit(racing_registry: httpx.AsyncClient, admin_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The registry after somebody took away its right to write audit records."""
    await add_territory(racing_registry)
    await add_institution(racing_registry)
    admin = await asyncpg.connect(asyncpg_url(admin_url))
    await admin.execute("REVOKE INSERT ON registry.audit_records FROM registry_app")
    yield racing_registry
    await admin.execute("GRANT INSERT ON registry.audit_records TO registry_app")
    await admin.close()


async def contents(client: httpx.AsyncClient) -> list[Any]:
    """How much there is of everything."""
    tables = ("institutions", "institution_history", "events", "audit_records", "idempotency_keys")
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    return [tuple(row) for row in await fetch(client, f"SELECT {counts}, (SELECT sum(version) FROM institutions)")]


async def test_what_cannot_be_recorded_is_not_done(unwritable_audit: httpx.AsyncClient) -> None:
    before = await contents(unwritable_audit)
    [(key,)] = await fetch(unwritable_audit, "SELECT id::text FROM institutions")
    seen = {"if-match": f'"{key}:1"', "idempotency-key": "k"}
    end = {"closed_on": "2026-01-01", "reason": "koniec"}
    for answer in [
        await unwritable_audit.post(URL, json=INSTITUTION, headers={"idempotency-key": "k"}),
        await unwritable_audit.patch(f"{URL}/{key}", json={"places": 5}, headers=seen),
        await unwritable_audit.post(f"{URL}/{key}/close", json=end, headers=seen),
        await unwritable_audit.post(URL, json=INSTITUTION, headers=call_as("trainee")),
        await unwritable_audit.get(URL, headers={"authorization": "Bearer x"}),
    ]:
        assert_problem(answer, 503, "audit-unavailable")
        assert int(answer.headers["retry-after"]) >= 1
    assert await contents(unwritable_audit) == before
    assert (await unwritable_audit.get(f"{URL}/{key}")).status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_records SET actor = 'nobody'",
        "DELETE FROM audit_records",
        "TRUNCATE audit_records",
        "DROP TABLE audit_records",
        "ALTER TABLE audit_records DISABLE TRIGGER ALL",
        "CREATE RULE r AS ON INSERT TO audit_records DO INSTEAD NOTHING",
        "INSERT INTO audit_records (actor) VALUES ('anna') ON CONFLICT (id) DO UPDATE SET actor = 'nobody'",
        "SET ROLE registry_owner",
    ],
)
async def test_the_service_itself_cannot_rewrite_its_trail(settings: ServiceSettings, statement: str) -> None:
    app = await asyncpg.connect(asyncpg_url(settings.database_url.get_secret_value()))
    try:
        await app.execute("SET search_path = registry")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement)
    finally:
        await app.close()


async def test_the_service_may_add_to_its_trail_and_read_it(settings: ServiceSettings) -> None:
    app = await asyncpg.connect(asyncpg_url(settings.database_url.get_secret_value()))
    can = await app.fetchrow(
        "SELECT has_table_privilege('registry.audit_records', 'INSERT'), has_table_privilege('registry.audit_records',"
        " 'SELECT'), has_table_privilege('registry.audit_records', 'TRUNCATE,UPDATE,DELETE,REFERENCES,TRIGGER')"
    )
    await app.close()
    assert can is not None
    assert tuple(can) == (True, True, False)


async def test_every_change_leaves_one_record_and_no_reading_does(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    made = await add_institution(registry, type="kindergarten")
    one, done = f"{URL}/{made['id']}", ["create_institution"]

    async def change(method: str, url: str, body: Any, version: int | None, action: str) -> httpx.Response:
        key = next(piece for piece in reversed(url.split("/")) if len(piece) == 36) if version else ""
        headers = {"if-match": f'"{key}:{version}"'} if version else {}
        answer = await registry.request(method, url, json=body, headers=headers)
        assert answer.is_success, answer.text
        done.append(action)
        return answer

    await change("PATCH", one, {"places": 9}, 1, "amend_institution")
    wokro = {"kind": "wokro", "held_from": "2026-01-01"}
    function = await change("POST", f"{one}/functions", wokro, None, "give_function")
    end = {"held_to": "2026-02-01", "reason": "koniec"}
    await change("POST", f"{function.headers['location']}/end", end, 1, "end_function")
    service = {"institution_id": made["id"], "name": "Grupa", "kind": "social"}
    offered = (await change("POST", SERVICES, service, None, "create_support_service")).headers["location"]
    await change("PATCH", offered, {"capacity": 9}, 1, "amend_support_service")
    await change("POST", f"{offered}/verify", None, 2, "verify_support_service")
    await change("POST", f"{one}/close", {"closed_on": "2026-03-01", "reason": "koniec"}, 2, "close_institution")
    for url in (URL, one, f"{one}/functions", SERVICES, offered, f"{SERVICES}/stale", "/v1/registry/counties/2469"):
        assert (await registry.get(url)).status_code == 200
    records = await fetch(registry, "SELECT action, outcome, actor, county_terc FROM audit_records ORDER BY id")
    assert [tuple(record) for record in records] == [(name, "done", "registry_editor", "2469") for name in done]
    assert len(await fetch(registry, "SELECT 1 FROM events")) == len(done)


async def test_a_patch_that_changes_nothing_leaves_no_record(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    made = await add_institution(registry)
    headers = {"if-match": f'"{made["id"]}:1"'}
    answer = await registry.patch(f"{URL}/{made['id']}", json={"name": made["name"]}, headers=headers)
    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{made["id"]}:1"')
    assert len(await fetch(registry, "SELECT 1 FROM audit_records")) == 1


async def test_whoever_was_turned_away_is_on_record(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    assert_problem(await registry.post(URL, json=INSTITUTION, headers=call_as("trainee")), 403, "forbidden")
    foreign = INSTITUTION | {"county_terc": OTHER_COUNTY}
    assert_problem(await registry.post(URL, json=foreign), 403, "outside-scope")
    assert_problem(await registry.get(URL, headers={"authorization": "Bearer x"}), 401, "unauthenticated")
    records = await fetch(registry, "SELECT actor, action, subject, outcome FROM audit_records ORDER BY id")
    assert [tuple(record) for record in records] == [
        ("trainee", "create_institution", "access", "forbidden"),
        ("registry_editor", "create_institution", "access", "outside-scope"),
        ("anonymous", "list_institutions", "access", "unauthenticated"),
    ]


async def test_neither_trail_nor_events_hold_content(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    facts = {"name": "KANAREK", "phone": "+48 555 555 555", "email": "kanarek@example.org", "street": "Kanarkowa"}
    made = await add_institution(registry, **facts)
    headers = {"if-match": f'"{made["id"]}:1"'}
    await registry.patch(f"{URL}/{made['id']}", json={"locality": "Kanarkowo"}, headers=headers)
    end = {"closed_on": "2026-01-01", "reason": "Kanarek odleciał"}
    await registry.post(f"{URL}/{made['id']}/close", json=end, headers={"if-match": f'"{made["id"]}:2"'})
    trail = await fetch(registry, "SELECT * FROM audit_records ORDER BY id")
    trail += await fetch(registry, "SELECT * FROM events ORDER BY id")
    assert len(trail) == 6
    assert "kanar" not in str(trail).lower()
    assert "555" not in str([record.detail for record in trail[:3]])
    assert [record.detail["fields"] for record in trail[1:3]] == [["locality"], ["closed_on"]]
