"""Work that gives way to whatever serves on this machine. Standard library only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ENGINE, LOOKS = "dockerd", 3
LEAST = os.sched_param(0)


def give_way() -> None:
    """Let this process and what it starts run only where nobody else wants to."""
    os.sched_setscheduler(0, os.SCHED_IDLE, LEAST)


@contextmanager
def engine_gives_way() -> Iterator[None]:
    """The same of the container engine, which unpacks and packs what is built, until the end of the block.

    Only root may take it back: for anybody else the engine goes on as it does.
    """
    if os.geteuid() != 0:
        yield
        return
    _move(os.SCHED_OTHER, os.SCHED_IDLE)
    try:
        yield
    finally:
        # What it starts from now on would have its place for good.
        _move(os.SCHED_IDLE, os.SCHED_OTHER)


def _move(before: int, after: int) -> None:
    """Move its threads from one policy to another; what has a third one keeps it."""
    # A thread begins as the one that makes it, which may not have been moved yet.
    for _ in range(LOOKS):
        for thread in _threads(ENGINE):
            # It may have ended meanwhile; and not every root may do this.
            with suppress(ProcessLookupError, PermissionError):
                if os.sched_getscheduler(thread) == before:
                    os.sched_setscheduler(thread, after, LEAST)


def _threads(name: str) -> Iterator[int]:
    """The threads of each program of that name."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "comm").read_text().strip() == name:
                yield from (int(task.name) for task in (process / "task").iterdir())
