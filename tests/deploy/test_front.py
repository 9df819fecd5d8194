"""The front as it is configured, before a gateway and a provider: TLS, whom it believes, what it lets through."""

import asyncio
import os
import shutil
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from tests.gateway.fakes import FakeService, serving

ROOT = Path(__file__).parents[2]
CADDY = shutil.which("caddy")
pytestmark = pytest.mark.skipif(CADDY is None, reason="there is no Caddy here")


class Front:
    """The running front, what stands behind it, and a browser."""

    def __init__(self, ports: list[int], log: Path, browser: httpx.AsyncClient) -> None:
        self.http, self.https, self.health, self.nobody = ports
        self.log, self.browser = log, browser
        self.gateway, self.provider = FakeService(), FakeService()
        self.provider_runs = AsyncExitStack()

    def url(self, path: str) -> str:
        return f"https://localhost:{self.https}{path}"


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    """Our own configuration, on other ports, with what it calls by name on this machine."""
    async with AsyncExitStack() as stack:
        browser = httpx.AsyncClient(verify=_any_certificate(), trust_env=False)
        await stack.enter_async_context(browser)
        one = Front(free_ports(4), tmp_path / "log", browser)
        gateway = await stack.enter_async_context(serving(one.gateway, host="127.0.0.1"))
        await stack.enter_async_context(one.provider_runs)
        provider = await one.provider_runs.enter_async_context(serving(one.provider, host="127.0.0.1"))
        text = (ROOT / "deploy/front/Caddyfile").read_text(encoding="utf-8")
        for written, here in {
            "http_port 8080": f"http_port {one.http}",
            "https_port 8443": f"https_port {one.https}",
            "127.0.0.1:8081": f"127.0.0.1:{one.health}",
            "dynamic a gateway 8000": f"dynamic a localhost {gateway}",
            "keycloak:8080": f"127.0.0.1:{provider}",
            "read_header 10s": "read_header 200ms",
        }.items():
            assert text.count(written) == 1
            text = text.replace(written, here)
        (tmp_path / "Caddyfile").write_text(text)
        await stack.enter_async_context(Running(tmp_path, one))
        yield one


class Running:
    """Caddy with the configuration of that folder, from when it is healthy until it is told to end."""

    def __init__(self, folder: Path, front: Front) -> None:
        self.folder, self.front = folder, front

    async def __aenter__(self) -> None:
        assert CADDY is not None
        command = [CADDY, "run", "--adapter", "caddyfile", "--config", str(self.folder / "Caddyfile")]
        homes = {"XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder), "HOME": str(self.folder)}
        with self.front.log.open("wb") as log:
            self.process = await asyncio.create_subprocess_exec(
                *command, env={"PATH": os.environ["PATH"], **homes}, stdout=log, stderr=log
            )
        while True:
            try:
                await self.front.browser.get(f"http://127.0.0.1:{self.front.health}/livez")
                await self.front.browser.get(self.front.url("/"))
                return
            except httpx.TransportError:
                assert self.process.returncode is None, self.front.log.read_text()

    async def __aexit__(self, *_: object) -> None:
        self.process.terminate()
        await self.process.wait()


async def test_the_front_keeps_its_promises_and_its_log_holds_no_query_and_no_header(front: Front) -> None:
    """One story, since it takes some seconds to start."""
    answer = await front.browser.get(front.url("/v1/registry/institutions?q=1"), headers={"x-forwarded-for": "8.8.8.8"})
    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "server" not in answer.headers
    [*_, seen] = front.gateway.seen
    assert (seen.path, seen.query, seen.header("host")) == (
        "/v1/registry/institutions",
        "q=1",
        f"localhost:{front.https}",
    )
    assert seen.header("x-forwarded-for") == "127.0.0.1", "what a caller says of itself is not passed on"

    plain = await front.browser.get(f"http://localhost:{front.http}/v1/x")
    assert (plain.status_code, plain.headers["location"]) == (308, "https://localhost/v1/x")

    assert (await front.browser.get(front.url("/auth/realms/splot"))).status_code == 200
    assert [seen.path for seen in front.provider.seen] == ["/auth/realms/splot"]
    for hidden in ("/auth/admin/", "/auth/metrics", "/auth/health", "/auth/realms/../admin/"):
        assert (await front.browser.get(front.url(hidden))).status_code == 404
    assert len(front.provider.seen) == 1

    answers, slow = await asyncio.open_connection("localhost", front.https, ssl=_any_certificate())
    slow.write(b"GET / HTTP/1.1\r\nHost: local")
    assert await answers.read() == b"", "a head that does not come whole is not waited for"
    slow.close()

    await front.provider_runs.aclose()
    headers = {"cookie": "c00kie-of-anna", "authorization": "Bearer t0ken-of-anna"}
    answer = await front.browser.get(front.url("/auth/realms/splot?code=c0de-of-anna"), headers=headers)
    assert answer.status_code == 502
    log = front.log.read_text()
    assert '"/auth/realms/splot"' in log
    assert not [secret for secret in ("c0de-of-anna", "c00kie-of-anna", "t0ken-of-anna") if secret in log]


def _any_certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
