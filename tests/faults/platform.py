"""A platform of its own in a temporary folder, as `onebox up` starts it: its processes, its callers, its tables."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx

from onebox.access import TokenRequest, mint_for
from onebox.instance import Instance, instance_in, read_secrets
from onebox.postgres import Cluster, cluster_at, server_url
from onebox.processes import identity
from tests.faults.interposing import Interposed

REPOSITORY = Path(__file__).parents[2]
SECONDS_TO_START, SECONDS_TO_STOP = 180, 30
SECONDS_A_TOKEN_IS_USED = 300.0


@dataclass
class Platform:
    """The running platform as an outsider with a shell sees it."""

    instance: Instance
    url: str
    between: dict[str, Interposed] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    """Figures of trials, in words."""
    missed: list[str] = field(default_factory=list)
    """Those that miss their bar."""
    external_database: str = ""
    _tokens: dict[TokenRequest, tuple[float, str]] = field(default_factory=dict)

    def pid(self, program: str) -> int:
        """The process of a program."""
        return int(json.loads(self.instance.pids.read_text())[program][0])

    def signal(self, program: str, number: signal.Signals) -> float:
        """Send a signal to a program's process; when that was."""
        os.kill(self.pid(program), number)
        return time.monotonic()

    def headers(self, caller: TokenRequest) -> dict[str, str]:
        """The headers of a caller whose token is fresh."""
        minted_at, token = self._tokens.get(caller, (float("-inf"), ""))
        if time.monotonic() - minted_at > SECONDS_A_TOKEN_IS_USED:
            token = mint_for(self.instance, caller)
            self._tokens[caller] = (time.monotonic(), token)
        return {"Authorization": f"Bearer {token}"}

    def renew_tokens(self) -> None:
        """Let nobody need a new token for a while."""
        self._tokens = {caller: (time.monotonic(), mint_for(self.instance, caller)) for caller in self._tokens}

    @property
    def cluster(self) -> Cluster:
        """The database's own cluster."""
        password = read_secrets(self.instance, ("postgres",))["postgres"]
        return cluster_at(self.instance.postgres, password=password)

    def database_url(self) -> str:
        """Where the superuser connects."""
        url = self.external_database or server_url(self.cluster, "splot")
        return url.replace("+asyncpg", "", 1)

    async def is_ready(self, program: str) -> bool:
        """Whether a program says that it can work; of a gateway, which shares its port, whether it runs."""
        if program.startswith("gateway"):
            return identity(self.pid(program)) is not None
        return await self.says_yes(program, "/readyz")

    async def says_yes(self, program: str, path: str) -> bool:
        """Whether a service answers its own address with a success."""
        try:
            transport = httpx.AsyncHTTPTransport(uds=str(self.instance.socket(program)))
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                return (await client.get(path)).is_success
        except httpx.HTTPError:
            return False

    @asynccontextmanager
    async def superuser(self) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        """A connection of whoever may do everything."""
        connection = await asyncpg.connect(self.database_url())
        try:
            yield connection
        finally:
            await connection.close()

    async def fetch(self, question: str) -> "list[asyncpg.Record]":
        """What the superuser is told."""
        [rows] = await self.fetch_together(question)
        return rows

    async def fetch_together(self, *questions: str) -> "list[list[asyncpg.Record]]":
        """What the superuser is told of one moment."""
        async with self.superuser() as connection, connection.transaction(isolation="repeatable_read"):
            return [await connection.fetch(question) for question in questions]


@asynccontextmanager
async def running(folder: Path, deadline: float, replicas: int = 1, database: str = "") -> AsyncIterator[Platform]:
    """An `up` in that folder with that deadline for calls, on any free port; it ends with the block.

    With the address of a `database` on that one, else on a cluster of its own.
    """
    kept_out = ("ADMIN_DATABASE_URL",)
    environment = {name: value for name, value in os.environ.items() if name not in kept_out}
    environment["DEADLINE_SECONDS"] = str(deadline)
    if database:
        environment["ADMIN_DATABASE_URL"] = database
    command = [sys.executable, "-m", "onebox", "up", "--data", str(folder), "--port", "0", "--demo", "none"]
    command += ["--replicas", str(replicas)] if replicas > 1 else []
    folder.mkdir(exist_ok=True)
    with (folder / "printed").open("w") as printed:
        up = await asyncio.create_subprocess_exec(
            *command, cwd=REPOSITORY, env=environment, stdout=printed, stderr=printed
        )
    instance = instance_in(folder)
    try:
        yield Platform(instance, await _announced(up, folder), external_database=database)
    finally:
        if up.returncode is None:
            up.send_signal(signal.SIGINT)
        left = _pids(instance)
        await asyncio.wait_for(up.wait(), SECONDS_TO_STOP)
        survivors = [name for name, (pid, known) in left.items() if known and identity(pid) == known]
        assert not survivors, f"left running: {survivors}"


async def _announced(up: asyncio.subprocess.Process, folder: Path) -> str:
    announcement = folder / "instance.json"
    end = time.monotonic() + SECONDS_TO_START
    while not announcement.exists():
        if up.returncode is not None or time.monotonic() > end:
            raise SystemExit(f"The platform does not start:\n{(folder / 'printed').read_text()[-3000:]}")
        await asyncio.sleep(0.05)
    return str(json.loads(announcement.read_text())["url"])


def parent(pid: int) -> int:
    """The process that started another one."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1])


def _pids(instance: Instance) -> dict[str, tuple[int, str | None]]:
    if not instance.pids.exists():
        return {}
    return {name: (int(pid), known) for name, (pid, known) in json.loads(instance.pids.read_text()).items()}
