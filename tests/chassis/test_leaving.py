"""Both servers: a process that is asked to end says so before it ends."""

import asyncio
import signal
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway.fast.protocol import ExpressProtocol
from services.chassis.serving.leaving import Leaving, leaving_on_signals
from services.chassis.serving.server import GuardedProtocol
from tests.gateway.fakes import read_answer, serving
from tests.support.records import app_of

REQUEST = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """The stop signals that a server would have heard."""
    heard: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda number, _: heard.append(number))
    yield heard
    for number, handler in before.items():
        signal.signal(number, handler)


async def test_the_server_hears_of_it_only_when_everybody_has_been_told(heard: list[int]) -> None:
    begun: list[str] = []
    leaving = leaving_on_signals(0.01, lambda: begun.append("begun"))
    signal.raise_signal(signal.SIGTERM)
    assert (leaving.has_begun, heard) == (True, [])
    async with asyncio.timeout(5):
        while not heard:  # noqa: ASYNC110 - a handler of signals tells nobody
            await asyncio.sleep(0)
    assert (begun, heard) == (["begun"], [signal.SIGTERM])


async def test_who_asks_twice_does_not_wait(heard: list[int]) -> None:
    leaving_on_signals(60)
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGINT)
    assert heard == [signal.SIGINT]


@pytest.mark.parametrize("protocol", [GuardedProtocol, ExpressProtocol])
async def test_the_next_answer_on_a_connection_is_its_last(protocol: type[GuardedProtocol]) -> None:
    leaving = Leaving(0, lambda: None)

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            scope["state"]["leaving"] = leaving
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{}"})

    async with serving(app, http=protocol, lifespan="on") as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        first = read_answer(await reader.readuntil(b"{}"))
        leaving.has_begun = True
        writer.write(REQUEST)
        last = read_answer(await reader.read())
        writer.close()
    assert first.header("connection") is None
    assert last.header("connection") == "close"


@pytest.mark.parametrize(("has_begun", "status"), [(False, 200), (True, 503)])
async def test_a_service_that_leaves_is_not_ready(
    racing_registry: httpx.AsyncClient, has_begun: bool, status: int
) -> None:
    app, leaving = app_of(racing_registry), Leaving(0, lambda: None)
    leaving.has_begun = has_begun

    async def served(scope: Any, receive: Any, send: Any) -> None:
        await app(scope | {"state": {"leaving": leaving}}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://registry") as client:
        assert (await client.get("/readyz")).status_code == status
