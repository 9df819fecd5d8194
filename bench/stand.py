"""The parts of the platform that a run needs, started as onebox starts them, and ended with the run in any case."""

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import asyncpg
from rich.console import Console

from bench.accounting import MEGABYTE, proportional, resident
from bench.tools import ToolFailed, ToolResult, require_tool, run_tool
from bench.trees import Tree, with_programs
from onebox.checks import answers_on_port
from onebox.forks import Origin
from onebox.instance import held, instance_in
from onebox.migrations import create_database, migrate
from onebox.postgres import create_cluster
from onebox.stack import (
    DATABASE,
    REPOSITORY,
    Stack,
    gateway_program,
    issuer_program,
    origin_of,
    postgres_program,
    preloaded,
    service_program,
    services_here,
    stack_of,
)
from onebox.supervisor import Program, Supervisor
from onebox.tokens import mint, read_keys
from onebox.up import listening

HOST = "127.0.0.1"
SECONDS_TO_STOP = 10
SECONDS_OF_REST = 2
REGISTRY = "registry"
SCREENING = "screening"
TRAINING = "training"
CASEWORK = "casework"
SECONDS_BETWEEN_LOOKS, LOOKS_IN_QUIET = 0.05, 10
_AT_WORK = "SELECT FROM pg_stat_activity WHERE state <> 'idle'"


@dataclass
class Stand:
    """A platform of its own in a folder of its own."""

    stack: Stack
    supervisor: Supervisor
    tree: Tree | None = None
    origin: Origin | None = None
    resting: dict[str, float] = field(default_factory=dict)
    worked: dict[str, float] = field(default_factory=dict)
    """Resident memory of services and gateway in MB: when each was ready, and when it was last measured."""
    together: float | None = None
    """The same of the whole platform at rest, with shared pages counted once."""
    remarks: list[str] = field(default_factory=list)

    @property
    def folder_of_tree(self) -> Path:
        return self.tree.folder if self.tree else REPOSITORY

    @property
    def folder(self) -> Path:
        return self.stack.instance.folder

    def pid(self, name: str) -> int:
        """The process of a program that was started."""
        processes = {keeper.program.name: keeper.process for keeper in self.supervisor.keepers}
        process = processes[name]
        assert process is not None
        return process.pid

    async def start(self, name: str) -> "Service":
        """Start a service with its schema; before the first one PostgreSQL (durable) and the issuer.

        It listens on a TCP port, because the loaders cannot use a unix socket.
        """
        await self._start_below(name)
        service = Service(self, name, free_port())
        program = self._own(service_program(self.stack, name))
        await self._start(on_port(program, service.port))
        return service

    async def start_whole(self) -> None:
        """Every service on its socket, and the gateway before them, as `make run` starts them."""
        for name in self.stack.services:
            await self._start_below(name)
            await self._start(self._preloaded(service_program(self.stack, name)))
        await self._start(self._preloaded(gateway_program(self.stack)))
        await asyncio.sleep(SECONDS_OF_REST)
        self.resting = self.look()
        self.together = sum(proportional(self.pid(name)) for name in self.resting) / MEGABYTE

    async def _start_below(self, name: str) -> None:
        """Start PostgreSQL and the issuer before the first service, and make the schema of this one."""
        if not self.supervisor.keepers:
            create_cluster(self.stack.cluster)
            await self.supervisor.start(self._own(postgres_program(self.stack)))
            await create_database(self.stack)
            await self.supervisor.start(issuer_program(self.stack))
        if self.tree is None:
            await migrate(replace(self.stack, services=(name,)))
        else:
            await self.tree.make_schema(name)

    async def _start(self, program: Program) -> None:
        await self.supervisor.start(program)
        self.resting[program.name] = self.look()[program.name]

    def _own(self, program: Program) -> Program:
        return program if self.tree is None else self.tree.own(program)

    def _preloaded(self, program: Program) -> Program:
        """The program as `preloaded` of onebox starts it, unless the tree is older than that."""
        has_loader = (self.folder_of_tree / "onebox" / "preloaded.py").exists()
        return preloaded(self._own(program), self.origin) if has_loader else self._own(program)

    def look(self) -> dict[str, float]:
        """The resident memory of the running services and gateway, in MB; it is also kept in `worked`."""
        measured = {*self.stack.services, "gateway"}
        names = [keeper.program.name for keeper in self.supervisor.keepers]
        memory = {name: resident(self.pid(name)) / MEGABYTE for name in names if name in measured}
        self.worked |= memory
        return memory

    async def start_gateway(self, upstream: str, *services: str) -> None:
        """The gateway with one upstream in the place of these services; in the registry's where none is named."""
        await self.supervisor.start(issuer_program(self.stack))
        program = self._own(gateway_program(self.stack))
        upstreams = {f"{name.upper()}_UPSTREAMS": f'["{upstream}"]' for name in services or (REGISTRY,)}
        environment = {**program.environment, **upstreams}
        ready = answers_on_port(self.stack.port, "/livez")
        await self._start(replace(program, environment=environment, is_ready=ready))

    async def stop(self, *names: str) -> None:
        """End some of the programs."""
        self.look()
        leaving = [keeper for keeper in self.supervisor.keepers if keeper.program.name in names]
        staying = [keeper for keeper in self.supervisor.keepers if keeper not in leaving]
        self.supervisor.keepers[:] = leaving
        try:
            await self.supervisor.stop(SECONDS_TO_STOP)
        finally:
            self.supervisor.keepers[:] = [*self.supervisor.keepers, *staying]

    async def stop_all(self) -> None:
        """End every program."""
        self.look()
        await self.supervisor.stop(SECONDS_TO_STOP)

    def headers(self, *roles: str, counties: Sequence[str] = ("*",)) -> dict[str, str]:
        """The headers of a caller, with a token that is valid for a quarter of an hour."""
        key = read_keys(self.stack.instance.issuer_key)[0]
        token = mint(key, issuer=self.stack.issuer, subject="bench", roles=roles, counties=counties)
        return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True)
