"""What processes cost: processor time and resident memory, as Linux counts them."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MEGABYTE = 1_000_000
LOOK_SECONDS = 0.02


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, of its children now, and of those that ended and were waited for."""
    fields = _stat(pid)
    if not fields:
        return 0.0
    own_seconds = sum(int(field) for field in fields[11:15]) / TICKS
    return own_seconds + sum(cpu_seconds(child) for child in children(pid))


def children(pid: int) -> list[int]:
    """The ids of the child processes that still run."""
    pids: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            pids += [int(child) for child in (task / "children").read_text().split()]
    return pids


def resident(pid: int) -> int:
    """Resident memory of one process in bytes; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def proportional(pid: int) -> int:
    """Proportional memory (Pss) in bytes: a shared page counts by its part; 0 when the process is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name: 0 is the state, 11 to 14 are the times."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


@dataclass
class Memory:
    """Resident memory while something happens, in MB: of the process, and of its children together."""

    before: float
    highest: float
    highest_of_children: float = 0.0

    @property
    def growth(self) -> float:
        return self.highest - self.before


@asynccontextmanager
async def watched_memory(pid: int) -> AsyncIterator[Memory]:
    """Measure the memory of a process fifty times a second, until the end of the block."""
    now = resident(pid) / MEGABYTE
    memory = Memory(now, now)

    async def look() -> None:
        while True:
            memory.highest = max(memory.highest, resident(pid) / MEGABYTE)
            of_children = sum(resident(child) for child in children(pid)) / MEGABYTE
            memory.highest_of_children = max(memory.highest_of_children, of_children)
            await asyncio.sleep(LOOK_SECONDS)

    watch_task = asyncio.create_task(look())
    try:
        yield memory
    finally:
        watch_task.cancel()
        await asyncio.gather(watch_task, return_exceptions=True)


def spent(measures: dict[str, Callable[[], float]]) -> Callable[[], dict[str, float]]:
    """Read each measure now; the returned function gives how much each has grown since."""
    before = {name: measure() for name, measure in measures.items()}
    return lambda: {name: measure() - before[name] for name, measure in measures.items()}
