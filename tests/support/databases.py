"""The tests' databases: their addresses, and how they become as empty as they were."""

import asyncio
import subprocess
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from onebox.postgres import binary
from services.chassis.migrating import asyncpg_url

_EMPTYING = """
WITH tables AS (
    SELECT oid, oid::regclass AS name FROM pg_class
    WHERE relnamespace = $1::text::regnamespace AND relkind = 'r' AND obj_description(oid) IS DISTINCT FROM 'filled'
), statements AS (
    SELECT CASE WHEN pg_relation_size(oid) > 500_000 THEN 'TRUNCATE %s CASCADE' ELSE 'DELETE FROM %s' END AS form, name
    FROM tables WHERE pg_relation_size(oid) > 0
    UNION ALL
    SELECT 'SELECT setval(''%s'', 1, false)', seqrelid::regclass
    FROM pg_depend JOIN pg_sequence ON seqrelid = objid JOIN tables ON tables.oid = refobjid
    WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
)
SELECT string_agg(format(form, name), '; ') FROM statements
"""
"""Deleting few rows costs a tenth of cutting off thirty tables and all their indexes."""
MARK_FILLED = """
DO $$ DECLARE name text; filled boolean; BEGIN
    FOR name IN
        SELECT oid::regclass FROM pg_class
        WHERE relnamespace::regnamespace::text = ANY (string_to_array('{services}', ',')) AND relkind = 'r'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO filled;
        IF filled THEN EXECUTE format('COMMENT ON TABLE %s IS ''filled''', name); END IF;
    END LOOP;
END $$
"""
"""What the migrations filled (catalogues, their own version) is marked in the template, and not emptied."""


async def pause() -> None:
    """Between two looks at what others do meanwhile: looks without end would take the processor from them."""
    await asyncio.sleep(0.01)


def database_url(cluster: str, name: str) -> str:
    """The same cluster and superuser, another database."""
    return make_url(cluster).set(database=name).render_as_string(hide_password=False)


def app_url(admin_url: str, service: str, password: str) -> str:
    """The same database as a service's application role."""
    return make_url(admin_url).set(username=f"{service}_app", password=password).render_as_string(hide_password=False)


async def emptied(admin_url: str, schema: str) -> None:
    """Let every table be as the migrations left it, whatever refers to its rows and whoever may not delete them."""
    sweeper = await _sweeper(admin_url)
    statements = await sweeper.fetchval(_EMPTYING, schema)
    if statements:
        await sweeper.execute(statements)


_sweepers: dict[str, "asyncpg.Connection[asyncpg.Record]"] = {}


async def _sweeper(admin_url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """The connection that empties this database, kept: to learn the tables again costs more than to empty them."""
    if admin_url not in _sweepers:
        heedless = {"session_replication_role": "replica"}
        _sweepers[admin_url] = await asyncpg.connect(asyncpg_url(admin_url), server_settings=heedless)
    return _sweepers[admin_url]


async def close_sweepers() -> None:
    """Let go of what empties databases."""
    while _sweepers:
        await _sweepers.popitem()[1].close()


async def server_log(admin_url: str) -> Path:
    """The log of the server that the run has started."""
    server = await asyncpg.connect(asyncpg_url(admin_url))
    data = await server.fetchval("SHOW data_directory")
    await server.close()
    return Path(data).with_name("postgres.log")


def dumped(admin_url: str, *schemas: str) -> str:
    """A backup of these schemas, as text."""
    command = [binary("pg_dump"), *[f"--schema={name}" for name in schemas], asyncpg_url(admin_url)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
