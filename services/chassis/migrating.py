"""A service's schema and roles, and the migrations that bring it up to date.

`python -m services.chassis.migrating registry …` does both for the services named. It
may be run at any time and by several at once: an advisory lock lets one work while the
others wait.
"""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import repeat
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.chassis.background.queue import install_statements
from services.chassis.data.tables import import_models as import_models
from services.chassis.servers.leading import Servers

ROOT = Path(__file__).parents[2]
SECONDS_TO_WAIT = 60
# Nobody rewrites the audit trail through the service, whatever its code does.
APPEND_ONLY = ("audit_records", "audit_leaves", "audit_seals")
_NAME = re.compile(r"[a-z][a-z_]{0,30}", re.ASCII)
_TRY_LOCK = "SELECT pg_try_advisory_lock(7305802)"


def asyncpg_url(url: str) -> str:
    """An SQLAlchemy URL as the driver wants it."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


async def connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection, waiting up to a minute for a database that is still starting."""
    pause, servers = 0.05, Servers(url)
    for _ in range(200):
        try:
            return await servers.connect(timeout=5)
        except (
            OSError,
            asyncpg.CannotConnectNowError,
            asyncpg.ConnectionDoesNotExistError,
        ):
            if pause > SECONDS_TO_WAIT / 10:
                raise
            await asyncio.sleep(pause)
            pause *= 1.4
    raise ConnectionError


@asynccontextmanager
async def _locked(url: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await connect(url)
    try:
        # Not in SQL: an index made concurrently waits for every statement that runs.
        for pause in repeat(0.1):
            if await connection.fetchval(_TRY_LOCK):
                break
            await asyncio.sleep(pause)
        yield connection
    finally:
        await connection.close()


async def provision(admin_url: str, service: str, app_password: str) -> None:
    """Make the service's schema, its owner (no login) and its role (owns nothing)."""
    if not _NAME.fullmatch(service):
        raise ValueError("a service is named by lower-case letters and underscores")
    async with _locked(admin_url) as admin:
        database = await admin.fetchval("SELECT current_database()")
        for role, options in (
            (f"{service}_owner", "NOLOGIN"),
            (f"{service}_app", "LOGIN"),
        ):
            if not await admin.fetchval(
                "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role
            ):
                await admin.execute(
                    f"CREATE ROLE {role} {options} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
                )
        # ALTER ROLE takes no parameters: the text is quoted by PostgreSQL itself.
        quoted = await admin.fetchval("SELECT quote_literal($1)", app_password)
        for statement in _provisioning(service, database, quoted):
            await admin.execute(statement)


def _provisioning(service: str, database: str, quoted_password: str) -> list[str]:
    owner, app = f"{service}_owner", f"{service}_app"
    defaults = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {service}"
    # Locks and transactions of a stopped process or a lost host end by themselves.
    limits = {
        "statement_timeout": "30s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "10s",
        "client_connection_check_interval": "1s",
        "tcp_user_timeout": "5s",
    }
    return [
        f"ALTER ROLE {app} PASSWORD {quoted_password}",
        f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC',
        f'GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO {app}',
        # Nothing is shared: each service sees its own schema alone.
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {owner}",
        f"GRANT USAGE ON SCHEMA {service} TO {app}",
        f"{defaults} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        f"{defaults} GRANT USAGE ON SEQUENCES TO {app}",
        *[f"ALTER ROLE {app} SET {name} = '{value}'" for name, value in limits.items()],
    ]


async def migrate(admin_url: str, service: str) -> None:
    """Bring the service's schema to the newest revision, as its owner."""
    async with _locked(admin_url) as admin:
        # The owner of the tables has no login: the migrating user takes its role.
        await admin.execute(f"GRANT {service}_owner TO CURRENT_USER")
        config = Config(ROOT / "alembic.ini", ini_section=service)
        config.attributes["url"] = admin_url
        # Alembic's environment runs an event loop of its own.
        await asyncio.to_thread(command.upgrade, config, "head")


def append_only(schema: str, tables: Sequence[str] = APPEND_ONLY) -> list[str]:
    """Let the service read these tables and add to them, and change nothing there."""
    return [
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {schema}.{table} FROM {schema}_app"
        for table in tables
    ]


def chassis_statements(
    schema: str, append_only_tables: Sequence[str] = APPEND_ONLY
) -> list[str]:
    """Statements for the chassis's tables: the queue, an append-only trail."""
    return [
        *install_statements(schema),
        *append_only(schema, append_only_tables),
        # Readiness reads how far the schema is; nobody but a migration changes it.
        f"REVOKE ALL ON {schema}.alembic_version FROM {schema}_app",
        f"GRANT SELECT ON {schema}.alembic_version TO {schema}_app",
    ]


def comparison(schema: str) -> dict[str, Any]:
    """How a schema is compared with our metadata, which lacks the queue's tables."""

    def is_ours(name: str | None, kind: str, _: Any) -> bool:
        if kind == "schema":
            return name == schema
        return kind != "table" or not (name or "").startswith(
            ("pgqueuer", "alembic_version")
        )

    return {"include_name": is_ours, "compare_server_default": False}


def run_migrations(metadata: MetaData, *, schema: str) -> None:
    """Run a service's migrations, for `env.py`: as SQL, or on ADMIN_DATABASE_URL."""
    if context.is_offline_mode():
        context.configure(
            dialect_name="postgresql",
            target_metadata=metadata,
            version_table_schema=schema,
            literal_binds=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        return
    url = context.config.attributes.get("url") or os.environ["ADMIN_DATABASE_URL"]
    asyncio.run(_run_online(url, metadata, schema))


async def _run_online(url: str, metadata: MetaData, schema: str) -> None:
    connect = {"async_creator_fn": Servers(url).connect}
    engine = create_async_engine(url, poolclass=NullPool, connect_args=connect)
    async with engine.connect() as connection:
        await connection.run_sync(_run, metadata, schema)
        await connection.commit()
    await engine.dispose()


def _run(connection: Connection, metadata: MetaData, schema: str) -> None:
    connection.execute(text(f"SET ROLE {schema}_owner"))
    # It gives up and is run again: requests would queue behind a waiting change.
    connection.execute(text("SET lock_timeout = '2s'"))
    connection.execute(text(f"SET search_path = {schema}"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=schema,
        include_schemas=True,
        **comparison(schema),
    )
    with context.begin_transaction():
        context.run_migrations()


async def _main(services: list[str]) -> None:
    admin_url = os.environ["ADMIN_DATABASE_URL"]
    for service in services:
        await provision(
            admin_url, service, os.environ[f"{service.upper()}_DATABASE_PASSWORD"]
        )
        await migrate(admin_url, service)
        sys.stdout.write(f"{service}: schema, roles and migrations are up to date\n")


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1:]))
