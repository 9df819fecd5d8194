"""Replicas behind a name: one that comes is used when it is ready, one that goes is let go and loses no answer."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from gateway.discovery import Discovery, has_name
from gateway.upstreams import Upstream
from tests.gateway.conftest import Town
from tests.gateway.fakes import FakeService, serving

ASKS = "/v1/registry/institutions"
Leads = Callable[..., None]


@pytest.fixture
def leads(monkeypatch: pytest.MonkeyPatch) -> Leads:
    """Say where the name `registry` leads; to nothing: nobody knows the name."""
    hosts: list[str] = []
    found = socket.getaddrinfo

    def look_up(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        if host != "registry":
            return found(host, port, *arguments, **options)
        if not hosts:
            raise socket.gaierror(socket.EAI_NONAME, "nobody knows it")
        return [each for one in hosts for each in found(one, port, *arguments, **options)]

    def lead(*to: str) -> None:
        hosts[:] = to

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return lead


class Named:
    """A gateway whose registry is known by name, with replicas on loopback addresses that share one port."""

    def __init__(self, town: Town) -> None:
        self.town, self.port = town, 0
        self.services: dict[str, FakeService] = {}

    async def replica(self, host: str, **of: Any) -> FakeService:
        service = self.services[host] = FakeService(**of)
        options: dict[str, Any] = {"host": host, "port": self.port}
        bound = await self.town.stack.enter_async_context(serving(service, **options))
        self.port = self.port or bound
        return service

    async def open(self) -> None:
        await self.town.open(registry_upstreams=[self.name])
        self.upstream = self.town.gateway.entrance.upstreams["registry"]
        self.discovery = Discovery({"registry": self.upstream}, {"registry": [self.name]}, lambda: 0.0)

    @property
    def name(self) -> str:
        return f"http://registry:{self.port}"

    async def find(self) -> None:
        await self.discovery.find("registry", self.name)

    async def asked(self, times: int = 6) -> list[int]:
        """How many of so many requests, which all have to succeed, each replica got."""
        before = {host: len(service.seen) for host, service in self.services.items()}
        assert [(await self.town.ask(ASKS)).status for _ in range(times)] == [200] * times
        return [len(service.seen) - before[host] for host, service in self.services.items()]


@pytest.fixture
async def named(town: Town, leads: Leads, monkeypatch: pytest.MonkeyPatch) -> Named:
    # The gateway's own looks are switched off: those of the test come one by one.
    monkeypatch.setattr(Discovery, "start", Mock())
    monkeypatch.setattr(Discovery, "find_all", AsyncMock())
    leads()
    return Named(town)


async def test_every_address_behind_a_name_gets_requests_by_the_name_that_was_written(
    named: Named, leads: Leads
) -> None:
    services = [await named.replica(f"127.0.0.{number}") for number in (1, 2, 3)]
    leads("127.0.0.3", "127.0.0.1", "127.0.0.2", "127.0.0.1")
    await named.open()
    await named.find()
    assert await named.asked() == [2, 2, 2]
    assert {seen.header("host") for service in services for seen in service.seen} == {f"registry:{named.port}"}


async def test_a_replica_that_starts_gets_requests_when_it_is_ready(named: Named, leads: Leads) -> None:
    await named.replica("127.0.0.1")
    new = await named.replica("127.0.0.2", ready=False)
    leads("127.0.0.1")
    await named.open()
    await named.find()
    leads("127.0.0.1", "127.0.0.2", "127.0.0.9")
    await named.find()
    assert await named.asked() == [6, 0]
    new.ready = True
    await named.find()
    assert await named.asked() == [3, 3]


async def test_the_only_replica_says_by_itself_what_it_lacks(named: Named, leads: Leads) -> None:
    service = await named.replica("127.0.0.1", ready=False, status=503)
    service.headers = [(b"content-type", b"application/problem+json")]
    leads("127.0.0.1")
    await named.open()
    assert (await named.town.ask(ASKS)).header("retry-after") == "1"
    await named.find()
    assert (await named.town.ask(ASKS)).body == service.body
    assert len(service.seen) == 1


async def test_a_replica_that_goes_answers_what_it_was_asked_and_gets_nothing_more(named: Named, leads: Leads) -> None:
    going = await named.replica("127.0.0.1")
    await named.replica("127.0.0.2")
    leads("127.0.0.1")
    await named.open()
    await named.find()
    going.may_answer = asyncio.Event()
    asking = asyncio.create_task(named.town.ask(ASKS))
    await going.asked.wait()
    [replica] = named.upstream.replicas
    leads("127.0.0.2")
    await named.find()
    assert await named.asked() == [0, 6]
    going.may_answer.set()
    assert (await asking).status == 200
    assert not replica.under_way
    assert not replica.has_idle_connection


async def test_while_a_name_leads_nowhere_what_was_known_holds(named: Named, leads: Leads) -> None:
    await named.replica("127.0.0.1")
    leads("127.0.0.1")
    await named.open()
    await named.find()
    leads()
    await named.find()
    assert await named.asked() == [6]


async def test_a_front_proxy_given_by_name_is_believed_where_the_name_leads(town: Town, leads: Leads) -> None:
    leads("127.0.0.1")
    await town.open(trusted_proxies=["registry"])
    addresses = town.gateway.entrance.addresses
    forwarded = {b"x-forwarded-for": b"203.0.113.9"}
    while addresses.of(("127.0.0.1", 1), forwarded) == b"127.0.0.1":  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(0)
    assert addresses.of(("127.0.0.1", 1), forwarded) == b"203.0.113.9"
    assert addresses.of(("127.0.0.2", 1), forwarded) == b"127.0.0.2"
    addresses.trust("registry", {"127.0.0.2"})
    assert addresses.of(("127.0.0.1", 1), forwarded) == b"127.0.0.1"


async def test_the_gateway_asks_for_names_by_itself(town: Town, leads: Leads) -> None:
    named = Named(town)
    await named.replica("127.0.0.1")
    leads("127.0.0.1")
    await named.open()
    while not town.gateway.entrance.upstreams["registry"].replicas:  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(0)
    assert await named.asked() == [6]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://registry:8000", True),
        ("http://10.0.0.7:8000", False),
        ("http://[::1]:8000", False),
        ("unix:/run/registry.sock", False),
    ],
)
def test_a_name_is_told_from_an_address(address: str, *, expected: bool) -> None:
    assert has_name(address) is expected


def test_an_upstream_without_replicas_has_nobody_to_ask() -> None:
    upstream = Upstream("registry", [], lambda: 0.0)
    assert upstream.replica() is None
    assert upstream.idle_replica() is None


async def test_a_name_that_cannot_be_one_leads_nowhere_and_stops_no_lookup() -> None:
    upstream = Upstream("registry", [], lambda: 0.0)
    names = {"registry": ["http://two..dots:8000"]}
    await Discovery({"registry": upstream}, names, lambda: 0.0).find_all()
    assert upstream.replicas == []
