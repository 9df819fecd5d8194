"""PostgreSQL's own log is read by operators and kept by others: nothing that was sent stands in it."""

import os
from pathlib import Path

import asyncpg
import httpx
import pytest
import yaml

from onebox.postgres import LOG_PRIVACY
from services.chassis.migrating import asyncpg_url
from tests.support.databases import server_log

CANARY = "canary-7f3a-Zielińska"
REFUSED = {
    "unique": f"INSERT INTO scratch VALUES ('{CANARY}'), ('{CANARY}')",
    "check": f"INSERT INTO scratch VALUES ('short {CANARY}', 1)",
    "foreign key": f"INSERT INTO scratch_parts VALUES ('{CANARY}')",
    "not null": f"INSERT INTO scratch (note) VALUES ('{CANARY}')",
    "syntax": f"SELECT {CANARY}",
}
COMPOSE = Path(__file__).parents[2] / "docker-compose.yml"


@pytest.mark.skipif("ADMIN_DATABASE_URL" in os.environ, reason="the log of somebody else's server")
async def test_what_was_sent_stands_in_no_line_of_the_log_that_tells_of_its_refusal(
    admin_url: str,
) -> None:
    server, log = await asyncpg.connect(asyncpg_url(admin_url)), await server_log(admin_url)
    before = log.stat().st_size
    await server.execute("""
        CREATE TEMP TABLE scratch (
            name text CONSTRAINT scratch_unique UNIQUE NOT NULL,
            number integer CONSTRAINT scratch_check CHECK (number > 1), note text);
        CREATE TEMP TABLE scratch_parts (
            name text CONSTRAINT scratch_reference REFERENCES scratch (name))""")
    for statement in REFUSED.values():
        with pytest.raises(asyncpg.PostgresError):
            await server.execute(statement)
    with pytest.raises(asyncpg.PostgresError):
        await server.execute("INSERT INTO scratch_parts VALUES ($1)", CANARY)
    await server.close()
    with log.open("rb") as file:
        file.seek(before)
        written = file.read().decode()
    for constraint in ("scratch_unique", "scratch_check", "scratch_reference"):
        assert constraint in written
    assert CANARY not in written.replace('syntax error at or near "canary"', "")
    assert "STATEMENT" not in written
    assert "DETAIL" not in written


async def test_a_value_of_the_wrong_type_is_refused_before_the_database_sees_it(
    racing_registry: httpx.AsyncClient, admin_url: str
) -> None:
    log = await server_log(admin_url)
    for path in (f"institutions/{CANARY}", f"institutions?as_of={CANARY}", f"jobs/{CANARY}"):
        assert (await racing_registry.get(f"/v1/registry/{path}")).status_code in {404, 422}
    assert CANARY not in log.read_text()


def test_the_containers_server_keeps_the_same_silence() -> None:
    command = yaml.safe_load(COMPOSE.read_text())["services"]["postgres"]["command"]
    assert {f"{name}={value}" for name, value in LOG_PRIVACY.items()} <= {*command}
