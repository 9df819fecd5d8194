"""The programs of the platform in this repository, each with its
command line and environment.
"""

import json
import os
import signal
import socket
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlsplit

from onebox.bytecode import keeping_bytecode
from onebox.callers import CLIENT_SECRET
from onebox.checks import answers_on_port, answers_on_socket
from onebox.forks import ARE_SEEN, Loader, Origin
from onebox.instance import Instance, draw_credential_keys, draw_keyrings, read_secrets
from onebox.postgres import ENVIRONMENT as SERVER_ENVIRONMENT
from onebox.postgres import Cluster, cluster_at, is_ready, prepare_start, server_command, server_url
from onebox.processes import ending_with_parent
from onebox.supervisor import Program

REPOSITORY = Path(__file__).resolve().parent.parent
DATABASE = "splot"
ISSUER = "issuer"
PRELOADED = "onebox.preloaded"
# A service gets the URL of its own role; the superuser's URL is only for migrations.
NOT_HANDED_DOWN = ("ADMIN_DATABASE_URL", "DATABASE_URL")
SERVER_FLAGS = [
    "--http",
    "httptools",
    "--loop",
    "uvloop",
    "--no-access-log",
    "--no-proxy-headers",
    "--no-server-header",
    "--lifespan",
    "on",
]
GRACE_SECONDS = "2"  # for requests under way when a process is stopped; event streams never end by themselves
SERVICE_KEEP_ALIVE = "75"  # longer than the gateway keeps its idle connections, so that none is closed while it is used
SERVICE_FLAGS = ["--http", "services.chassis.serving.server:GuardedProtocol"]
GATEWAY_FLAGS = ["--http", "gateway.fast.protocol:ExpressProtocol", "--timeout-keep-alive", "20"]
ASKING = {
    "casework": ("demo-casework", ("registry", "screening")),
    "screening": ("demo-registry-reader", ("registry",)),
    "training": ("demo-registry-reader", ("registry",)),
}
"""The account of each service that calls others, and the services that it calls."""
POSTGRES, ISSUERS, SERVICES, GATEWAY = range(4)  # each one depends on those before it
CONNECTIONS_OF_A_REPLICA = 100  # PostgreSQL's default is enough for one process of each service
STARTS_OF_POSTGRES = 7  # the children of a killed server need a moment to release its shared memory
# After a crash one sync of the file system, and not one of every file: seconds against tenths of a second.
SERVER_OPTIONS = {"shared_buffers": "256MB", "max_wal_size": "2GB", "jit": "off", "recovery_init_sync_method": "syncfs"}


@dataclass(frozen=True)
class Stack:
    """The facts about an instance that are known before the first program starts."""

    instance: Instance
    listener: socket.socket
    services: tuple[str, ...]
    secrets: dict[str, str]
    environment: str
    external_database: str | None
    replicas: int = 1
    """Processes of each service, and of the gateway."""

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.url}/{ISSUER}"

    @property
    def cluster(self) -> Cluster:
        options = SERVER_OPTIONS | {"max_connections": str(CONNECTIONS_OF_A_REPLICA * self.replicas)}
        return cluster_at(self.instance.postgres, password=self.secrets["postgres"], options=options)

    def admin_url(self, database: str = DATABASE) -> str:
        return self.external_database or server_url(self.cluster, database)


def services_here(repository: Path = REPOSITORY) -> tuple[str, ...]:
    """The services in this repository: packages with a `main.py`."""
    return tuple(sorted(main.parent.name for main in (repository / "services").glob("*/main.py")))


def stack_of(instance: Instance, listener: socket.socket, services: tuple[str, ...], replicas: int = 1) -> Stack:
    """The stack of an instance; missing secrets and keys are generated."""
    draw_keyrings(instance)
    draw_credential_keys(instance)
    return Stack(
        instance=instance,
        listener=listener,
        services=services,
        secrets=read_secrets(instance, ("postgres", "cursor_key", *services, *map(_audit_key, services))),
        environment=os.environ.get("ENVIRONMENT", "development"),
        external_database=os.environ.get("ADMIN_DATABASE_URL"),
        replicas=replicas,
    )


def postgres_program(stack: Stack) -> Program:
    """PostgreSQL of the instance's own cluster, which must exist."""
    cluster = stack.cluster

    async def takes_connections(pid: int) -> bool:
        return is_ready(cluster, pid)

    return Program(
        name="postgres",
        command=server_command(cluster),
        environment=SERVER_ENVIRONMENT,
        is_ready=takes_connections,
        prepare=partial(prepare_start, cluster),
        stop_signals=(signal.SIGINT, signal.SIGQUIT),
        attempts=STARTS_OF_POSTGRES,
        rank=POSTGRES,
    )


def issuer_program(stack: Stack) -> Program:
    """The development issuer."""
    return Program(
        name=ISSUER,
        command=_on_socket(stack, ISSUER, "onebox.issuer:app"),
        environment=_environment(stack, ISSUER_KEY_FILE=str(stack.instance.issuer_key)),
        is_ready=answers_on_socket(stack.instance.socket(ISSUER), f"/{ISSUER}/jwks"),
        folder=REPOSITORY,
        rank=ISSUERS,
    )


def numbered(name: str, number: int) -> str:
    """The name of one of several processes of a program; the first one has the program's name."""
    return name if number == 1 else f"{name}-{number}"


