"""The gateway before real services, of which one can fall silent."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.fast.protocol import ExpressProtocol
from gateway.main import Gateway
from gateway.settings import GatewaySettings
from services.chassis.trust.issuers import TokenVerifier
from tests.gateway.fakes import Asgi, serving
from tests.support.callers import AUDIENCE, ISSUER, KEYS, call_as
from tests.support.records import add_territory, app_of

PATIENT, HASTY = 25.0, 3.0
"""Seconds of a view: where nobody is silent a slow machine shall lose no part."""
COORDINATOR = call_as("county_coordinator")
NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Whom a client trusts that speaks no TLS: it reads no list of authorities."""


class Gate:
    """A service that answers, until it is told to be broken or silent."""

    def __init__(self, app: Asgi) -> None:
        self.app, self.is_broken, self.is_silent = app, False, False
        self.broken_below = ""
        self.seen: list[dict[str, str]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1/"):
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            self.seen.append(headers | {"target": scope["path"]})
            if self.is_silent:
                # Until the gateway hangs up.
                while (await receive())["type"] != "http.disconnect":
                    continue
                return
            is_below = self.broken_below and scope["path"].startswith(self.broken_below)
            if self.is_broken or is_below:
                await send({"type": "http.response.start", "status": 500, "headers": [(b"content-length", b"0")]})
                await send({"type": "http.response.body", "body": b""})
                return
        await self.app(scope, receive, send)


class Screens:
    """Where views are asked for, and what they are made of."""

    def __init__(self, client: httpx.AsyncClient, services: Mapping[str, httpx.AsyncClient]) -> None:
        self.client, self.services = client, services
        self.gates: dict[str, Gate] = {}
        self.gateway: Gateway

    def hurry(self) -> None:
        """From now on a view has little time."""
        entrance = self.gateway.entrance
        around = entrance.views.around._replace(seconds=HASTY)
        self.gateway.entrance = entrance._replace(views=entrance.views._replace(around=around))

    async def get(self, path: str, who: dict[str, str] = COORDINATOR, **headers: Any) -> httpx.Response:
        """What is answered; headers as they are written, or with `_` for `-`."""
        return await self.client.get(path, headers=who | {name.replace("_", "-"): v for name, v in headers.items()})

    async def view(self, path: str, who: dict[str, str] = COORDINATOR) -> Any:
        answer = await self.get(path, who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def make(self, service: str, path: str, body: dict[str, Any], who: dict[str, str] = COORDINATOR) -> Any:
        """Something made at a service, as its own address answers."""
        answer = await self.services[service].post(f"/v1/{service}{path}", json=body, headers=who)
        assert answer.status_code == 201, answer.text
        return answer.json()


def _verifier(_: GatewaySettings) -> TokenVerifier:
    async def keys() -> dict[str, Any]:
        return KEYS

    return TokenVerifier(ISSUER, AUDIENCE, keys)


@asynccontextmanager
async def showing(services: Mapping[str, httpx.AsyncClient], folder: Path, **settings: Any) -> AsyncIterator[Screens]:
    """These services on sockets in the folder, behind a gateway; a service that is not there is down."""
    sockets = {name: folder / f"{name}.sock" for name in ("registry", "screening", "casework", "training")}
    upstreams: dict[str, Any] = {f"{name}_upstreams": [f"unix:{socket}"] for name, socket in sockets.items()}
    given: dict[str, Any] = {
        "environment": "test",
        "oidc_issuer": ISSUER,
        "log_level": "ERROR",
        "view_seconds": PATIENT,
    }
    async with AsyncExitStack() as stack:
        gates = {name: Gate(app_of(client)) for name, client in services.items()}
        for name, gate in gates.items():
            await stack.enter_async_context(serving(gate, socket=sockets[name]))
        gateway = Gateway(lambda: GatewaySettings(**given, **upstreams, **settings), _verifier)
        options: dict[str, Any] = {"http": ExpressProtocol, "lifespan": "on", "timeout_keep_alive": 5}
        port = await stack.enter_async_context(serving(gateway, **options))
        address = f"http://127.0.0.1:{port}/v1/views"
        client = httpx.AsyncClient(base_url=address, verify=NOBODY, trust_env=False, timeout=30)
        await stack.enter_async_context(client)
        screens = Screens(client, services)
        screens.gates, screens.gateway = gates, gateway
        yield screens
    await asyncio.sleep(0)  # lets aborted connections be closed by the loop


@pytest.fixture
async def screens(
    racing_registry: httpx.AsyncClient,
    racing_screening: httpx.AsyncClient,
    racing_casework: httpx.AsyncClient,
    racing_training: httpx.AsyncClient,
    tmp_path: Path,
) -> AsyncIterator[Screens]:
    """All services and a small territory, behind the gateway."""
    await add_territory(racing_registry)
    services = {
        "registry": racing_registry,
        "screening": racing_screening,
        "casework": racing_casework,
        "training": racing_training,
    }
    async with showing(services, tmp_path) as shown:
        yield shown
