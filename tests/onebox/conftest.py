"""The small demo in all services, loaded once for all tests of a file that read it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack

import httpx
import pytest

from onebox.demo import load_small_demo
from onebox.instance import Instance
from services.chassis.data.database import Database
from services.training.peers import asking
from tests.conftest import racing
from tests.onebox.demo import URL, announced, called, trusting
from tests.training.enrolments.registries import sites_of


class Together(httpx.AsyncBaseTransport):
    """Takes every call to its service, as the gateway does."""

    def __init__(self, services: Mapping[str, httpx.AsyncClient]) -> None:
        self._services = {name: client._transport for name, client in services.items()}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._services[request.url.path.split("/")[2]].handle_async_request(request)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with announced(tmp_path_factory.mktemp("demo")) as instance:
        yield instance


@pytest.fixture(scope="module")
async def services(
    instance: Instance, admin_url: str, databases: dict[str, Database]
) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Every service, with the demo in them."""
    async with AsyncExitStack() as stack:
        made = {}
        for name, database in databases.items():
            client = await stack.enter_async_context(racing(name, admin_url, database))
            made[name] = await stack.enter_async_context(trusting(instance, name, client))
        # Whoever tests this asks the registry without an account: every location is one of the test.
        stack.enter_context(asking(sites_of({}, every="TMW")))
        async with httpx.AsyncClient(transport=Together(made), base_url=URL) as together:
            await load_small_demo(instance, together._transport)
        yield made


@pytest.fixture
async def screened(services: dict[str, httpx.AsyncClient]) -> AsyncIterator[httpx.AsyncClient]:
    """One client of all, with whoever each answer is for."""
    async with httpx.AsyncClient(transport=Together(services), base_url=URL) as client:
        yield client


@pytest.fixture
async def shown(instance: Instance, screened: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same, with somebody who sees every county's part."""
    screened.headers.update(called(instance, "programme_manager"))
    return screened
