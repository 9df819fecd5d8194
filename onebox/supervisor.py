"""Keeps programs running: starts them, waits until they are ready, restarts what ended, stops all in reverse order."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from onebox.failures import Failure
from onebox.instance import write_private
from onebox.processes import identity

POLL_SECONDS = 0.05
STEADY_SECONDS = 10  # whoever ran so long starts anew without a pause
LONGEST_PAUSE_SECONDS = 10.0
LARGEST_LOG = 20_000_000  # bytes; a larger one is put aside at the next start
TAIL_BYTES = 1500

ReadyCheck = Callable[[int], Awaitable[bool]]


class StartFailed(Failure):
    """A program does not come up; the text ends with the last lines of its log."""


@dataclass(frozen=True)
class Program:
    """One program: how it is started, how it is seen to be ready, how it is stopped."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    is_ready: ReadyCheck
    folder: Path = Path("/")
    prepare: Callable[[], None] | None = None
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    descriptors: tuple[int, ...] = ()
    seconds_to_ready: float = 60
    attempts: int = 3  # to become ready for the first time; then the start is given up
    rank: int = 0  # what has a higher one is stopped first


@dataclass
class _Keeper:
    program: Program
    process: asyncio.subprocess.Process | None = None
    task: asyncio.Task[None] | None = None
    was_ready: bool = False
    starts: int = 0


@dataclass
class Supervisor:
    """The programs of one instance. What happens to them later (an end, a restart) goes to `tell`."""

    logs: Path
    pids: Path
    tell: Callable[[str], None]
    keepers: list[_Keeper] = field(default_factory=list)

    async def start(self, program: Program) -> None:
        """Starts the program, keeps it running from now on, and comes back when it is ready; raises StartFailed."""
        keeper = _Keeper(program)
        self.keepers.append(keeper)
        keeper.task = asyncio.create_task(self._keep_running(keeper), name=program.name)
        ready = asyncio.create_task(self._wait_until_ready(keeper))
        await asyncio.wait({keeper.task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
        elif ready.result():
            return
        raise StartFailed(f"{program.name} does not start; the end of {self.log(program)}:\n{self._tail(program)}")

    def log(self, program: Program) -> Path:
        """The file that takes what the program writes."""
        return self.logs / f"{program.name}.log"

    async def stop(self, seconds: float) -> None:
        """Stops everything, the highest rank first, each rank in its share of so many seconds, then by force."""
        end = time.monotonic() + seconds
        for keeper in self.keepers:
            if keeper.task is not None:
                keeper.task.cancel()
                await asyncio.wait({keeper.task})
        ranks = sorted({keeper.program.rank for keeper in self.keepers})
        while ranks:
            share = max(0.5, (end - time.monotonic()) / len(ranks))
            rank = ranks.pop()
            await asyncio.gather(*(_end(keeper, share) for keeper in self.keepers if keeper.program.rank == rank))
        self.keepers.clear()
        self.pids.unlink(missing_ok=True)

    async def _keep_running(self, keeper: _Keeper) -> None:
        pause = 0.0
        while keeper.was_ready or keeper.starts < keeper.program.attempts:
            await asyncio.sleep(pause)
            started = time.monotonic()
            keeper.process = await self._spawn(keeper.program)
            keeper.starts += 1
            self._record_pids()
            code = await keeper.process.wait()
            steady = time.monotonic() - started > STEADY_SECONDS
            pause = 0.0 if steady else min(max(0.1, pause * 2), LONGEST_PAUSE_SECONDS)
            if keeper.was_ready:
                self.tell(f"{keeper.program.name} ended ({_ending(code)}), restarting")

    async def _spawn(self, program: Program) -> asyncio.subprocess.Process:
        if program.prepare is not None:
            await asyncio.to_thread(program.prepare)
        path = self.log(program)
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *program.command,
                env=program.environment,
                cwd=program.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=program.descriptors,
                start_new_session=True,  # the terminal's Ctrl-C reaches us alone, and we stop the others in order
            )

    async def _wait_until_ready(self, keeper: _Keeper) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(keeper.program.seconds_to_ready):
                await _poll(keeper)
                keeper.was_ready = True
        return keeper.was_ready

    def _record_pids(self) -> None:
        running = {keeper.program.name: keeper.process.pid for keeper in self.keepers if keeper.process is not None}
        write_private(self.pids, {name: [pid, identity(pid)] for name, pid in running.items()})

    def _tail(self, program: Program) -> str:
        content = self.log(program).read_bytes() if self.log(program).exists() else b""
        return content[-TAIL_BYTES:].decode(errors="replace").strip()


async def _poll(keeper: _Keeper) -> None:
    while True:
        if keeper.process is not None and await keeper.program.is_ready(keeper.process.pid):
            return
        await asyncio.sleep(POLL_SECONDS)


async def _end(keeper: _Keeper, seconds: float) -> None:
    process = keeper.process
    if process is None:
        return
    signals = (*keeper.program.stop_signals, signal.SIGKILL)
    for number in signals:
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), seconds / len(signals))


def _ending(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
