"""Operations as the documentation page fills them in, by node."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.main import Gateway
from gateway.portal import ASSETS
from gateway.settings import GatewaySettings
from onebox.instance import Instance
from services.chassis.trust.issuers import TokenVerifier
from tests.gateway.fakes import serving
from tests.onebox.demo import called
from tests.onebox.operations import Operation
from tests.support.matrix import Matrix
from tests.support.records import app_of

PROGRAM = Path(__file__).with_name("ids.mjs")
SECONDS = 100


def caller(headers: Mapping[str, str], institution: str | None = None) -> dict[str, str | None]:
    """Whoever asks, as the program knows them."""
    return {"token": headers["authorization"].removeprefix("Bearer "), "institution": institution}


def whoever_may(instance: Instance, operation: Operation, counties: Sequence[str]) -> list[dict[str, str | None]]:
    """The demo's people who have the permission, first as they are and then in these counties; where none is needed,
    everybody who has any.
    """
    grants, needed = Matrix(operation.service, []).grants, operation.permission
    roles = [name for name in sorted(grants) if ":" not in name and (needed in grants[name] or needed is None)]
    everybody = [called(instance, role) for role in roles or ["operator"]]
    return [caller(each) for each in everybody + [called(instance, role, *counties) for role in roles]]


@asynccontextmanager
async def behind(services: Mapping[str, httpx.AsyncClient], folder: Path) -> AsyncIterator[str]:
    """The address of a gateway before these services, which trusts whom they trust."""
    sockets = {name: folder / f"{name}.sock" for name in services}
    upstreams: dict[str, Any] = {f"{name}_upstreams": [f"unix:{socket}"] for name, socket in sockets.items()}
    verifier: TokenVerifier = app_of(services["registry"]).state.verifier
    settings = GatewaySettings(environment="test", oidc_issuer="https://nobody.test", log_level="ERROR", **upstreams)
    async with AsyncExitStack() as stack:
        for name, client in services.items():
            await stack.enter_async_context(serving(app_of(client), socket=sockets[name]))
        gateway = Gateway(lambda: settings, lambda _: verifier)
        port = await stack.enter_async_context(serving(gateway, lifespan="on"))
        yield f"http://127.0.0.1:{port}"


async def filled(**told: Any) -> dict[str, dict[str, Any]]:
    """By operation: what it was filled in with, and of a read the status of its answer."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node here")
    pipe = asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec(node, PROGRAM, stdin=pipe, stdout=pipe)
    sent = json.dumps({"script": str(ASSETS["ids.js"]), **told}).encode()
    printed, _ = await asyncio.wait_for(running.communicate(sent), SECONDS)
    assert running.returncode == 0
    found: dict[str, dict[str, Any]] = json.loads(printed)
    return found
