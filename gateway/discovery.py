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
    """Looks up the addresses behind names, again and again: each is a replica.

    While a name has no address, the former ones stay.
    """

    def __init__(
        self,
        upstreams: Mapping[str, Upstream],
        addresses: Mapping[str, list[str]],
        clock: Callable[[], float],
    ) -> None:
        self._upstreams, self._clock = upstreams, clock
        # By service and name, the replicas in use by their address.
        self._replicas: dict[tuple[str, str], dict[str, Replica]] = {
            (service, name): {}
            for service, names in addresses.items()
            for name in names
            if has_name(name)
        }
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start to look up names."""
        # Each name has a task: one without an answer holds up no other.
        self._tasks = [
            asyncio.create_task(self._keep_finding(*key)) for key in self._replicas
        ]

    async def find_all(self) -> None:
        """Look up every name once."""
        await asyncio.gather(*(self.find(*key) for key in self._replicas))

    async def stop(self) -> None:
        """Look up no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def find(self, service: str, name: str) -> None:
        """Look up that name of a service, and add and remove replicas accordingly."""
        addresses = await _addresses_behind(name)
        if not addresses:
            return
        replicas = self._replicas[service, name]
        for address in replicas.keys() - addresses:
            self._upstreams[service].let_go(replicas.pop(address))
            log.info("replica has left", service=service, replica=address)
        new = [
            Replica(address, self._clock, name=name)
            for address in sorted(addresses - replicas.keys())
        ]
        states = await asyncio.gather(*(replica.get("/readyz") for replica in new))
        for replica, (status, _) in zip(new, states, strict=True):
            # One that is starting gets no requests yet, unless there is no other: then
            # its own answers say what it lacks.
            if status == 200 or (status and not replicas):
                replicas[replica.address] = replica
                self._upstreams[service].replicas.append(replica)
                log.info("replica is here", service=service, replica=replica.address)

    async def _keep_finding(self, service: str, name: str) -> None:
        while True:
            await self.find(service, name)
            await asyncio.sleep(FIND_SECONDS)


async def keep_trusting(addresses: Addresses, proxies: list[str]) -> None:
    """Trust front proxies given by name at their present addresses."""
    names = [proxy for proxy in proxies if _is_name(proxy)]
    while names:
        for name in names:
            if hosts := await _hosts_behind(name):
                addresses.trust(name, hosts)
        await asyncio.sleep(FIND_SECONDS)


def has_name(address: str) -> bool:
    """Whether an address has a host name to look up, and is no socket."""
    return not address.startswith("unix:") and _is_name(urlsplit(address).hostname)


def _is_name(host: str | None) -> bool:
    try:
        ip_address(host or "")
    except ValueError:
        return True
    return False


async def _addresses_behind(name: str) -> set[str]:
    """The addresses of `http://name:port` as `http://address:port`; empty if none."""
    parts = urlsplit(name)
    port = parts.port or 80
    return {
        f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        for host in await _hosts_behind(parts.hostname or "")
    }


async def _hosts_behind(name: str) -> set[str]:
    """The addresses of that name; empty while it has none."""
    try:
        results = await asyncio.get_running_loop().getaddrinfo(
            name, None, type=socket.SOCK_STREAM
        )
    # A name that is none (an empty label, too long) is found nowhere either.
    except (OSError, UnicodeError):
        return set()
    return {str(address[0]) for *_, address in results}
