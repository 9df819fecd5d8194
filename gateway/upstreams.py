"""The services behind the gateway: replicas, their idle connections, and whose turn it is."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from gateway.breakers import Breaker
from gateway.connections import ConnectFailed, Connection, ExchangeFailed
from services.chassis.ground.logs import logger

CONNECT_SECONDS = 0.5
PROBE_SECONDS = 1.0
SILENCE_SECONDS = 1.0
WATCH_SECONDS = 0.1
# Less than the 75 s after which a service ends an idle connection, perhaps just when a
# request is sent on it.
IDLE_SECONDS = 20.0
# Ten requests earn one retry, so that a failing service does not get twice the load.
RETRY_EVERY = 10
MOST_RETRIES_SAVED = 10.0

log = logger("upstreams")


class Replica:
    """One process of a service, with the connections to it."""

    def __init__(
        self, address: str, clock: Callable[[], float], name: str | None = None
    ) -> None:
        """`name`: the address with the host's name, where `address` has its IP."""
        self.address = address
        self.breaker = Breaker()
        self.is_ready = True
        """Whether it gets requests while another replica could take them."""
        self._under_way: set[Connection] = set()
        self._has_left = False
        self._clock = clock
        self._idle: list[Connection] = []
        self._answered_at = clock()
        self._path = (
            address.removeprefix("unix:") if address.startswith("unix:") else None
        )
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80
        # HTTP/1.1 demands a host, and a socket in the file system has none.
        host = "localhost" if self._path else urlsplit(name or address).netloc
        self.host_line = f"host: {host}\r\n".encode()

    @property
    def under_way(self) -> int:
        """How many requests wait for its answer."""
        return len(self._under_way)

    async def connection(self) -> Connection:
        """An idle connection, or a new one. Raises ConnectFailed."""
        return self.idle_connection() or await self._connect()

    def idle_connection(self) -> Connection | None:
        """An idle connection, if there is one."""
        while self._idle:
            # The one used last: it is the least likely to have been idle for too long
            # at the service.
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    @property
    def has_idle_connection(self) -> bool:
        """Whether the replica is not shut off, and a request can be sent without waiting."""
        is_in_use = self.is_ready and not self.breaker.is_open
        return is_in_use and bool(self._idle) and self._idle[-1].is_open

    def begin(self, connection: Connection) -> None:
        """Note that a request is sent on the connection: the replica owes an answer."""
        # Silence is counted from here: a replica without requests owes no answer.
        if not self._under_way:
            self._answered_at = self._clock()
        self._under_way.add(connection)

    def end(self, connection: Connection, *, answered: bool) -> None:
        """End the exchange; keep the connection if it can be used again."""
        self._under_way.discard(connection)
        now = self._clock()
        if answered:
            self._answered_at = now
            self.breaker.succeeded()
        if connection.is_open and not self._has_left:
            connection.idle_since = now
            self._idle.append(connection)
        else:
            connection.close()
            if connection.is_last:
                self._step_back()

    def failed(self) -> None:
        """Count a failed request that is the replica's fault."""
        self.breaker.failed()
        self._step_back()

    def answered(self) -> None:
        """Note that a part of an answer has arrived."""
        self._answered_at = self._clock()
        self.breaker.succeeded()

    async def look(self) -> None:
        """Close connections that were idle for long, and probe the replica where needed.

        It is probed when it is shut off, or silent while it owes answers.
        """
        now = self._clock()
        while self._idle and now - self._idle[0].idle_since > IDLE_SECONDS:
            self._idle.pop(0).close()
        is_silent = self._under_way and now - self._answered_at > SILENCE_SECONDS
        if self.breaker.is_open:
            self._step_back()
        if self.breaker.is_open or is_silent:
            await self._probe()
        if not self.is_ready:
            # A replica that has just started is alive before it can answer.
            status, _ = await self.get("/readyz")
            self.is_ready = status == 200

    def _step_back(self) -> None:
        """Be last in turn until ready again: the replica is leaving, or has left."""
        self.is_ready = False
        # A leaving process closes idle connections, perhaps just as a request is sent.
        self.close()

    async def _probe(self) -> None:
        was_open = self.breaker.is_open
        status, _body = await self.get("/livez")
        # Any status shows that it is alive; readiness is another question.
        healthy = status != 0
        self.breaker.probed(healthy=healthy)
        self._answered_at = self._clock()
        if self.breaker.has_given_up:
            # Callers need not wait until the deadline for answers that will not come.
            for connection in tuple(self._under_way):
                connection.close()
        # Only a change is logged: a replica that stays away would fill the log.
        if was_open == healthy:
            message = "replica is back" if healthy else "replica is shut off"
            log.warning(message, replica=self.address)

    async def get(self, path: str, seconds: float = PROBE_SECONDS) -> tuple[int, bytes]:
        """Status and body of a GET that the gateway makes for itself; status 0 on failure.

        It uses a connection of its own.
        """
        connection = None
        try:
            async with asyncio.timeout(seconds):
                # Not one of the idle: a probe must neither wait for a caller's exchange
                # nor end it.
                connection = await self._connect()
                request_line = b"GET %b HTTP/1.1\r\n" % path.encode()
                connection.send(request_line + self.host_line + b"\r\n", bodiless=False)
                body = await connection.wait_for_all()
                return connection.status, body
        except (TimeoutError, ExchangeFailed):
            return 0, b""
        finally:
            if connection is not None:
                connection.close()

    def leave(self) -> None:
        """Keep no connection for another request; those under way go on."""
        self._has_left = True
        self.close()

    def close(self) -> None:
        """Close every idle connection."""
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
    """A request to a replica and the answer to it, on one connection."""

    replica: Replica
    connection: Connection

    def end(self) -> None:
        """Give the connection back, or cut it in the middle of an answer."""
        self.replica.end(self.connection, answered=self.connection.complete)


