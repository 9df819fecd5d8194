"""Processes that another process forked for us: they are not our children, but we can still
see when they end.
"""

import asyncio
import json
import os
import signal
import socket
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

ARE_SEEN = hasattr(os, "pidfd_open")  # Linux


class Fork:
    """A process by its id, waited for like a child. Its exit code is unknown: it counts as 0."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.Event()
        try:
            self._descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self._end()
        else:
            asyncio.get_running_loop().add_reader(self._descriptor, self._see_end)

    async def wait(self) -> int:
        """Return once it has ended."""
        await self._ended.wait()
        return self.returncode or 0

    def _see_end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
        self._end()

    def _end(self) -> None:
        self.returncode = 0
        self._ended.set()


class Loader(Fork):
    """A fork that forks further processes, with the same pipes as a child process of ours."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader, stdin: asyncio.StreamWriter) -> None:
        self.stdout, self.stdin = stdout, stdin
        super().__init__(pid)

    def _end(self) -> None:
        self.stdin.close()
        super()._end()

    def kill(self) -> None:
        """End the loader at once: it only waits for orders."""
        os.kill(self.pid, signal.SIGKILL)


class Origin:
    """A process that has imported the modules common to all services, and forks their loaders.

    It is started with the first order, and again when it has ended.
    """

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str], log: Path) -> None:
        self._command, self._folder, self._environment, self._log = command, folder, environment, log
        self._process: Process | None = None
        self._orders: socket.socket | None = None
        self._one_by_one = asyncio.Lock()

    async def loader(self, order: dict[str, Any], log: IO[bytes]) -> Loader | None:
        """A loader for an order; None when it could not be forked."""
        ours, theirs = socket.socketpair()
        async with self._one_by_one:
            orders = await self._ready_for_orders()
            pid = b""
            with theirs, suppress(OSError):
                socket.send_fds(orders, [json.dumps(order).encode()], [theirs.fileno(), log.fileno()])
                pid = await asyncio.get_running_loop().sock_recv(orders, 20)
        if not pid:
            ours.close()
            return None
        return Loader(int(pid), *await asyncio.open_connection(sock=ours))

    async def stop(self) -> None:
        """Close the socket of orders, and wait until the process has ended."""
        if self._orders is not None:
            self._orders.close()
        if self._process is not None:
            await self._process.wait()

    async def _ready_for_orders(self) -> socket.socket:
        if self._orders is not None and self._process is not None and self._process.returncode is None:
            return self._orders
        if self._orders is not None:
            self._orders.close()
        # Packets keep an order and its file descriptors together.
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._orders.setblocking(False)
        with theirs, self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._environment,
                cwd=self._folder,
                stdin=theirs.fileno(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self._orders


async def fork_of(loader: "Process | Loader") -> "Fork | Process | Loader":
    """A new process of a program that `onebox.preloaded` has loaded; the loader itself when the
    loader has ended.
    """
    if loader.stdin is None or loader.stdout is None:
        return loader
    loader.stdin.write(b"\n")
    # A loader that has died is detected below: it returns no process id.
    with suppress(ConnectionError):
        await loader.stdin.drain()
    answer = await loader.stdout.readline()
    return Fork(int(answer)) if answer.strip().isdigit() else loader
