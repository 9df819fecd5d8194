"""Child processes of a service: started with a bare environment, always ended."""

import asyncio
import os
import subprocess
import sys
from typing import NamedTuple

PIPE_BYTES = 4_194_304


class ChildProcess:
    """A program that was started, and its end."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        stdin: asyncio.StreamWriter,
        output: asyncio.BaseTransport,
    ) -> None:
        # Held here: a writer that nobody holds warns that it was not closed.
        self._process, self._pipes = process, (stdin, output)

    @property
    def returncode(self) -> int | None:
        """Its exit status; None while it runs."""
        return self._process.poll()

    async def wait(self) -> int:
        """Its exit status, once it has ended."""
        return await asyncio.to_thread(self._process.wait)

    async def end(self) -> None:
        """Kill it if it still runs, and close its pipes."""
        self._process.kill()
        for pipe in self._pipes:
            pipe.close()
        # Also if the caller is cancelled meanwhile: it would stay as a zombie.
        await asyncio.shield(self.wait())


class Child(NamedTuple):
    """A program that works for us, and the pipes to and from it."""

    process: ChildProcess
    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader


async def child_process(task: str, module: str) -> Child:
    """A module as a process without our environment."""
    # Not by the loop: uvloop copies the process and waits for its start, up to 50 ms in
    # which no request is answered. The library needs less than one (vfork).
    process = subprocess.Popen(  # noqa: ASYNC220, S603 - see above
        [sys.executable, "-m", module, task],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Messages of a parser may quote the file.
        stderr=subprocess.DEVNULL,
        # No secret of ours: a file that breaks its parser finds nothing there.
        env={
            "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path),
            # Each thread would claim a part of the memory that is allowed.
            "OPENBLAS_NUM_THREADS": "1",
        },
    )
    loop = asyncio.get_running_loop()
    stdout = asyncio.StreamReader(PIPE_BYTES)
    output, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stdout), process.stdout
    )
    # A writer needs a protocol to wait with; its reader never receives anything.
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), process.stdin
    )
    stdin = asyncio.StreamWriter(transport, protocol, None, loop)
    return Child(ChildProcess(process, stdin, output), stdin, stdout)
