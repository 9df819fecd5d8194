"""Programs that work beside the service: started with little, ended for certain."""

import asyncio
import os
import sys
from contextlib import suppress

PIPE_BYTES = 4_194_304


async def child_process(
    task: str, module: str = "services.chassis.transfer.parsing"
) -> tuple[asyncio.subprocess.Process, asyncio.StreamWriter, asyncio.StreamReader]:
    """A module of the chassis as a process that knows nothing of our environment."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, task),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # What a parser complains of may quote the file.
        stderr=asyncio.subprocess.DEVNULL,
        # No secret of ours: a file that breaks its parser finds nothing there.
        env={
            "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path),
            # Each thread would claim a part of the memory that is allowed.
            "OPENBLAS_NUM_THREADS": "1",
        },
        limit=PIPE_BYTES,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("a child process without pipes")
    return process, process.stdin, process.stdout


async def end_process(process: asyncio.subprocess.Process) -> None:
    """Nothing of it remains."""
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
