"""The migrated database that every worker copies, made while tests are collected."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import asyncpg

from services.chassis.migrating import asyncpg_url, migrate, provision
from tests.support.databases import MARK_FILLED, database_url
from tests.support.services import SERVICES

PASSWORD = "only-for-tests"
GATE = 4712
"""The lock of whoever makes the template; who copies it waits for that lock."""


@contextmanager
def template_in(cluster: str) -> Iterator[None]:
    """The template is begun on entry, and its error, if there was one, raised in the end."""
    begun = Event()
    with ThreadPoolExecutor(1) as beside:
        making = beside.submit(asyncio.run, _make(cluster, begun))
        making.add_done_callback(lambda _: begun.set())
        begun.wait()
        yield
        making.result()


async def _make(cluster: str, begun: Event) -> None:
    admin = await asyncpg.connect(asyncpg_url(cluster))
    await admin.execute("SELECT pg_advisory_lock($1)", GATE)
    begun.set()
    for name in ("splot_template", "splot_unfinished"):
        await admin.execute(f"DROP DATABASE IF EXISTS {name}")
    await admin.execute("CREATE DATABASE splot_unfinished")
    unfinished = database_url(cluster, "splot_unfinished")
    for service in SERVICES:
        await provision(unfinished, service, PASSWORD)
        await migrate(unfinished, service)
    filled = await asyncpg.connect(asyncpg_url(unfinished))
    await filled.execute(MARK_FILLED.replace("{services}", ",".join(SERVICES)))
    for service in SERVICES:
        # Many at once on a busy machine wait for each other longer than in service; how long is not asked of them.
        await filled.execute(f"ALTER ROLE {service}_app SET lock_timeout = '20s'")
    await filled.close()
    # Nobody copies one that an error left half-made.
    await admin.execute("ALTER DATABASE splot_unfinished RENAME TO splot_template")
    await admin.close()


async def copy_template(cluster: str, name: str) -> None:
    """A database of that name as the template is, once that is made."""
    admin = await asyncpg.connect(asyncpg_url(cluster))
    await admin.execute("SELECT pg_advisory_lock_shared($1)", GATE)
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE splot_template')
    for service in SERVICES:
        await admin.execute(f'GRANT CONNECT, TEMPORARY ON DATABASE "{name}" TO {service}_app')
    await admin.close()