def service_program(stack: Stack, service: str, number: int = 1) -> Program:
    """A service on its unix socket, with the database role of its own; one of several."""
    name = numbered(service, number)
    settings = {
        "DATABASE_URL": _application_url(stack, service),
        "CURSOR_KEY": stack.secrets["cursor_key"],
        "AUDIT_KEY": stack.secrets[_audit_key(service)],
        "AUDIT_CHECKPOINT_FILE": str(stack.instance.checkpoint(service)),
        "PUBLIC_URL": stack.url,
        "WEBHOOK_KEYRING_FILE": str(stack.instance.webhook_keyring),
        # In development, receivers of webhooks run on this machine.
        "WEBHOOK_LOOPBACK": json.dumps(stack.environment == "development"),
        "OIDC_JWKS_URL": f"unix:{stack.instance.socket(ISSUER)}:/{ISSUER}/jwks",
    }
    if service == "casework":
        settings["KEYRING_FILE"] = str(stack.instance.keyring)
        settings["TOMBSTONE_FILE"] = str(stack.instance.tombstones)
    if service == "training":
        settings["CREDENTIAL_KEYS_FILE"] = str(stack.instance.credential_keys)
    if service in ASKING:
        settings |= _peer_settings(stack, *ASKING[service])
    return Program(
        name=name,
        command=[*_on_socket(stack, name, f"services.{service}.main:app"), *SERVICE_FLAGS],
        environment=_environment(stack, **settings),
        is_ready=answers_on_socket(stack.instance.socket(name), "/readyz"),
        folder=REPOSITORY,
        rank=SERVICES,
    )


def gateway_program(stack: Stack, number: int = 1) -> Program:
    """The gateway on the port; one of several. The listening socket is ours: while the gateway
    restarts, callers wait and are not refused.
    """
    descriptor = stack.listener.fileno()
    upstreams = {f"{name.upper()}_UPSTREAMS": json.dumps(_addresses(stack, name)) for name in stack.services}
    settings = {
        "ISSUER_UPSTREAM": _address(stack, ISSUER),
        "OIDC_JWKS_URL": f"unix:{stack.instance.socket(ISSUER)}:/{ISSUER}/jwks",
        **upstreams,
    }
    return Program(
        name=numbered("gateway", number),
        command=_uvicorn("gateway.main:app", "--fd", str(descriptor), *GATEWAY_FLAGS),
        environment=_environment(stack, **settings),
        is_ready=answers_on_port(stack.port, "/livez"),  # its services have ready checks of their own
        folder=REPOSITORY,
        descriptors=(descriptor,),
        rank=GATEWAY,
    )


def preloaded(program: Program, origin: Origin | None = None) -> Program:
    """The same program, preloaded: a killed process is replaced by a fork, without importing
    anything again. A service's loader is forked from the `origin`.
    """
    if not ARE_SEEN:
        return program
    command = [PRELOADED if part == "uvicorn" else part for part in program.command]
    load = partial(_order, origin) if origin is not None and program.rank == SERVICES else None
    return replace(program, command=command, is_preloaded=True, load=load)


def origin_of(stack: Stack) -> Origin:
    """The process that loads the modules common to all services."""
    command = ending_with_parent([sys.executable, "-m", PRELOADED], "TERM")
    return Origin(command, REPOSITORY, _environment(stack), stack.instance.logs / "loading.log")


async def _order(origin: Origin, program: Program, log: IO[bytes]) -> Loader | None:
    command = list(program.command)
    order = {
        "name": program.name,
        "command": command[command.index(PRELOADED) + 1 :],
        "folder": str(program.folder),
        "environment": dict(program.environment),
    }
    return await origin.loader(order, log)


def migration_command(stack: Stack) -> tuple[list[str], dict[str, str]]:
    """The command that provisions and migrates every service, and its environment."""
    passwords = {f"{name.upper()}_DATABASE_PASSWORD": stack.secrets[name] for name in stack.services}
    environment = _environment(stack, ADMIN_DATABASE_URL=stack.admin_url(), **passwords)
    return [sys.executable, "-m", "services.chassis.migrating", *stack.services], environment


def _peer_settings(stack: Stack, account: str, peers: tuple[str, ...]) -> dict[str, str]:
    """The settings with which a service calls its peers, as far as they exist, with
    its own account.
    """
    return {
        # With several replicas through the gateway, which knows the ones that run.
        **{
            f"{name.upper()}_URL": _address(stack, name) if stack.replicas == 1 else stack.url
            for name in peers
            if name in stack.services
        },
        "OIDC_TOKEN_URL": f"{_address(stack, ISSUER)}:/{ISSUER}/token",
        "ACCOUNT_ID": account,
        "ACCOUNT_SECRET": CLIENT_SECRET,
    }


def _audit_key(service: str) -> str:
    return f"{service}_audit_key"


def _addresses(stack: Stack, name: str) -> list[str]:
    return [_address(stack, numbered(name, number)) for number in range(1, stack.replicas + 1)]


def _address(stack: Stack, name: str) -> str:
    return f"unix:{stack.instance.socket(name)}"


def _application_url(stack: Stack, service: str) -> str:
    admin = urlsplit(stack.admin_url())
    place = admin.netloc.rpartition("@")[2]
    return admin._replace(netloc=f"{service}_app:{quote(stack.secrets[service], safe='')}@{place}").geturl()


def _on_socket(stack: Stack, name: str, target: str) -> list[str]:
    return _uvicorn(target, "--uds", str(stack.instance.socket(name)), "--timeout-keep-alive", SERVICE_KEEP_ALIVE)


def _uvicorn(target: str, *flags: str) -> list[str]:
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        target,
        *SERVER_FLAGS,
        "--timeout-graceful-shutdown",
        GRACE_SECONDS,
        *flags,
    ]
    return ending_with_parent(command, "TERM")


def _environment(stack: Stack, **own: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_DOWN}
    return {**keeping_bytecode(inherited), "ENVIRONMENT": stack.environment, "OIDC_ISSUER": stack.issuer, **own}