class Upstream:
    """One service, in one or several replicas."""

    def __init__(
        self, name: str, addresses: list[str], clock: Callable[[], float]
    ) -> None:
        self.name = name
        self.replicas = [Replica(address, clock) for address in addresses]
        self._leaving: list[Replica] = []
        self._turn = 0
        self._retries = 1.0
        self._watching: asyncio.Task[None] | None = None

    def let_go(self, replica: Replica) -> None:
        """Give the replica no more requests; wait for the answers that it owes."""
        self.replicas.remove(replica)
        self._leaving.append(replica)
        replica.leave()

    def replica(self, besides: Sequence[Replica] = ()) -> Replica | None:
        """The next replica in turn that is not shut off.

        If there is no other, one that is not ready; last of all one of `besides`.
        """
        self._begin_turn()
        second_best: Replica | None = None
        for offset in range(len(self.replicas)):
            replica = self.replicas[(self._turn + offset) % len(self.replicas)]
            if replica.breaker.is_open:
                continue
            if replica.is_ready and replica not in besides:
                return replica
            if second_best is None or second_best in besides:
                second_best = replica
        return second_best

    def idle_replica(self) -> Replica | None:
        """The next replica, which takes its turn; None if a request would wait."""
        if not self.replicas:
            return None
        replica = self.replicas[(self._turn + 1) % len(self.replicas)]
        if not replica.has_idle_connection:
            return None
        self._begin_turn()
        return replica

    def _begin_turn(self) -> None:
        if self._retries < MOST_RETRIES_SAVED:
            self._retries += 1 / RETRY_EVERY
        self._turn += 1

    def may_retry(self) -> bool:
        """Whether a request may be repeated; uses one of the retries that are left."""
        if self._retries < 1:
            return False
        self._retries -= 1
        return True

    async def is_ready(self) -> bool:
        """Whether at least one replica reports that it is ready."""
        answers = await asyncio.gather(
            *(replica.get("/readyz") for replica in self.replicas)
        )
        return any(status == 200 for status, _ in answers)

    async def get(self, path: str, seconds: float) -> bytes | None:
        """The body of a GET of the gateway's own; None if no replica answers 200."""
        for replica in self.replicas:
            if not replica.breaker.is_open:
                status, body = await replica.get(path, seconds)
                if status == 200:
                    return body
        return None

    def start(self) -> None:
        """Begin to check the replicas."""
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Stop checking the replicas, and close their idle connections."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        for replica in self.replicas:
            replica.close()

    async def _watch(self) -> None:
        while True:
            self._leaving = [each for each in self._leaving if each.under_way]
            replicas = (*self.replicas, *self._leaving)
            await asyncio.gather(*(replica.look() for replica in replicas))
            await asyncio.sleep(WATCH_SECONDS)
