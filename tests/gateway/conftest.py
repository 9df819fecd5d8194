"""A gateway with one service behind it, and somebody who may call."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from gateway.main import Gateway
from tests.gateway.fakes import (
    Answer,
    AssertProblem,
    FakeService,
    claims_for,
    gateway_serving,
    read_answer,
    request_bytes,
    serving,
    speak,
)

ANNA, BARTEK = "token-of-anna", "token-of-bartek"
TOKENS = {ANNA: claims_for("anna", "registry_editor"), BARTEK: claims_for("bartek", "guardian")}


class Town:
    """The gateway and what is around it."""

    def __init__(self, stack: AsyncExitStack, folder: Path) -> None:
        self.stack, self.folder = stack, folder
        self.registry = FakeService()
        self.gateway: Gateway
        self.port = 0

    async def open(self, **settings: Any) -> "Town":
        """Start the registry, and the gateway in front of it."""
        socket = self.folder / "registry.sock"
        if "registry_upstreams" not in settings:
            await self.stack.enter_async_context(serving(self.registry, socket=socket))
            settings["registry_upstreams"] = [f"unix:{socket}"]
        self.gateway, self.port = await self.stack.enter_async_context(gateway_serving(TOKENS, **settings))
        return self

    async def ask(self, target: str, *lines: str, token: str | None = ANNA, **how: Any) -> Answer:
        """Send one request, with Anna's token unless told otherwise."""
        given = [f"Authorization: Bearer {token}"] if token else []
        return read_answer(await speak(self.port, request_bytes(target, *given, *lines, **how)))


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        yield Town(stack, tmp_path)
    await asyncio.sleep(0)  # lets aborted connections be closed by the loop


@pytest.fixture
async def open_town(town: Town) -> Town:
    return await town.open()


@pytest.fixture
def assert_problem() -> AssertProblem:
    def check(answer: Answer, status: int, slug: str) -> dict[str, Any]:
        problem: dict[str, Any] = json.loads(answer.body)
        assert (answer.status, problem["type"]) == (status, f"/problems/{slug}")
        assert answer.header("content-type") == "application/problem+json"
        assert answer.header("cache-control") == "no-store"
        assert problem["status"] == status
        assert (answer.header("traceparent") or "").split("-")[1:2] == [problem["trace_id"]]
        return problem

    return check
