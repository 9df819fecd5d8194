"""Everything that can be done to the platform beside killing it, each with what callers may be told meanwhile."""

import asyncio
import resource
import signal
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import asyncpg
import httpx

from onebox.postgres import SOCKET
from onebox.stack import services_here
from tests.faults.fault import BUSY, EVERYWHERE, GONE, LATE, NO_DATABASE, SPOILT, Fault, behind
from tests.faults.feeds import FEEDS
from tests.faults.herding import HERDS, herding
from tests.faults.interposing import Interposed, Mode, interposed
from tests.faults.moments import KEPT_ANSWER, MOMENTS
from tests.faults.platform import Platform
from tests.faults.replicas import REPLICAS, restarted
from tests.faults.routes import WRITER
from tests.faults.starting import STARTING
from tests.faults.stopped import STOPPED

SECONDS_BETWEEN_TERMINATIONS = 0.2
READERS_AT_ONCE = 200
OPEN_FILES_LEFT = 6


@asynccontextmanager
async def _spoilt(mode: Mode, program: str, platform: Platform) -> AsyncIterator[None]:
    between = platform.between[program]
    between.mode = mode
    try:
        yield
    finally:
        between.mode = Mode.PASS
        between.hang_up()


@asynccontextmanager
async def _terminated_again_and_again(platform: Platform) -> AsyncIterator[None]:
    """No connection to the database lives longer than a moment."""

    async def terminate() -> None:
        while True:
            await platform.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%\\_app'")
            await asyncio.sleep(SECONDS_BETWEEN_TERMINATIONS)

    terminating = asyncio.create_task(terminate())
    try:
        yield
    finally:
        terminating.cancel()
        await asyncio.gather(terminating, return_exceptions=True)


@asynccontextmanager
async def _pool_exhausted(platform: Platform) -> AsyncIterator[None]:
    """Two hundred readers at once wait for a table that somebody keeps."""
    async with platform.superuser() as keeper, httpx.AsyncClient(base_url=platform.url, trust_env=False) as client:
        headers = platform.headers(WRITER)

        async def read() -> None:
            with suppress(httpx.HTTPError):
                await client.get("/v1/registry/institutions?limit=1", headers=headers, timeout=10)

        async with keeper.transaction():
            await keeper.execute("LOCK TABLE registry.institutions IN ACCESS EXCLUSIVE MODE")
            readers = [asyncio.create_task(read()) for _ in range(READERS_AT_ONCE)]
            yield
        await asyncio.gather(*readers)


@asynccontextmanager
async def _no_connection_left(platform: Platform) -> AsyncIterator[None]:
    """Every connection that the database allows is somebody else's."""
    taken: list[asyncpg.Connection[asyncpg.Record]] = []
    await platform.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%\\_app'")
    try:
        with suppress(asyncpg.TooManyConnectionsError):
            while True:
                taken.append(await asyncpg.connect(platform.database_url()))
        yield
    finally:
        for connection in taken:
            await connection.close()


@asynccontextmanager
async def _few_files(program: str, platform: Platform) -> AsyncIterator[None]:
    """A program that may open hardly any more files while many call."""
    pid = platform.pid(program)
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    open_now = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_now + OPEN_FILES_LEFT, before[1]))
    try:
        async with herding(platform, 50):
            yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


@asynccontextmanager
async def _restarted_one_by_one(platform: Platform) -> AsyncIterator[None]:
    """Each service is asked to end, and its successor awaited, before the next one."""
    for program in services_here():
        await restarted(program, platform)
    yield


