"""A platform elsewhere, by its address: SPLOT_URL, empty but for what journeys before have left.

SPLOT_ISSUER is the address of its development issuer, SPLOT_ISSUER_KEY a file with that one's keys, which sign for the
people of the journeys; SPLOT_AUTHORITY a file with the authority of its certificate. It trusts the publisher of the
tests' instruments (`PUBLISHERS` of tests/screening/instrument_packages/asks.py).
"""

import asyncio
import os
import ssl
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.screened import ScreeningStory
from tests.journeys.stories import Story
from tests.journeys.supported import SupportStory
from tests.journeys.trained import TrainingStory
from tests.support.callers import call_as

NOT_THERE = {"admin_url", "monkeypatch"}
"""A clock that can be moved, and the database."""
TERRITORY = Path(__file__).parents[2] / "onebox/demo_data/territories.csv"
OPERATOR = call_as("operator", counties=["*"], institution=None)


@pytest.fixture(scope="session")
def keyring() -> None:
    """Of that platform, and not of this process."""


def client(service: str) -> httpx.AsyncClient:
    """Calls a service from outside."""
    trusted = ssl.create_default_context(cafile=os.environ.get("SPLOT_AUTHORITY"))
    address = f"{os.environ['SPLOT_URL']}/v1/{service}"
    return httpx.AsyncClient(base_url=address, verify=trusted, trust_env=False, timeout=30)


@pytest.fixture
async def platform() -> str:
    """The address of the platform, which has a territory."""
    async with client("registry") as registry:
        if (await registry.get("/counties/2469", headers=OPERATOR)).status_code != 200:
            await _load_territory(registry)
    return f"{os.environ['SPLOT_URL']}/v1"


async def _load_territory(registry: httpx.AsyncClient) -> None:
    headers = OPERATOR | {"content-type": "text/csv", "idempotency-key": str(uuid.uuid4())}
    sent = await registry.post("/territory-imports?format=terc", content=TERRITORY.read_bytes(), headers=headers)
    assert sent.status_code == 202, sent.text
    job: Any = sent.json()
    async with asyncio.timeout(60):
        async with registry.stream("GET", f"/jobs/{job['id']}/events", headers=OPERATOR) as events:
            async for _ in events.aiter_lines():
                pass
    ended = (await registry.get(f"/jobs/{job['id']}", headers=OPERATOR)).json()
    assert ended["state"] == "succeeded", ended


@pytest.fixture
async def story(platform: str) -> AsyncIterator[Story]:
    """What happens in the registry."""
    async with client("registry") as registry:
        one = Story(registry)
        # The territory was told of.
        one.begun = len((await one.read("/events?limit=1000"))["items"])
        yield one


@pytest.fixture
async def screening_story(platform: str) -> AsyncIterator[ScreeningStory]:
    """What happens in screening, which works on its jobs by itself."""
    async with client("screening") as screening:
        yield ScreeningStory(screening)


@pytest.fixture
async def support_story(platform: str) -> AsyncIterator[SupportStory]:
    """What happens in casework, which follows others by itself."""
    async with client("casework") as casework:
        yield SupportStory(casework)


@pytest.fixture
async def training_story(platform: str) -> AsyncIterator[TrainingStory]:
    """What happens in training."""
    async with client("training") as training:
        yield TrainingStory(training)


class Outside:
    """Who is outside does not see what processes leave beside their answers."""

    def texts(self) -> dict[str, str]:
        """None of it."""
        return {}


@pytest.fixture
def left() -> Outside:
    """What is seen of it from outside."""
    return Outside()
