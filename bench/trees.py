"""The platform that is measured: this tree, or another revision, checked out while a run lasts."""

import json
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.tools import run_tool
from onebox.stack import REPOSITORY, Stack
from onebox.supervisor import Program

LOCK = "requirements.lock"
ROOMS = ("services", "gateway", "onebox")


@dataclass(frozen=True)
class Tree:
    """The folder of a tree, its interpreter, its name, and how it starts its programs."""

    folder: Path
    python: str
    name: str
    programs: dict[str, Any] = field(default_factory=dict)

    def own(self, program: Program) -> Program:
        """The same program as this tree starts it; a program that is not in `programs` stays as it is."""
        start = self.programs.get(program.name)
        if start is None:
            return program
        folder = self.folder if program.folder == REPOSITORY else program.folder
        return replace(program, **start, folder=folder)

    async def make_schema(self, service: str) -> None:
        """Create role, schema and tables of a service."""
        migration = self.programs[f"schema of {service}"]
        await run_tool(migration["command"], environment=migration["environment"], folder=self.folder)


async def with_programs(tree: Tree, stack: Stack) -> Tree:
    """The tree with the commands and environments by which it starts its programs in this stack.

    Its modules are compiled too: a program that compiles modules at its start keeps more memory from then on.
    """
    listener, folder = stack.listener.fileno(), tree.folder
    script = Path(__file__).with_name("programs.py")
    arguments = str(stack.instance.folder), str(listener), *stack.services
    command = [tree.python, "-P", str(script), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    result = await run_tool(command, environment=environment, folder=folder, descriptors=(listener,))
    programs = json.loads(result.output)
    compiling = [tree.python, "-m", "compileall", "-q", *ROOMS]
    environment = programs[stack.services[0]]["environment"]
    await run_tool(compiling, environment=environment, folder=folder)
    return replace(tree, programs=programs)


async def this_tree() -> Tree:
    """The tree that this program is part of, with its uncommitted changes."""
    name = await _git("describe", "--always", "--dirty", "--exclude=*")
    return Tree(REPOSITORY, sys.executable, f"this ({name})")


@asynccontextmanager
async def checked_out(revision: str) -> AsyncIterator[Tree]:
    """A revision in a temporary folder beside the repository's own data; the folder is removed.

    With the same lock file it runs in our environment, otherwise in one of its own.
    """
    commit = await _git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    folder = _new_folder()
    try:
        archive = folder / "tree.tar"
        await _git("archive", "--output", str(archive), commit)
        with tarfile.open(archive) as content:
            content.extractall(folder, filter="data")
        archive.unlink()
        yield Tree(folder, await _python_of(folder), commit[:7])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _new_folder() -> Path:
    data = REPOSITORY / ".splot"
    data.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="against-", dir=data))
    folder.chmod(0o755)  # PostgreSQL of its environment runs as another account when we are root
    return folder


async def _python_of(folder: Path) -> str:
    if (folder / LOCK).read_bytes() == (REPOSITORY / LOCK).read_bytes():
        return sys.executable
    python = Path(sys.base_prefix) / "bin" / "python3"
    await run_tool(["make", "-C", folder, "setup", f"PYTHON={python}"], environment=os.environ)
    return str(folder / ".venv" / "bin" / "python")


async def _git(*arguments: str) -> str:
    result = await run_tool(["git", "-C", REPOSITORY, *arguments], environment=os.environ)
    return result.output.strip()
