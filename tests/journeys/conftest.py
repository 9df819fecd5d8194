"""The platform with everything running: the gateway on a port, the registry behind it, real transactions."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.main import Gateway
from gateway.server import PatientProtocol
from gateway.settings import GatewaySettings
from services.chassis.identity import TokenVerifier
from tests.gateway.fakes import serving
from tests.journeys.stories import Story
from tests.support.callers import AUDIENCE, ISSUER, KEYS
from tests.support.records import add_territory, app_of


def _verifier(_: GatewaySettings) -> TokenVerifier:
    async def keys() -> dict[str, Any]:
        return KEYS

    return TokenVerifier(ISSUER, AUDIENCE, keys)


@pytest.fixture
async def story(racing_registry: httpx.AsyncClient, tmp_path: Path) -> AsyncIterator[Story]:
    """A small territory, nothing else, and a client that reaches the services through the gateway only."""
    await add_territory(racing_registry)
    socket = tmp_path / "registry.sock"
    settings = GatewaySettings(
        environment="test", oidc_issuer=ISSUER, log_level="ERROR", registry_upstreams=[f"unix:{socket}"]
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(app_of(racing_registry), socket=socket))
        gateway = Gateway(lambda: settings, _verifier)
        options: dict[str, Any] = {"http": PatientProtocol, "lifespan": "on", "timeout_keep_alive": 5}
        port = await stack.enter_async_context(serving(gateway, **options))
        url = f"http://127.0.0.1:{port}/v1/registry"
        yield Story(await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False)))
