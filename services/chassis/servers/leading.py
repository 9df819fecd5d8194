"""Which of several database servers takes writes, and connections to that one.

DATABASE_URL may name several servers: one leads, the others follow it and take over.
The driver knows such addresses too, but asks one server after the other within one time
limit, so that a host that went silent hides those behind it.
"""

import asyncio
from typing import Any, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from services.chassis.ground.logs import describe_exception, logger

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_FOR_A_LOOK = 1.5
SECONDS_TO_CONNECT = 4.0
# How long the server that led last is tried before the others.
HEAD_START = 0.3
# A promoted server begins a new timeline: of two that take writes the newer one leads.
_TIMELINE = """
SELECT CASE WHEN pg_is_in_recovery() THEN 0
       ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer END
"""

# Raised when a connection is gone; the second one in the middle of a statement.
CONNECTION_FAULTS = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

log = logger("servers")


class Place(NamedTuple):
    """Where a server listens."""

    host: str
    port: int


class NoLeader(ConnectionError):
    """The server that answered follows another one, or led before."""


def arguments_of(url: str) -> dict[str, Any]:
    """The driver's arguments for an address as SQLAlchemy writes it."""
    dialect_: Any = dialect()  # type: ignore[no-untyped-call]
    arguments: dict[str, Any] = dialect_.create_connect_args(make_url(url))[1]
    # Of SQLAlchemy's layer, not of the driver.
    arguments.pop("prepared_statement_cache_size", None)
    return arguments


class Servers:
    """The servers of one address; connections to them end when another one leads."""

    def __init__(self, url: str, target: str = "read-write") -> None:
        """`target` is `prefer-standby` for reads only; then nobody looks who leads."""
        self.url = url
        self._arguments = {**arguments_of(url), "target_session_attrs": target}
        hosts: Any = self._arguments.get("host")
        is_led = isinstance(hosts, list) and target == "read-write"
        ports: Any = self._arguments.get("port")
        pairs = zip(hosts, ports, strict=True) if is_led else ()
        self.places = [Place(*each) for each in pairs]
        self.leader: Place | None = None
        self._timeline = 0
        self._looks: dict[Place, Connection] = {}
        self._open: WeakKeyDictionary[Connection, Place] = WeakKeyDictionary()

    async def connect(self, **options: Any) -> Connection:
        """A connection to the server that takes writes; ConnectionError without one."""
        arguments = {**options, **self._arguments}
        if not self.places:
            return await asyncpg.connect(**arguments)
        waiting = sorted(self.places, key=lambda place: place != self.leader)
        attempts: set[asyncio.Task[Connection]] = set()
        failure: BaseException = NoLeader()
        try:
            while waiting or attempts:
                if waiting:
                    attempt = self._led_by(waiting.pop(0), arguments)
                    attempts.add(asyncio.create_task(attempt))
                done, attempts = await asyncio.wait(
                    attempts,
                    timeout=HEAD_START if waiting else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                connected, failures = _split(done)
                if connected:
                    return connected
                failure = next(iter(failures), failure)
            raise failure
        finally:
            for task in attempts:
                task.cancel()
                task.add_done_callback(_let_go)

    async def _led_by(self, place: Place, arguments: dict[str, Any]) -> Connection:
        """A connection to this server, if it leads."""
        connection = await self._connect_to(place, arguments)
        try:
            async with asyncio.timeout(SECONDS_FOR_A_LOOK):
                timeline = await connection.fetchval(_TIMELINE)
            if not timeline or timeline < self._timeline:
                raise NoLeader
        except BaseException:
            connection.terminate()
            raise
        self._lead(place, timeline)
        self._open[connection] = place
        return connection

    async def _connect_to(self, place: Place, arguments: dict[str, Any]) -> Connection:
        own = {"host": place.host, "port": place.port, "target_session_attrs": "any"}
        # To this server alone: the others are tried in parallel.
        return await asyncpg.connect(
            **arguments | own | {"timeout": SECONDS_TO_CONNECT}
        )

    def _lead(self, place: Place, timeline: int) -> None:
        if (place, timeline) == (self.leader, self._timeline):
            return
        if self.leader is not None:
            log.warning("another server leads", host=place.host, port=place.port)
        self.leader, self._timeline = place, timeline
        # Requests that wait for the former leader fail at once.
        for connection, at in [*self._open.items()]:
            if at != place:
                connection.terminate()

    async def watch(self) -> None:
        """Look who leads, until cancelled; with one server there is nothing to do."""
        while self.places:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001
                # Any error: nothing would start this loop again.
                log.warning("servers not looked at", **describe_exception(error))
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def look(self) -> None:
        """Ask every server on which timeline it takes writes: the newest one leads."""
        looks = map(self._timeline_of, self.places)
        answers = await asyncio.gather(*looks)
        timeline = max(answers)
        if timeline and timeline >= self._timeline:
            self._lead(self.places[answers.index(timeline)], timeline)

    async def _timeline_of(self, place: Place) -> int:
        """The server's timeline; 0 if it takes no writes, or does not answer."""
        try:
            async with asyncio.timeout(SECONDS_FOR_A_LOOK):
                connection = self._looks.get(place)
                if connection is None or connection.is_closed():
                    connection = await self._connect_to(place, self._arguments)
                    self._looks[place] = connection
                return int(await connection.fetchval(_TIMELINE))
        except (asyncpg.PostgresError, *CONNECTION_FAULTS):
            self._forget(place)
            return 0

    def _forget(self, place: Place) -> None:
        connection = self._looks.pop(place, None)
        if connection is not None:
            connection.terminate()

    def close(self) -> None:
        """Close the connections that looked."""
        for place in self.places:
            self._forget(place)


def _let_go(task: asyncio.Task[Connection]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().terminate()


def _split(
    done: set[asyncio.Task[Connection]],
) -> "tuple[Connection | None, list[BaseException]]":
    """The first connection that was made, if any, and the failures of the others."""
    connection: Connection | None = None
    failures = []
    for task in done:
        error = task.exception()
        if error is not None:
            failures.append(error)
        elif connection is None:
            connection = task.result()
        else:
            task.result().terminate()
    return connection, failures
