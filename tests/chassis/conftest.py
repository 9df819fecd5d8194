"""The depot: a service invented for these tests, with a schema, an application and a job runner of its own."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from typing import Any, TypeAlias
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from services.chassis.background.queue import JobRunner
from services.chassis.data.database import Database
from services.chassis.ground.settings import ServiceSettings
from services.chassis.migrating import asyncpg_url, chassis_statements, provision
from tests.chassis import depot
from tests.chassis.paged import COUNTIES, TYPES, put
from tests.conftest import prepare
from tests.support.callers import call_as
from tests.support.databases import app_url, emptied, pause
from tests.support.receiver import Receiver, receiving
from tests.support.records import add_territory

Admin: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

PASSWORD = "only-for-tests"
GATE = 4711


async def _make_schema(admin_url: str) -> None:
    cluster = await asyncpg.connect(asyncpg_url(os.environ["SPLOT_TEST_CLUSTER"]))
    await cluster.execute("SELECT pg_advisory_lock($1)", GATE)  # roles belong to the cluster, which workers share
    await make_depot(admin_url)
    await cluster.close()


async def make_depot(admin_url: str) -> None:
    """The depot's schema, in any cluster."""
    await provision(admin_url, "depot", PASSWORD)
    admin = await asyncpg.connect(asyncpg_url(admin_url))
    await admin.execute("GRANT depot_owner TO CURRENT_USER")
    await admin.close()
    engine = create_async_engine(admin_url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("SET ROLE depot_owner")
        await connection.run_sync(depot.TABLES.create_all)
        await connection.exec_driver_sql("CREATE TABLE depot.alembic_version (version_num text)")
        for statement in chassis_statements("depot"):
            await connection.exec_driver_sql(statement)
    await engine.dispose()


@pytest.fixture(scope="session")
def depot_settings(admin_url: str, settings: ServiceSettings) -> ServiceSettings:
    """The depot's settings, as its own application role; its schema is made."""
    asyncio.run(_make_schema(admin_url))
    return settings.model_copy(
        update={"database_url": type(settings.database_url)(app_url(admin_url, "depot", PASSWORD))}
    )


@pytest.fixture(scope="session")
async def only_admin(admin_url: str) -> AsyncIterator[Admin]:
    """The superuser's connection, kept: to make one costs more than what most tests ask by it."""
    connection = await asyncpg.connect(asyncpg_url(admin_url), server_settings={"search_path": "depot"})
    yield connection
    await connection.close()


@pytest.fixture
async def admin(only_admin: Admin) -> AsyncIterator[Admin]:
    """The superuser, who looks and holds the gate; no lock and no setting of a test outlives it."""
    yield only_admin
    await only_admin.reset()


@pytest.fixture
async def depot_database(depot_settings: ServiceSettings, admin_url: str) -> AsyncIterator[Database]:
    """The depot's connections; its tables are emptied afterwards."""
    database = Database(depot_settings, "depot")
    yield database
    await database.close()
    await emptied(admin_url, "depot")


@pytest.fixture
async def idle_depot(depot_settings: ServiceSettings, depot_database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The depot without anybody working on its jobs."""
    prepare(depot.app, depot_settings, depot_database)
    transport = httpx.ASGITransport(depot.app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://registry", headers=call_as("registry_editor"), timeout=60
    ) as client:
        yield client


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Somebody on this machine who takes webhooks."""
    async with receiving() as listening:
        yield listening


@pytest.fixture
async def depot_client(idle_depot: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The depot with its jobs being worked on."""
    runner = JobRunner(depot.app.state.database, depot.JOBS)
    running = asyncio.create_task(runner.run())
    yield idle_depot
    await runner.stop()
    await running


async def finished(client: httpx.AsyncClient, location: str) -> dict[str, Any]:
    """The job at its end, of which its own event stream tells; asked again where the answer says so."""
    while True:
        stream = await client.get(f"{location}/events")
        if stream.status_code == 503 and "retry-after" in stream.headers:
            continue
        job: dict[str, Any] = json.loads(stream.text.rstrip().rpartition("data: ")[2])
        if job["finished_at"]:
            return job


async def until(admin: Admin, question: str, *values: Any) -> None:
    """Go on when the database answers yes."""
    async with asyncio.timeout(60):
        while not await admin.fetchval(question, *values):
            await pause()


async def ask(client: httpx.AsyncClient, file: str | bytes, media_type: str = "text/csv", **query: str) -> str:
    """Send a file of goods; where its job is."""
    headers = {"content-type": media_type, "idempotency-key": str(uuid4())}
    content = file.encode() if isinstance(file, str) else file
    answer = await client.post("/v1/depot/goods-imports", content=content, headers=headers, params=query)
    assert answer.status_code == 202, answer.text
    return str(answer.headers["location"])


async def take(
    client: httpx.AsyncClient, file: str | bytes, media_type: str = "text/csv", **query: str
) -> dict[str, Any]:
    """Send a file of goods and wait; the job at its end."""
    return await finished(client, await ask(client, file, media_type, **query))


@pytest.fixture
async def twelve(registry: httpx.AsyncClient) -> httpx.AsyncClient:
    """The registry with twelve institutions."""
    await add_territory(registry)
    await put(
        registry, [(f"Szkoła {number:02}", TYPES[number % 3], COUNTIES[number % 2], number) for number in range(12)]
    )
    return registry
