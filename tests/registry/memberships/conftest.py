"""The network whose members are decided about."""

import httpx
import pytest

from tests.registry.networks.stories import Network
from tests.support.records import add_territory


@pytest.fixture
async def network(registry: httpx.AsyncClient) -> Network:
    await add_territory(registry)
    return await Network.found(registry)