@asynccontextmanager
async def _uploads_under_way(number: signal.Signals, platform: Platform) -> AsyncIterator[None]:
    """The gateway ends while files are sent to it: none of them is there in part."""

    async def content() -> AsyncIterator[bytes]:
        for _ in range(_CHUNKS):
            yield b"x" * _CHUNK_BYTES
            await asyncio.sleep(0.01)

    async def send(client: httpx.AsyncClient) -> None:
        headers = platform.headers(WRITER) | {"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())}
        with suppress(httpx.HTTPError):
            await client.post("/v1/registry/institution-imports?format=generic", content=content(), headers=headers)

    async with httpx.AsyncClient(base_url=platform.url, trust_env=False, timeout=30) as client:
        sending = [asyncio.create_task(send(client)) for _ in range(20)]
        await asyncio.sleep(0.5)
        platform.signal("gateway", number)
        await asyncio.gather(*sending)
    yield
    assert await platform.fetch(_IN_PART) == [], "a part of a file was kept"


_CHUNKS, _CHUNK_BYTES = 200, 100_000
# A gateway that is asked to end lets a file come to its end: that one is there whole.
_IN_PART = f"""
SELECT job_id FROM registry.job_files GROUP BY job_id
HAVING bool_or(part = 0 AND substr(content, 1, 1) = 'x') AND sum(octet_length(content)) <> {_CHUNKS * _CHUNK_BYTES}
"""


def _spoiling(mode: Mode, problems: frozenset[str], seconds: float, program: str = "registry") -> Fault:
    name = f"{program}: {mode.value}"
    done = partial(_spoilt, mode, program)
    return Fault(name, done, behind(program), seconds, problems, is_felt=bool(problems))


_UPLOADS = {"asked to end": signal.SIGTERM, "killed": signal.SIGKILL}
_SLOWER = frozenset({"request-in-progress"})
"""Only that a repeat comes before the first attempt is done."""
FAULTS = (
    _spoiling(Mode.SILENT, LATE, 8),
    _spoiling(Mode.DRIP, LATE | SPOILT, 8),
    _spoiling(Mode.CUT, SPOILT, 3),
    _spoiling(Mode.HALF, SPOILT, 3),
    _spoiling(Mode.GARBAGE, SPOILT, 3),
    _spoiling(Mode.REFUSED, GONE, 3),
    _spoiling(Mode.NARROW, _SLOWER, 4)._replace(is_felt=False),
    _spoiling(Mode.LOSSY, GONE, 6)._replace(is_felt=False),
    _spoiling(Mode.SILENT, NO_DATABASE, 8, "postgres"),
    _spoiling(Mode.REFUSED, NO_DATABASE, 3, "postgres"),
    Fault("connections to the database end all the time", _terminated_again_and_again, EVERYWHERE, 4, NO_DATABASE),
    Fault("no connection to the database is left", _no_connection_left, EVERYWHERE, 3, NO_DATABASE),
    Fault("a table is kept and 200 read", _pool_exhausted, behind("registry"), 4, BUSY),
    KEPT_ANSWER,
    *MOMENTS,
    *FEEDS,
    *STARTING,
    Fault("restarted one by one", _restarted_one_by_one, EVERYWHERE, 1, GONE | SPOILT, is_felt=False),
    *STOPPED,
    *(
        Fault(f"gateway {how} during uploads", partial(_uploads_under_way, number), EVERYWHERE, 1, GONE, is_felt=False)
        for how, number in _UPLOADS.items()
    ),
    Fault("gateway may open no more files", partial(_few_files, "gateway"), EVERYWHERE, 4, GONE | LATE, is_felt=False),
    *HERDS,
    *REPLICAS,
)
"""In this order: what replaces programs comes last, because the one in between is replaced with them."""


@asynccontextmanager
async def standing_between(platform: Platform) -> AsyncIterator[Mapping[str, Interposed]]:
    """Somebody before every service and before the database; whoever was connected is connected anew."""
    places = {name: platform.instance.socket(name) for name in services_here()}
    places["postgres"] = platform.cluster.socket_folder / SOCKET
    async with AsyncExitStack() as all_of_them:
        between = {name: await all_of_them.enter_async_context(interposed(place)) for name, place in places.items()}
        platform.between = between
        await platform.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%\\_app'")
        platform.signal("gateway", signal.SIGKILL)
        yield between
