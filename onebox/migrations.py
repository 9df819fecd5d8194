"""Roles, schemas and migrations of the services; skipped when the database has
all of them already.
"""

import asyncio
import hashlib
import json
from pathlib import Path

import asyncpg

from onebox.instance import write_private
from onebox.stack import DATABASE, REPOSITORY, Stack, migration_command
from onebox.supervisor import StartFailed

TAIL_BYTES = 1500


async def create_database(stack: Stack) -> None:
    """Makes the platform's database in the instance's own cluster where it is missing."""
    connection = await _connect(stack, "postgres")
    try:
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()


async def migrate(stack: Stack) -> None:
    """Brings every service's schema up to date; raises StartFailed with the end of the log."""
    sources = _digest(stack.services)
    # Most starts change no schema, and importing Alembic to find this out takes long.
    if await _is_current(stack, sources):
        return
    command, environment = migration_command(stack)
    log = stack.instance.logs / "migrations.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, cwd=REPOSITORY, stdout=output, stderr=output, start_new_session=True
        )
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if code:
        end = log.read_text(errors="replace")[-TAIL_BYTES:].strip()
        raise StartFailed(f"The migrations failed; the end of {log}:\n{end}")
    # Written last, so that a run that failed half-way is repeated.
    write_private(_record(stack), {"sources": sources, "revisions": await _revisions(stack)})


def is_probably_current(stack: Stack) -> bool:
    """Whether the sources of the schemas are unchanged since the last run; the
    database is not asked.
    """
    last_run = _last_run(stack)
    return last_run is not None and last_run.get("sources") == _digest(stack.services)


async def _is_current(stack: Stack, sources: str) -> bool:
    last_run = _last_run(stack)
    if last_run is None or last_run.get("sources") != sources:
        return False
    try:
        return last_run.get("revisions") == await _revisions(stack)
    except (OSError, asyncpg.PostgresError):
        return False  # the migration itself waits for a database that is still starting


async def _revisions(stack: Stack) -> dict[str, str | None]:
    """The revision of every service's schema, as the database has it."""
    revisions: dict[str, str | None] = {}
    connection = await _connect(stack, DATABASE)
    try:
        for service in stack.services:
            exists = await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{service}.alembic_version")
            query = f"SELECT version_num FROM {service}.alembic_version"  # noqa: S608 - a folder of this repository
            revisions[service] = await connection.fetchval(query) if exists else None
    finally:
        await connection.close()
    return revisions


async def _connect(stack: Stack, database: str) -> "asyncpg.Connection[asyncpg.Record]":
    # asyncpg itself does not accept the name of SQLAlchemy's dialect in the URL.
    return await asyncpg.connect(stack.admin_url(database).replace("+asyncpg", "", 1))


def _digest(services: tuple[str, ...]) -> str:
    """A hash of the sources that make roles and schemas."""
    folders = [REPOSITORY / "services" / service / "migrations" for service in services]
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    files.append(REPOSITORY / "services" / "chassis" / "migrating.py")
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _record(stack: Stack) -> Path:
    return stack.instance.folder / "migrated.json"


def _last_run(stack: Stack) -> dict[str, object] | None:
    try:
        content = json.loads(_record(stack).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return content if isinstance(content, dict) else None
