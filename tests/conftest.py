"""One PostgreSQL for the run, one migrated database for each worker, one transaction for each test, thrown away."""

import asyncio
import gc
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from copy import copy
from datetime import timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import ECKey
from pydantic import SecretStr

from onebox.bytecode import FORBIDDEN, keep_bytecode, keeping_bytecode
from onebox.postgres import ephemeral_postgres
from services.casework.keys import opened
from services.casework.settings import CaseworkSettings
from services.chassis.background import job_watching, queue
from services.chassis.data.database import Database
from services.chassis.data.work import NOBODY
from services.chassis.ground.settings import ServiceSettings
from services.chassis.servers.leases import Lease
from services.chassis.trust.access import row_scope
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import drawn_keyring
from tests.support.callers import ISSUER, PatientVerifier, call_as
from tests.support.databases import app_url, close_sweepers, database_url, emptied
from tests.support.documents_shared import folder_of_documents
from tests.support.places import places_named
from tests.support.sending import PlainClient
from tests.support.services import SERVICES, app_called
from tests.support.statements import record_statements
from tests.support.template import PASSWORD, copy_template, template_in

DEFAULT_CALLERS = {
    "casework": "county_coordinator",
    "registry": "registry_editor",
    "screening": "early_screening_coordinator",
    "training": "training_manager",
}
KEYRING = Path(tempfile.gettempdir()) / f"splot-tests-keyring-{os.getpid()}"
CREDENTIAL_KEYS = Path(tempfile.gettempdir()) / f"splot-tests-credential-keys-{os.getpid()}"
FILES: dict[str, dict[str, Any]] = {
    "casework": {"keyring_file": KEYRING},
    "training": {"credential_keys_file": CREDENTIAL_KEYS},
}
_cluster = ExitStack()
sys.modules["sniffio"] = None  # type: ignore[assignment] # httpx searches every path for it at every request otherwise


def pytest_configure(config: pytest.Config) -> None:
    """The controller of the run starts the cluster and fills the template; workers are told where it is."""
    record_statements()
    gc.disable()
    if hasattr(config, "workerinput") or "SPLOT_URL" in os.environ:
        return
    keep_bytecode()
    os.environ.update(keeping_bytecode({**os.environ}))
    os.environ.pop(FORBIDDEN, None)
    _cluster.enter_context(folder_of_documents())
    url = _cluster.enter_context(ephemeral_postgres())
    _cluster.enter_context(template_in(url))
    os.environ["SPLOT_TEST_CLUSTER"] = url


def pytest_collection_finish() -> None:
    """What was imported and collected lives to the end: the garbage collector never looks at it."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if not hasattr(config, "workerinput"):
        _cluster.close()


@pytest.fixture(scope="session", autouse=True)
def without_waiting() -> Iterator[None]:
    """Streams and runners look more often than a service may: what they find is asked here, and not how late."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job_watching, "SECONDS_BETWEEN_LOOKS", 0.03)
        patch.setattr(queue, "LOOK", timedelta(seconds=0.3))
        yield


@pytest.fixture(scope="session", autouse=True)
def keyring(admin_url: str) -> Iterator[None]:
    """The keyring that casework seals with, as its lifespan would have opened it."""
    KEYRING.write_text(drawn_keyring(), encoding="ascii")
    settings = settings_of("casework", admin_url)
    assert isinstance(settings, CaseworkSettings)
    with opened(settings):
        yield
    KEYRING.unlink()


@pytest.fixture(scope="session", autouse=True)
def credential_keys() -> Iterator[None]:
    """The keys that training signs certificates with: one that was in use before, and the present one."""
    keys = [ECKey.generate_key("P-256", auto_kid=True) for _ in range(2)]
    CREDENTIAL_KEYS.write_text(json.dumps({"keys": [key.as_dict(private=True) for key in keys]}), encoding="ascii")
    yield
    CREDENTIAL_KEYS.unlink()


@pytest.fixture(scope="session")
def admin_url(worker_id: str) -> str:
    """This worker's own database, as its superuser."""
    cluster, name = os.environ["SPLOT_TEST_CLUSTER"], f"splot_{worker_id}"
    asyncio.run(copy_template(cluster, name))
    return database_url(cluster, name)


