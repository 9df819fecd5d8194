"""The platform with everything running: the gateway on a port, the services behind it, real transactions and jobs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.fast.protocol import ExpressProtocol
from gateway.main import Gateway
from gateway.settings import GatewaySettings
from services.chassis.background.queue import JobRunner
from services.chassis.trust.issuers import TokenVerifier
from services.screening.main import JOBS
from tests.gateway.fakes import serving
from tests.journeys.screened import ScreeningStory
from tests.journeys.stories import Story
from tests.screening.instrument_packages.asks import trust
from tests.support.callers import AUDIENCE, ISSUER, KEYS
from tests.support.records import add_territory, app_of


def _verifier(_: GatewaySettings) -> TokenVerifier:
    async def keys() -> dict[str, Any]:
        return KEYS

    return TokenVerifier(ISSUER, AUDIENCE, keys)


@pytest.fixture
async def platform(
    racing_registry: httpx.AsyncClient, racing_screening: httpx.AsyncClient, tmp_path: Path
) -> AsyncIterator[str]:
    """A small territory, nothing else, and the address at which the services are reached through the gateway only."""
    await add_territory(racing_registry)
    sockets = {name: tmp_path / f"{name}.sock" for name in ("registry", "screening")}
    settings = GatewaySettings(
        environment="test",
        oidc_issuer=ISSUER,
        log_level="ERROR",
        registry_upstreams=[f"unix:{sockets['registry']}"],
        screening_upstreams=[f"unix:{sockets['screening']}"],
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(app_of(racing_registry), socket=sockets["registry"]))
        await stack.enter_async_context(serving(app_of(racing_screening), socket=sockets["screening"]))
        gateway = Gateway(lambda: settings, _verifier)
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
