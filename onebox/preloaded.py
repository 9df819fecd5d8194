"""`python -m onebox.preloaded TARGET FLAGS…`: loads a program once, and forks it for
every line it is sent.

Most of a start is loading, for seconds where the machine is busy; who is forked has it behind them. Without a
target it loads what services have in common, and forks a loader for every order it is sent.
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
"""What httpx, structlog and OpenTelemetry load where it is installed, and serving never
uses: they do without it, as in the images. 8 MB a process.
"""
SHARED = ("services.chassis.app", "services.chassis.serving.server")
"""What services have in common: half of what one loads."""
LONGEST_ORDER = 131_072
USED_AT_START = ("uvloop", "uvicorn.lifespan.on", "httpcore", "anyio._backends._asyncio")
"""What uvicorn, and the client that fetches the issuer's keys, would import only then."""


def load(target: str, flags: Sequence[str]) -> None:
    """Import everything that serving needs."""
    protocols = [value for flag, value in pairwise(flags) if flag == "--http" and ":" in value]
    with kept():
        load_all(target, *protocols)


@contextmanager
def kept() -> Iterator[None]:
    """What is made within the block is never looked through for garbage."""
    gc.disable()
    yield
    # Else what loading left behind would be kept for good.
    gc.collect()
    gc.freeze()
    gc.enable()


def load_all(*names: str) -> None:
    """Import these, and what every program needs."""
    # None there means that it cannot be imported (importlib's reference, 5.3.1).
    sys.modules.update(dict.fromkeys(FOR_TERMINALS))  # type: ignore[arg-type]
    load_less()
    for name in (*names, *USED_AT_START):
        import_module(name.partition(":")[0])


def end_with(supervisor: int) -> None:
    """Be asked to end once that process is gone, however it went. The one that forked
    us may end before.
    """

    def watch() -> None:
        select.select([supervisor], [], [])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def fork_for_every_line() -> bool:
    """In every fork true, in the one that forks false, when there is nobody any more
    who would ask.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a fork here; the supervisor watches it
    for _ in sys.stdin:
        pid = os.fork()
        if not pid:
            # A service waits for children of its own: the parsers of its imports.
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # Both pipes are between the supervisor and the loader. A fork writes to the
            # log.
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(2, 1)
            return True
        print(pid, flush=True)
    return False


def fork_for_every_order() -> list[str]:
    """In every fork what it shall load; in the one that forks nothing, when there is
    nobody any more who would ask.

    With an order come the ends that the fork shall have: of what it is told by, and of
    its log.
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


def become(order: dict[str, Any], told: int, log: int) -> list[str]:
    """Stand as a loader that was started by itself would; what it shall load."""
    for end, number in ((told, 0), (told, 1), (log, 2)):
        os.dup2(end, number)
    # Kept, they would outlive us in our forks, and our end would not be seen.
    for end in {told, log}:
        os.close(end)
    os.setsid()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    # What `top` and `ps -e` show: the command line stays that of the one that forked.
    Path("/proc/self/comm").write_text(order["name"])
    command: list[str] = order["command"]
    return command


def main() -> None:
    """Load, and serve in every fork."""
    supervisor = os.pidfd_open(os.getppid())
    command = sys.argv[1:]
    if not command:
        with kept():
            load_all(*SHARED)
        command = fork_for_every_order()
    if command:
        load(command[0], command[1:])
        if fork_for_every_line():
            end_with(supervisor)
            import_module("uvicorn").main(command)


if __name__ == "__main__":
    main()
