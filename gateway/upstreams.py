"""The services behind the gateway: their replicas, the connections kept to each, and which one is asked next."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from gateway.breakers import Breaker
from gateway.connections import ConnectFailed, Connection, ExchangeFailed
from services.chassis.logs import logger

CONNECT_SECONDS = 0.5
PROBE_SECONDS = 1.0
SILENCE_SECONDS = 1.0
WATCH_SECONDS = 0.1
IDLE_SECONDS = 20.0
RETRY_EVERY = 10
"""One retry for so many requests, so that a failing service does not get twice the load."""
MOST_RETRIES_SAVED = 10.0

log = logger("upstreams")


class Replica:
    """One process of a service. Idle connections end here before the service would end them (75 s)."""

    def __init__(self, address: str, clock: Callable[[], float]) -> None:
        self.address = address
        self.breaker = Breaker()
        self._under_way: set[Connection] = set()
        self._clock = clock
        self._idle: list[Connection] = []
        self._heard_at = clock()
        self._path = (
            address.removeprefix("unix:") if address.startswith("unix:") else None
        )
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self.host_line = (
            b"host: localhost\r\n"
            if self._path
            else f"host: {parts.netloc}\r\n".encode()
        )

    async def connection(self) -> Connection:
        """An idle connection, or a new one. Raises ConnectFailed."""
        return self.idle_connection() or await self._connect()

    def idle_connection(self) -> Connection | None:
        """An idle connection, if there is one."""
        while self._idle:
            kept = self._idle.pop()
            if kept.is_open:
                return kept
        return None

    @property
    def answers_at_once(self) -> bool:
        """Whether a request can be sent without waiting: nothing is shut off, and a connection is idle."""
        return not self.breaker.is_open and bool(self._idle) and self._idle[-1].is_open

    def begin(self, connection: Connection) -> None:
        """A request is sent on the connection; from now on the replica is expected to be heard."""
        if not self._under_way:
            self._heard_at = self._clock()
        self._under_way.add(connection)

    def end(self, connection: Connection, *, answered: bool) -> None:
        """The exchange is over: keep the connection if another request may follow on it."""
        self._under_way.discard(connection)
        now = self._clock()
        if answered:
            self._heard_at = now
            self.breaker.succeeded()
        if connection.is_open:
            connection.idle_since = now
            self._idle.append(connection)
        else:
            connection.close()

    def heard(self) -> None:
        """The replica said something."""
        self._heard_at = self._clock()
        self.breaker.succeeded()

    async def look(self) -> None:
        """Drop connections idle for long; probe a replica that is shut off, or silent while it owes answers.

        One that fails a second probe will not give these answers: their callers need not wait for the deadline.
        """
        now = self._clock()
        while self._idle and now - self._idle[0].idle_since > IDLE_SECONDS:
            self._idle.pop(0).close()
        if self.breaker.is_open or (
            self._under_way and now - self._heard_at > SILENCE_SECONDS
        ):
            was_open = self.breaker.is_open
            healthy = (await self.get("/livez"))[0] != 0
            self.breaker.probed(healthy=healthy)
            self._heard_at = self._clock()
            if self.breaker.has_given_up:
                for connection in tuple(self._under_way):
                    connection.close()
            if was_open == healthy:
                log.warning(
                    "replica is back" if healthy else "replica is shut off",
                    replica=self.address,
                )

    async def get(self, path: str, seconds: float = PROBE_SECONDS) -> tuple[int, bytes]:
        """Status and body of a GET of the gateway's own, on a connection of its own; status 0 if none came."""
        connection = None
        try:
            async with asyncio.timeout(seconds):
                connection = await self._connect()
                connection.send(
                    b"GET "
                    + path.encode()
                    + b" HTTP/1.1\r\n"
                    + self.host_line
                    + b"\r\n",
                    bodiless=False,
                )
                body = await connection.wait_for_all()
                return connection.status, body
        except (TimeoutError, ExchangeFailed):
            return 0, b""
        finally:
            if connection is not None:
                connection.close()

    def close(self) -> None:
        """Let go of every idle connection."""
        while self._idle:
            self._idle.pop().close()

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                if self._path is not None:
                    _, connection = await loop.create_unix_connection(
                        Connection, self._path
                    )
                else:
                    _, connection = await loop.create_connection(
                        Connection, self._host, self._port
                    )
        except (TimeoutError, OSError):
            raise ConnectFailed from None
        return connection


class Exchange(NamedTuple):
    """A request on its way to a replica, and the answer that comes back."""

    replica: Replica
    connection: Connection

    def end(self) -> None:
        """Give the connection back; cut it when it is in the middle of something."""
        self.replica.end(self.connection, answered=self.connection.complete)


class Upstream:
    """One service, in one or several replicas."""

    def __init__(
        self, name: str, addresses: list[str], clock: Callable[[], float]
    ) -> None:
        self.name = name
        self.replicas = [Replica(address, clock) for address in addresses]
        self._turn = 0
        self._retries = 1.0
        self._watching: asyncio.Task[None] | None = None

    def replica(self, besides: Replica | None = None) -> Replica | None:
        """The next replica in turn that is not shut off; another one than `besides` where there is a choice."""
        self._begin_turn()
        second_best: Replica | None = None
        for offset in range(len(self.replicas)):
            replica = self.replicas[(self._turn + offset) % len(self.replicas)]
            if not replica.breaker.is_open:
                if replica is not besides:
                    return replica
                second_best = replica
        return second_best

    def replica_at_once(self) -> Replica | None:
        """The next replica in turn, if a request can be sent to it without waiting; its turn is then taken."""
        replica = self.replicas[(self._turn + 1) % len(self.replicas)]
        if not replica.answers_at_once:
            return None
        self._begin_turn()
        return replica

    def _begin_turn(self) -> None:
        if self._retries < MOST_RETRIES_SAVED:
            self._retries += 1 / RETRY_EVERY
        self._turn += 1

    def may_retry(self) -> bool:
        """Take one retry from the budget, if there is one."""
        if self._retries < 1:
            return False
        self._retries -= 1
        return True

    async def is_ready(self) -> bool:
        """Whether at least one replica says it is ready to serve."""
        answers = await asyncio.gather(
            *(replica.get("/readyz") for replica in self.replicas)
        )
        return any(status == 200 for status, _ in answers)

    async def get(self, path: str, seconds: float) -> bytes | None:
        """The body of a GET that the gateway makes for itself, None if no replica answers it with 200."""
        for replica in self.replicas:
            status, body = (
                (0, b"")
                if replica.breaker.is_open
                else await replica.get(path, seconds)
            )
            if status == 200:
                return body
        return None

    def start(self) -> None:
        """Begin to look after the replicas."""
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Stop looking after the replicas and let go of their connections."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        for replica in self.replicas:
            replica.close()

    async def _watch(self) -> None:
        while True:
            await asyncio.gather(*(replica.look() for replica in self.replicas))
            await asyncio.sleep(WATCH_SECONDS)