@cache
def settings_of(service: str, admin_url: str) -> ServiceSettings:
    """A service's settings, as its own application role."""
    own = find_spec(f"services.{service}.settings")
    kind = getattr(import_module(own.name), f"{service.title()}Settings") if own else ServiceSettings
    settings: ServiceSettings = kind(
        **FILES.get(service, {}),
        environment="test",
        database_url=SecretStr(app_url(admin_url, service, PASSWORD)),
        database_pool_size=20,
        cursor_key=SecretStr("a key that signs cursors in tests only"),
        oidc_issuer=ISSUER,
        allowed_hosts=[service],
        run_jobs=False,
        webhook_keyring_file=KEYRING,
        webhook_loopback=True,
    )
    return settings


@pytest.fixture(scope="session")
def settings(admin_url: str) -> ServiceSettings:
    """The registry's settings."""
    return settings_of("registry", admin_url)


VERIFIER = PatientVerifier()


def prepare(app: FastAPI, settings: ServiceSettings, database: Database) -> None:
    """What the lifespan would have done, with the tests' own issuer and without background work."""
    app.state.settings = settings
    app.state.database = database
    app.state.verifier = VERIFIER


@pytest.fixture(scope="session")
async def databases(admin_url: str) -> AsyncIterator[dict[str, Database]]:
    """Connections to the worker's own database, made once: what they have prepared serves every test."""
    made = {service: Database(settings_of(service, admin_url), service) for service in SERVICES}
    yield made
    for database in made.values():
        await database.close()


@pytest.fixture(scope="session", autouse=True)
async def sweepers() -> AsyncIterator[None]:
    """What empties the worker's own database after a test, until the last one."""
    yield
    await close_sweepers()


@asynccontextmanager
async def thrown_away(
    service: str, admin_url: str, shared: Database, app: FastAPI | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A service in process, in one transaction that is rolled back in the end; as another application where given."""
    app, database = app or app_called(service), copy(shared)
    held = await shared.take(NOBODY)
    held.info.pop("scope")
    outer = held.driver.transaction()
    await outer.start()
    database.take = _Shared(held)  # type: ignore[method-assign]
    prepare(app, settings_of(service, admin_url), database)
    try:
        async with _client(app, service) as client:
            yield client
        await outer.rollback()
    finally:
        # What was set in there is rolled back too.
        held.info.pop("scope", None)
        held.discard() if held.driver.is_in_transaction() else held.release()


class _Shared:
    """The one connection of a test, for whoever takes one; it is given back when the test ends."""

    def __init__(self, held: Lease) -> None:
        self.held = held
        held_by_test = copy(held)
        held_by_test.release = held_by_test.discard = lambda: None  # type: ignore[method-assign]
        self.lent = held_by_test

    async def __call__(self, caller: Caller, /, *, searches: bool = False) -> Lease:
        # What the transaction of another request set may have been rolled back.
        self.lent.info.pop("scope", None)
        await self.lent.reach(row_scope(caller))
        return self.lent


@asynccontextmanager
async def racing(service: str, admin_url: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A service in process with real, concurrent transactions; its tables are emptied afterwards."""
    app = app_called(service)
    prepare(app, settings_of(service, admin_url), database)
    async with _client(app, service) as client:
        yield client
    await emptied(admin_url, service)


@pytest.fixture
async def casework(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """Casework, called by a coordinator of county 2469; everything it does is thrown away."""
    async with thrown_away("casework", admin_url, databases["casework"]) as client:
        yield client


@pytest.fixture
async def racing_casework(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """Casework with real, concurrent transactions."""
    async with racing("casework", admin_url, databases["casework"]) as client:
        yield client


@pytest.fixture
async def training(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """Training, called by a training manager of county 2469; everything it does is thrown away."""
    async with thrown_away("training", admin_url, databases["training"]) as client:
        yield client


@pytest.fixture
async def racing_training(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """Training with real, concurrent transactions."""
    async with racing("training", admin_url, databases["training"]) as client:
        yield client


@pytest.fixture
async def registry(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """The registry, called by a registry editor of county 2469; everything it does is thrown away."""
    async with thrown_away("registry", admin_url, databases["registry"]) as client:
        yield client


@pytest.fixture
async def racing_registry(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """The registry with real, concurrent transactions."""
    async with racing("registry", admin_url, databases["registry"]) as client:
        yield client


@pytest.fixture
async def screening(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """Screening, called by a screening coordinator of county 2469; everything it does is thrown away."""
    async with thrown_away("screening", admin_url, databases["screening"]) as client:
        yield client


@pytest.fixture
async def racing_screening(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """Screening with real, concurrent transactions."""
    async with racing("screening", admin_url, databases["screening"]) as client:
        yield client


def _client(app: FastAPI, service: str) -> httpx.AsyncClient:
    return PlainClient(app, service, call_as(DEFAULT_CALLERS[service]), places_named(app))
