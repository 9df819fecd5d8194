"""A pair of PostgreSQL servers under Patroni and a witness, by deploy/patroni/patroni.yml, each on its machine."""

import asyncio
import os
import secrets
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx

from onebox.accounts import as_account, make_private_folder
from onebox.postgres import ENVIRONMENT, PID_FILE, binary
from tests.failover.hosts import Host, family, hosts, signal_all

CONFIGURATION = Path(__file__).parents[2] / "deploy/patroni/patroni.yml"
POSTGRES_PORT, REST_PORT, RAFT_PORT = 5432, 8008, 2222
SECONDS_FOR_A_CLUSTER = 90.0
SECONDS_TO_STOP = 20.0
DATABASE = "splot"


@dataclass
class Member:
    """One machine of the cluster and what runs there."""

    host: Host
    folder: Path
    environment: dict[str, str]
    command: list[str]
    patroni: subprocess.Popen[bytes] | None = None
    frozen: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.host.name

    def start(self) -> None:
        """Patroni, which starts the database."""
        if self.patroni is not None:
            self.patroni.wait(SECONDS_TO_STOP)
        command = self.host.command(as_account(self.command, self.folder))
        with (self.folder.parent / f"{self.name}.log").open("ab") as log:
            self.patroni = subprocess.Popen(command, env=self.environment, cwd="/", stdout=log, stderr=log)

    def postmaster(self) -> int | None:
        """The process of the database, if one is noted."""
        try:
            return int((self.folder / "data" / PID_FILE).read_text().split()[0])
        except (OSError, IndexError, ValueError):
            return None

    def processes(self) -> list[int]:
        """All of this machine: Patroni, the database, whoever serves a connection."""
        return [*self._of_patroni(), *self._of_database()]

    def _of_patroni(self) -> list[int]:
        return family(self.patroni.pid) if self.patroni is not None else []

    def _of_database(self) -> list[int]:
        pid = self.postmaster()
        return family(pid) if pid is not None else []

    def kill(self, *, database: bool = True, patroni: bool = True) -> None:
        """kill -9 of one of them or both."""
        found = [*(self._of_patroni() if patroni else []), *(self._of_database() if database else [])]
        if database and not patroni:
            found = self._of_database()[:1]
        signal_all(found, signal.SIGKILL)

    def freeze(self) -> None:
        """Everything stands still, as on a machine that hangs: its network answers, and nobody else does."""
        self.frozen = self.processes()
        signal_all(self.frozen, signal.SIGSTOP)

    def thaw(self) -> None:
        """Everything goes on as if no time had passed."""
        signal_all(self.frozen, signal.SIGCONT)
        self.frozen = []

    async def asked(self, path: str) -> int:
        """The status that Patroni answers; 0 for no answer."""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
                return (await client.get(f"http://{self.host.address}:{REST_PORT}{path}")).status_code
        except httpx.HTTPError:
            return 0


@dataclass
class Cluster:
    """The pair; the witness only votes."""

    members: list[Member]
    witness: Member
    password: str

    def url(self, database: str = DATABASE) -> str:
        """The address of all its servers, as an operator writes it."""
        places = ",".join(member.host.address for member in self.members)
        ports = ",".join(str(POSTGRES_PORT) for _ in self.members)
        query = f"host={places}&port={ports}&target_session_attrs=read-write"
        return f"postgresql+asyncpg://postgres:{self.password}@/{database}?{query}"

    async def leader(self) -> Member | None:
        """Whoever leads by its own account."""
        answers = await asyncio.gather(*(member.asked("/leader") for member in self.members))
        leading = [member for member, status in zip(self.members, answers, strict=True) if status == 200]
        return leading[0] if len(leading) == 1 else None

    def other(self, member: Member) -> Member:
        """The other one of the pair."""
        return next(each for each in self.members if each is not member)

    async def settled(self) -> Member:
        """Wait until one leads and the other follows synchronously; who leads."""
        async with asyncio.timeout(SECONDS_FOR_A_CLUSTER):
            while True:
                leader = await self.leader()
                if leader is not None and await self.other(leader).asked("/sync") == 200:
                    return leader
                await asyncio.sleep(0.2)

    async def led_by(self, member: Member) -> None:
        """Wait until this one leads."""
        async with asyncio.timeout(SECONDS_FOR_A_CLUSTER):
            while True:
                if await member.asked("/leader") == 200:
                    return
                await asyncio.sleep(0.1)


def _environment(host: Host, folder: Path, peers: list[Host], secret: str, python: Path) -> dict[str, str]:
    """What an operator writes into node.env, with the store of the cluster in Patroni itself."""
    here = host.address
    return ENVIRONMENT | {
        "PATH": f"{python.parent}:{Path(binary('postgres')).parent}:{os.defpath}",
        "PATRONI_NAME": host.name,
        "PATRONI_POSTGRESQL_LISTEN": f"{here}:{POSTGRES_PORT}",
        "PATRONI_POSTGRESQL_CONNECT_ADDRESS": f"{here}:{POSTGRES_PORT}",
        "PATRONI_POSTGRESQL_DATA_DIR": str(folder / "data"),
        "PATRONI_POSTGRESQL_PGPASS": str(folder / "pgpass"),
        "PATRONI_POSTGRESQL_BIN_DIR": str(Path(binary("postgres")).parent),
        "PATRONI_RESTAPI_LISTEN": f"{here}:{REST_PORT}",
        "PATRONI_RESTAPI_CONNECT_ADDRESS": f"{here}:{REST_PORT}",
        "PATRONI_SUPERUSER_PASSWORD": secret,
        "PATRONI_REPLICATION_PASSWORD": secret,
        "PATRONI_REWIND_PASSWORD": secret,
        "PATRONI_RAFT_SELF_ADDR": f"{here}:{RAFT_PORT}",
        "PATRONI_RAFT_PARTNER_ADDRS": ",".join(f"'{peer.address}:{RAFT_PORT}'" for peer in peers),
        "PATRONI_RAFT_DATA_DIR": str(folder / "raft"),
        # Sockets of servers on one machine would lie in one another's way; nobody needs them.
        "PGHOST": here,
    }


@asynccontextmanager
async def clustered(folder: Path, python: Path) -> AsyncIterator[Cluster]:
    """A cluster with an empty database; everything of it ends with the block."""
    secret = secrets.token_urlsafe(24)
    with hosts() as machines:
        members = []
        for name, host in machines.items():
            own = folder / name
            make_private_folder(own)
            peers = [each for each in machines.values() if each is not host]
            program = "patroni_raft_controller" if name == "witness" else "patroni"
            command = [str(python.with_name(program)), str(CONFIGURATION)]
            members.append(Member(host, own, _environment(host, own, peers, secret, python), command))
        cluster = Cluster(members[:2], members[2], secret)
        try:
            for member in members:
                member.start()
            await cluster.settled()
            await _create_database(cluster)
            yield cluster
        finally:
            _end(members)


async def _create_database(cluster: Cluster) -> None:
    connection = await asyncpg.connect(cluster.url("postgres").replace("+asyncpg", ""))
    await connection.execute(f"CREATE DATABASE {DATABASE}")
    await connection.close()


def _end(members: list[Member]) -> None:
    for member in members:
        member.thaw()
        signal_all(member.processes(), signal.SIGKILL)
    for member in members:
        if member.patroni is not None:
            with suppress(subprocess.TimeoutExpired):
                member.patroni.wait(SECONDS_TO_STOP)
