"""The replicas behind a service's name: they come and go while the gateway runs."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from gateway.hosts import Addresses
from gateway.upstreams import Replica, Upstream
from services.chassis.ground.logs import logger

FIND_SECONDS = 1.0

log = logger("discovery")


class Discovery:
    """Asks for the addresses behind names, again and again: each is a replica.

    While a name leads nowhere, what was known before still holds.
    """

    def __init__(
        self,
        upstreams: Mapping[str, Upstream],
        addresses: Mapping[str, list[str]],
        clock: Callable[[], float],
    ) -> None:
        self._upstreams, self._clock = upstreams, clock
        # By service and name, what is used of what it leads to.
        self._known: dict[tuple[str, str], dict[str, Replica]] = {
            (service, address): {}
            for service, listed in addresses.items()
            for address in listed
            if has_name(address)
        }
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to ask."""
        # Each name has a task: one that nobody answers keeps no other waiting.
        self._tasks = [
            asyncio.create_task(self._keep_finding(*named)) for named in self._known
        ]

    async def stop(self) -> None:
        """Ask no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def find(self, service: str, name: str) -> None:
        """Ask for the addresses behind that name of a service, and go by the answer."""
        addresses = await _addresses_behind(name)
        if not addresses:
            return
        known = self._known[service, name]
        for address in known.keys() - addresses:
            self._upstreams[service].let_go(known.pop(address))
            log.info("replica has left", service=service, replica=address)
        new = [
            Replica(address, self._clock, called=name)
            for address in sorted(addresses - known.keys())
        ]
        states = await asyncio.gather(*(replica.get("/readyz") for replica in new))
        for replica, (status, _) in zip(new, states, strict=True):
            # One that starts gets no requests yet, unless there is no other: then it
            # says by itself what it lacks.
            if status == 200 or (status and not known):
                known[replica.address] = replica
                self._upstreams[service].take_in(replica)
                log.info("replica is here", service=service, replica=replica.address)

    async def _keep_finding(self, service: str, name: str) -> None:
        while True:
            await self.find(service, name)
            await asyncio.sleep(FIND_SECONDS)


async def keep_trusting(addresses: Addresses, proxies: list[str]) -> None:
    """Trust the front proxies that are given by name, wherever they are now."""
    names = [proxy for proxy in proxies if _is_name(proxy)]
    while names:
        for name in names:
            if found := await _hosts_behind(name):
                addresses.trust(name, found)
        await asyncio.sleep(FIND_SECONDS)


def has_name(address: str) -> bool:
    """Whether its host is a name to ask for, and neither an address nor a socket."""
    return not address.startswith("unix:") and _is_name(urlsplit(address).hostname)


def _is_name(host: str | None) -> bool:
    try:
        ip_address(host or "")
    except ValueError:
        return True
    return False


async def _addresses_behind(name: str) -> set[str]:
    """What `http://name:port` leads to, as `http://address:port`; empty if nowhere."""
    parts = urlsplit(name)
    port = parts.port or 80
    return {
        f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        for host in await _hosts_behind(parts.hostname or "")
    }


async def _hosts_behind(name: str) -> set[str]:
    """The addresses of that name; empty while nobody knows it."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            name, None, type=socket.SOCK_STREAM
        )
    except OSError:
        return set()
    return {str(address[0]) for *_, address in found}
