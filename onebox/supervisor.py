"""Keeps programs running: starts them, waits until they are ready, restarts those that ended,
and stops all in reverse order.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from onebox.failures import Failure
from onebox.forks import Fork, Loader, fork_of
from onebox.instance import write_private
from onebox.processes import identity

POLL_SECONDS, LONGEST_POLL_SECONDS = 0.05, 0.5
STEADY_SECONDS = 1.0  # a program that ran so long after it was ready is restarted without a pause
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 10.0
LARGEST_LOG = 20_000_000  # bytes; a larger one is put aside at the next start
TAIL_BYTES = 1500

ReadyCheck = Callable[[int], Awaitable[bool]]


class StartFailed(Failure):
    """A program does not start; the text ends with the last lines of its log."""


@dataclass(frozen=True)
class Program:
    """One program: how it is started, checked for readiness and stopped."""

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
    is_preloaded: bool = False  # the command loads the program, and forks a process of it whenever one is needed
    load: Callable[["Program", IO[bytes]], Awaitable[Loader | None]] | None = None
    """Forks a loader, instead of one started by the command."""
    rank: int = 0  # programs with a higher rank are stopped first


@dataclass
class _Keeper:
    program: Program
    process: asyncio.subprocess.Process | Fork | None = None
    loader: asyncio.subprocess.Process | Loader | None = None
    ready_since: float | None = None  # of the process that runs now
    task: asyncio.Task[None] | None = None
    was_ready: bool = False
    starts: int = 0


@dataclass
class Supervisor:
    """The programs of one instance. Later events (an end, a restart) are reported to `tell`."""

    logs: Path
    pids: Path
    tell: Callable[[str], None]
    keepers: list[_Keeper] = field(default_factory=list)

    async def start(self, program: Program) -> None:
        """Starts the program, keeps it running from now on, and returns when it
        is ready; raises StartFailed.
        """
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
        """The file with the output of the program."""
        return self.logs / f"{program.name}.log"

    async def stop(self, seconds: float) -> None:
        """Stops everything, the highest rank first, each rank within its share of so many seconds,
        then by force.
        """
        end = time.monotonic() + seconds
        # First the restarting is cancelled, and only then are processes ended.
        for keeper in self.keepers:
            if keeper.task is not None:
                keeper.task.cancel()
                await asyncio.wait({keeper.task})
        loaders = [keeper.loader for keeper in self.keepers if keeper.loader is not None]
        ranks = sorted({keeper.program.rank for keeper in self.keepers})
        while ranks:
            share = max(0.5, (end - time.monotonic()) / len(ranks))
            rank = ranks.pop()
            await asyncio.gather(*(_end(keeper, share) for keeper in self.keepers if keeper.program.rank == rank))
        await asyncio.gather(*(_end_loader(loader) for loader in loaders))
        self.keepers.clear()
        self.pids.unlink(missing_ok=True)

    async def _keep_running(self, keeper: _Keeper) -> None:
        pause = 0.0
        while keeper.was_ready or keeper.starts < keeper.program.attempts:
            await asyncio.sleep(pause)
            keeper.ready_since = None
            keeper.process = await self._begin(keeper)
            keeper.starts += 1
            self._record_pids()
            ready_check = asyncio.create_task(_see_ready(keeper))
            try:
                code = await self._wait_for_end(keeper, keeper.process)
            finally:
                ready_check.cancel()
            pause = pause_before_restart(_steady_seconds(keeper), pause)
            if keeper.was_ready:
                self.tell(f"{keeper.program.name} ended{_ending(keeper.process, code)}, restarting")

    async def _begin(self, keeper: _Keeper) -> asyncio.subprocess.Process | Fork:
        if not keeper.program.is_preloaded:
            return await self._spawn(keeper.program)
        if keeper.loader is None or keeper.loader.returncode is not None:
            keeper.loader = await self._loader(keeper.program)
        return await fork_of(keeper.loader)

    async def _wait_for_end(self, keeper: _Keeper, process: asyncio.subprocess.Process | Fork) -> int:
        """The exit code of the process. If the loader ends meanwhile, it is started again, before
        it is needed.
        """
        process_end = asyncio.create_task(process.wait())
        try:
            while keeper.loader is not None and not process_end.done():
                loader_end = asyncio.create_task(keeper.loader.wait())
                await asyncio.wait({process_end, loader_end}, return_when=asyncio.FIRST_COMPLETED)
                if not loader_end.done():
                    loader_end.cancel()
                elif not process_end.done():
                    # A pause, in case the new loader ends at once as well.
                    await asyncio.wait({process_end}, timeout=FIRST_PAUSE_SECONDS)
                    keeper.loader = await self._loader(keeper.program)
            return await process_end
        finally:
            process_end.cancel()

    async def _loader(self, program: Program) -> asyncio.subprocess.Process | Loader:
        if program.load is not None:
            with self._output(program) as output:
                loader = await program.load(program, output)
            if loader is not None:
                return loader
        return await self._spawn(program)

    def _output(self, program: Program) -> IO[bytes]:
        path = self.log(program)
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    async def _spawn(self, program: Program) -> asyncio.subprocess.Process:
        if program.prepare is not None:
            await asyncio.to_thread(program.prepare)
        with self._output(program) as output:
            return await asyncio.create_subprocess_exec(
                *program.command,
                env=program.environment,
                cwd=program.folder,
                stdin=asyncio.subprocess.PIPE if program.is_preloaded else asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE if program.is_preloaded else output,
                stderr=output,
                pass_fds=program.descriptors,
                start_new_session=True,  # the terminal's Ctrl-C reaches only us, and we stop the others in order
            )

    async def _wait_until_ready(self, keeper: _Keeper) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(keeper.program.seconds_to_ready):
                while keeper.ready_since is None:  # noqa: ASYNC110 - set by the check of the process that runs by then
                    await asyncio.sleep(POLL_SECONDS)
                keeper.was_ready = True
        return keeper.was_ready

    def _record_pids(self) -> None:
        running = {keeper.program.name: keeper.process.pid for keeper in self.keepers if keeper.process is not None}
        # For the next `up`, in case this one is killed.
        write_private(self.pids, {name: [pid, identity(pid)] for name, pid in running.items()})

    def _tail(self, program: Program) -> str:
        content = self.log(program).read_bytes() if self.log(program).exists() else b""
        return content[-TAIL_BYTES:].decode(errors="replace").strip()


def pause_before_restart(steady_seconds: float | None, last_pause: float) -> float:
    """Seconds to wait before a restart: none after a steady run, else longer each time.

    `steady_seconds`: how long the program ran once it was ready; None when it never was.
    """
    if steady_seconds is not None and steady_seconds >= STEADY_SECONDS:
        return 0.0
    return min(max(FIRST_PAUSE_SECONDS, last_pause * 2), LONGEST_PAUSE_SECONDS)


def _steady_seconds(keeper: _Keeper) -> float | None:
    return None if keeper.ready_since is None else time.monotonic() - keeper.ready_since


async def _see_ready(keeper: _Keeper) -> None:
    process, pause = keeper.process, POLL_SECONDS
    while process is not None and not await keeper.program.is_ready(process.pid):
        await asyncio.sleep(pause)
        # The pause grows: a short start is noticed at once, and a long one is not checked
        # all the time.
        pause = min(pause * 1.2, LONGEST_POLL_SECONDS)
    keeper.ready_since = time.monotonic()


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


async def _end_loader(loader: asyncio.subprocess.Process | Loader) -> None:
    with suppress(ProcessLookupError):
        loader.kill()  # it only waits
    await loader.wait()


def _ending(process: asyncio.subprocess.Process | Fork, code: int) -> str:
    if isinstance(process, Fork):
        return ""
    return f" (killed by signal {-code})" if code < 0 else f" (exit code {code})"