class Service:
    """A service of a stand that runs, and its part of the database."""

    stand: Stand
    name: str
    port: int

    @property
    def pid(self) -> int:
        return self.stand.pid(self.name)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def sql(self, *statements: str) -> None:
        """Statements as the superuser, in the service's schema, without its limits."""
        async with self._connect() as connection:
            for statement in statements:
                await connection.execute(statement)

    async def fetch(self, query: str) -> "list[asyncpg.Record]":
        """The rows of a query as the superuser, in the service's schema."""
        async with self._connect() as connection:
            return await connection.fetch(query)

    async def settle(self) -> None:
        """Wait until no connection of the service is busy any more: a loader that ends leaves requests behind."""
        quiet = 0
        while quiet < LOOKS_IN_QUIET:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            busy = await self.fetch(f"{_AT_WORK} AND usename = '{self.name}_app'")
            quiet = 0 if busy else quiet + 1

    @asynccontextmanager
    async def _connect(self) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        connection = await asyncpg.connect(self.stand.stack.admin_url().replace("+asyncpg", "", 1))
        try:
            await connection.execute(f"SET search_path = {self.name}")
            yield connection
        except asyncpg.PostgresError as error:
            raise ToolFailed(f"PostgreSQL: {error}") from error
        finally:
            await connection.close()

    async def run_client(self, name: str, *arguments: str | Path, stdin: str = "", settings: str = "") -> ToolResult:
        """Run `psql` or `pgbench` with the role, schema and settings of the service."""
        stack = self.stand.stack
        settings = f"-c search_path={self.name} -c jit=off -c timezone=UTC -c statement_timeout=0 {settings}"
        environment = {
            "PATH": os.defpath,
            "PGHOST": str(stack.cluster.socket_folder),
            "PGUSER": f"{self.name}_app",
            "PGPASSWORD": stack.secrets[self.name],
            "PGDATABASE": DATABASE,
            "PGOPTIONS": settings,
        }
        return await run_tool([require_tool(name), *arguments], environment=environment, stdin=stdin.encode())


def on_port(program: Program, port: int) -> Program:
    """A program of onebox on a port of this machine in place of its unix socket."""
    command = list(program.command)
    place = command.index("--uds")
    command[place : place + 2] = ["--host", HOST, "--port", str(port)]
    return replace(program, command=command, is_ready=answers_on_port(port, "/readyz"))


def free_port() -> int:
    """A free port of this machine."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def uvicorn_program(name: str, target: str, *place: str, ready_port: int, like: Program) -> Program:
    """Another application under uvicorn, with the flags that onebox gives its own."""
    command = [part for part in like.command if part != "onebox.issuer:app"]
    end = command.index("--uds")
    command = [*command[:end], *place, *command[end + 2 :]]
    command.insert(command.index("uvicorn") + 1, target)
    return replace(like, name=name, command=command, is_ready=answers_on_port(ready_port, "/"), folder=REPOSITORY)


@asynccontextmanager
async def platform(console: Console, tree: Tree | None = None) -> AsyncIterator[Stand]:
    """A stand in a temporary folder beside the repository's own data, on the same disk; the folder is removed.

    With a tree it is that tree's platform, otherwise ours.
    """
    data = REPOSITORY / ".splot"
    data.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=data))
    instance = instance_in(folder)
    try:
        with held(instance), listening(0) as listener:
            services = services_here(tree.folder if tree else REPOSITORY)
            stack = stack_of(instance, listener, services)
            stack = replace(stack, external_database=None, environment="development")
            supervisor = Supervisor(instance.logs, instance.pids, lambda line: console.print(line, highlight=False))
            if tree is not None:
                create_cluster(stack.cluster)  # the tree's command to start PostgreSQL needs an existing cluster
                tree = await with_programs(tree, stack)
            # Another tree may load in another way.
            origin = origin_of(stack) if tree is None else None
            try:
                yield Stand(stack, supervisor, tree, origin)
            finally:
                await supervisor.stop(SECONDS_TO_STOP)
                if origin is not None:
                    await origin.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
