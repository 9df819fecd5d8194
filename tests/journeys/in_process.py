"""The platform with everything running: the gateway on a port, the services behind it, real transactions and jobs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.fast.protocol import ExpressProtocol
from gateway.main import Gateway
from gateway.settings import GatewaySettings
from services.casework.peers import SCREENING_SCOPE, Registry, Screening, asking
from services.chassis.background.queue import JobRunner
from services.chassis.following.followers import Source
from services.chassis.peers import Peer
from services.screening.main import JOBS
from tests.casework.referrals.registries import account
from tests.casework.surroundings import Surroundings, watching
from tests.gateway.fakes import serving
from tests.journeys.screened import ScreeningStory
from tests.journeys.stories import Story
from tests.journeys.supported import SupportStory
from tests.journeys.trained import TrainingStory
from tests.screening.instrument_packages.asks import trust
from tests.support.callers import ISSUER, PatientVerifier
from tests.support.records import add_territory, app_of


@pytest.fixture
async def platform(
    racing_registry: httpx.AsyncClient,
    racing_screening: httpx.AsyncClient,
    racing_casework: httpx.AsyncClient,
    tmp_path: Path,
) -> AsyncIterator[str]:
    """A small territory, nothing else, and the address at which the services are reached through the gateway only."""
    await add_territory(racing_registry)
    services = {"registry": racing_registry, "screening": racing_screening, "casework": racing_casework}
    async with behind_gateway(services, tmp_path) as address:
        yield address


@asynccontextmanager
async def behind_gateway(services: Mapping[str, httpx.AsyncClient], folder: Path) -> AsyncIterator[str]:
    """These services on sockets in the folder, behind a gateway: its address."""
    sockets = {name: folder / f"{name}.sock" for name in services}
    upstreams: dict[str, Any] = {f"{name}_upstreams": [f"unix:{socket}"] for name, socket in sockets.items()}
    settings = GatewaySettings(environment="test", oidc_issuer=ISSUER, log_level="ERROR", **upstreams)
    async with AsyncExitStack() as stack:
        for name, client in services.items():
            await stack.enter_async_context(serving(app_of(client), socket=sockets[name]))
        gateway = Gateway(lambda: settings, lambda _: PatientVerifier())
        options: dict[str, Any] = {"http": ExpressProtocol, "lifespan": "on", "timeout_keep_alive": 5}
        port = await stack.enter_async_context(serving(gateway, **options))
        yield f"http://127.0.0.1:{port}/v1"


@pytest.fixture
async def story(platform: str) -> AsyncIterator[Story]:
    """What happens in the registry."""
    async with httpx.AsyncClient(base_url=f"{platform}/registry", trust_env=False) as client:
        yield Story(client)


@pytest.fixture
async def screening_story(platform: str, racing_screening: httpx.AsyncClient) -> AsyncIterator[ScreeningStory]:
    """What happens in screening, which trusts a publisher of instruments and works on its jobs."""
    trust(racing_screening)
    runner = JobRunner(app_of(racing_screening).state.database, JOBS)
    running = asyncio.create_task(runner.run())
    async with httpx.AsyncClient(base_url=f"{platform}/screening", trust_env=False, timeout=30) as client:
        yield ScreeningStory(client)
    await runner.stop()
    await running


@pytest.fixture
async def support_story(
    platform: str, racing_casework: httpx.AsyncClient, tmp_path: Path
) -> AsyncIterator[SupportStory]:
    """What happens in casework, which asks the registry and screening on their sockets with an account of its own."""
    registry, screening = [
        Peer(f"http://{name}", transport=httpx.AsyncHTTPTransport(uds=str(tmp_path / f"{name}.sock")))
        for name in ("registry", "screening")
    ]
    results = Source(screening, account(SCREENING_SCOPE))
    async with (
        closing(registry, screening),
        httpx.AsyncClient(base_url=f"{platform}/casework", trust_env=False, timeout=30) as client,
    ):
        with asking(Registry(registry, account()), Screening(*results)):
            yield SupportStory(client, database=app_of(racing_casework).state.database, feed=results)


@pytest.fixture
async def training_story(racing_training: httpx.AsyncClient, tmp_path: Path) -> AsyncIterator[TrainingStory]:
    """What happens in training, which needs no other service for a programme that is open to all."""
    async with (
        behind_gateway({"training": racing_training}, tmp_path) as platform,
        httpx.AsyncClient(base_url=f"{platform}/training", trust_env=False, timeout=30) as client,
    ):
        yield TrainingStory(client)


@asynccontextmanager
async def closing(*peers: Peer) -> AsyncIterator[None]:
    """Close what was asked."""
    yield
    for peer in peers:
        await peer.close()


@pytest.fixture
async def left(admin_url: str) -> AsyncIterator[Surroundings]:
    """What the processes leave beside their answers."""
    async with watching(admin_url) as surroundings:
        yield surroundings
