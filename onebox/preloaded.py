"""`python -m onebox.preloaded TARGET FLAGS…`: loads a program once, and forks it for every line on
its standard input.

Most of a start is importing modules, which takes seconds on a busy machine; a fork has them
already. Without a target it loads the modules common to all services, and forks a loader for every
order that it receives.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from services.chassis.serving.starting import load_less

FOR_TERMINALS = ("rich", "pygments", "psutil")
"""Packages that httpx, structlog and OpenTelemetry import if they are installed, and that serving
never uses: 8 MB a process. They work without them, as in the images.
"""
SHARED = ("services.chassis.app", "services.chassis.serving.server")
"""The modules common to all services: half of what a service loads."""
LONGEST_ORDER = 131_072
USED_AT_START = ("uvloop", "uvicorn.lifespan.on", "httpcore", "anyio._backends._asyncio")
"""Modules that uvicorn and the client for the issuer's keys would import only when they start."""


def load(target: str, flags: Sequence[str]) -> None:
    """Import everything that serving needs."""
    protocols = [value for flag, value in pairwise(flags) if flag == "--http" and ":" in value]
    with without_garbage_checks():
        load_all(target, *protocols)


@contextmanager
def without_garbage_checks() -> Iterator[None]:
    """The garbage collector never checks objects that are created within the block."""
    gc.disable()
    yield
    # Without this, garbage that loading left behind would stay for ever.
    gc.collect()
    gc.freeze()
    gc.enable()


def load_all(*names: str) -> None:
    """Import these modules, and those that every program needs."""
    # None in `sys.modules` makes an import fail (importlib's reference, 5.3.1).
    sys.modules.update(dict.fromkeys(FOR_TERMINALS))  # type: ignore[arg-type]
    load_less()
    for name in (*names, *USED_AT_START):
        import_module(name.partition(":")[0])


def end_with(supervisor: int) -> None:
    """Send SIGTERM to this process when the process of that pidfd has ended, however it ended.
    The process that forked us may end earlier.
    """

    def watch() -> None:
        select.select([supervisor], [], [])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def fork_for_every_line() -> bool:
    """Fork for every line of the standard input. Returns True in every fork; returns False in this
    process, when the input is closed.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # forks are not waited for here; the supervisor watches them
    for _ in sys.stdin:
        pid = os.fork()
        if not pid:
            # A service waits for children of its own: the parsers of its imports.
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # Both pipes belong to the supervisor and the loader. A fork
            # writes to the log.
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(2, 1)
            return True
        print(pid, flush=True)
    return False


def fork_for_every_order() -> list[str]:
    """Fork for every order. Returns in every fork the command line that it has to load; returns an
    empty list in this process, when the socket is closed.

    Two file descriptors come with an order: the socket of the fork's orders, and its log.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=os.dup(0)) as orders:
        while True:
            order, ends, _, _ = socket.recv_fds(orders, LONGEST_ORDER, 2)
            if not order:
                return []
            pid = os.fork()
            if not pid:
                return become(json.loads(order), *ends)
            for end in ends:
                os.close(end)
            orders.send(b"%d" % pid)


def become(order: dict[str, Any], orders: int, log: int) -> list[str]:
    """Set this process up like a loader that was started by itself; returns its command line.

    `orders`, `log`: file descriptors for its input and output, and for its errors.
    """
    for end, number in ((orders, 0), (orders, 1), (log, 2)):
        os.dup2(end, number)
    # Open copies would stay in our forks, and our own end would not be noticed.
    for end in {orders, log}:
        os.close(end)
    os.setsid()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    # The name that `top` and `ps -e` show: the command line stays that of the parent.
    Path("/proc/self/comm").write_text(order["name"])
    command: list[str] = order["command"]
    return command


def main() -> None:
    """Load, and serve in every fork."""
    supervisor = os.pidfd_open(os.getppid())
    command = sys.argv[1:]
    if not command:
        with without_garbage_checks():
            load_all(*SHARED)
        command = fork_for_every_order()
    if command:
        load(command[0], command[1:])
        if fork_for_every_line():
            end_with(supervisor)
            import_module("uvicorn").main(command)


if __name__ == "__main__":
    main()
