"""`up`: the whole platform on this machine, from an empty folder to ready,
until it is stopped.
"""

import asyncio
import errno
import json
import os
import signal
import socket
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from onebox.failures import Failure
from onebox.forks import Origin
from onebox.greeting import greet
from onebox.instance import Instance, InstanceError, announce, held, withdraw
from onebox.kinds import Demo
from onebox.migrations import create_database, is_probably_current, migrate
from onebox.postgres import create_cluster
from onebox.processes import identity, stop_stranded
from onebox.stack import (
    Stack,
    gateway_program,
    issuer_program,
    numbered,
    origin_of,
    postgres_program,
    preloaded,
    service_program,
    services_here,
    stack_of,
)
from onebox.steps import Steps
from onebox.supervisor import Program, Supervisor

HOST = "127.0.0.1"
BACKLOG = 2048
SECONDS_TO_STOP = 10
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run_platform(instance: Instance, *, port: int, demo: Demo, console: Console, replicas: int = 1) -> None:
    """Starts everything, prints how to call it, and keeps it running until a
    signal; then stops everything.
    """
    if os.environ.get("ENVIRONMENT") == "production":
        raise InstanceError(
            "This is for development, its issuer gives anybody a token: ENVIRONMENT=production is refused."
        )
    with held(instance), listening(port) as listener:
        # Before anything starts: stranded processes still use the sockets
        # and the cluster's files.
        end_stranded(instance)
        stack = stack_of(instance, listener, services_here(), replicas)
        origin = origin_of(stack)
        supervisor = Supervisor(instance.logs, instance.pids, lambda line: console.print(line, highlight=False))
        stopped = asyncio.Event()
        for number in STOP_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        try:
            await _until(stopped, _start_and_greet(stack, supervisor, origin, demo, console))
        finally:
            withdraw(instance)
            console.print("Stopping …", highlight=False)
            await supervisor.stop(SECONDS_TO_STOP)
            await origin.stop()
            console.print("Stopped. The data stays in", str(instance.folder), highlight=False, soft_wrap=True)


async def _until(stopped: asyncio.Event, start: Coroutine[Any, Any, None]) -> None:
    starting = asyncio.create_task(start)
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        # A start that goes on could add a program to the supervisor after it has stopped
        # the others.
        await asyncio.wait({starting})
        return
    starting.result()
    await stopping


async def _start_and_greet(stack: Stack, supervisor: Supervisor, origin: Origin, demo: Demo, console: Console) -> None:
    steps = Steps(console)
    with steps.shown():
        await start_platform(stack, supervisor, origin, steps)
        # Before the demo, which finds the running instance by this file.
        announce(stack.instance, stack.url)
        if demo is not Demo.NONE:
            await _load_demo(stack.instance, demo, steps)
    greet(stack, console)


async def _load_demo(instance: Instance, demo: Demo, steps: Steps) -> None:
    # Imported here: the programs' start does not wait for an HTTP client.
    from onebox.demo import load_small_demo  # noqa: PLC0415
    from onebox.pilot import load_pilot  # noqa: PLC0415

    try:
        if demo is Demo.PILOT:
            with steps.step("Pilot data"):
                await load_pilot(instance, steps.counted)
        else:
            with steps.step("Demo data"):
                await load_small_demo(instance)
    except* Failure as failures:
        for failure in _sentences(failures):
            steps.console.print(failure, markup=False, highlight=False, soft_wrap=True)


def _sentences(failures: BaseExceptionGroup[Failure]) -> Iterator[str]:
    for failure in failures.exceptions:
        if isinstance(failure, BaseExceptionGroup):
            yield from _sentences(failure)
        else:
            yield str(failure)


async def start_platform(stack: Stack, supervisor: Supervisor, origin: Origin, steps: Steps) -> None:
    """Starts the programs, at the same time where they do not depend on each other; returns when
    all are ready.
    """

    async def start(program: Program, title: str) -> None:
        with steps.step(title):
            await supervisor.start(program)

    async with asyncio.TaskGroup() as programs:
        programs.create_task(start(issuer_program(stack), "Development issuer"))
        for number in range(1, stack.replicas + 1):
            title = numbered("Gateway", number)
            programs.create_task(start(preloaded(gateway_program(stack, number)), title))
        database = programs.create_task(_start_database(stack, supervisor, steps))
        if not is_probably_current(stack):
            await database  # otherwise services load meanwhile; they wait for the database, and are not ready before
        for number in range(1, stack.replicas + 1):
            for service in stack.services:
                title = f"Service {numbered(service, number)}"
                programs.create_task(start(preloaded(service_program(stack, service, number), origin), title))


async def _start_database(stack: Stack, supervisor: Supervisor, steps: Steps) -> None:
    if stack.external_database is None:
        with steps.step("PostgreSQL"):
            await asyncio.to_thread(create_cluster, stack.cluster)
            await supervisor.start(postgres_program(stack))
            await create_database(stack)
    with steps.step("Roles, schemas, migrations"):
        await migrate(stack)


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """The socket on which callers reach the gateway."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted connections inherit it
        try:
            listener.bind((HOST, port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            reason = "is taken" if error.errno == errno.EADDRINUSE else "needs more rights"
            raise InstanceError(f"Port {port} {reason}; choose another one with --port.") from None
        listener.listen(BACKLOG)
        yield listener


def end_stranded(instance: Instance) -> None:
    """Ends the processes that a killed `up` left running; boot and start time show
    that they are ours.
    """
    for name, (pid, recorded) in _recorded_pids(instance.pids).items():
        if recorded is not None and identity(pid) == recorded:
            stop_stranded(pid, gently=signal.SIGINT if name == "postgres" else signal.SIGTERM)


def _recorded_pids(path: Path) -> dict[str, tuple[int, str | None]]:
    try:
        entries = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return {name: (int(pid), recorded) for name, (pid, recorded) in entries.items()}
