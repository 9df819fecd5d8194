"""Every program of the documents does what it says, as it stands, against a running platform."""

import os
import sys
from pathlib import Path

from tests.clients.conftest import Run
from tests.clients.outcomes import all_of, assert_recipes
from tools.clients.__main__ import PYTHON


async def test_the_programs_in_python(python_programs: dict[str, Path], run: Run) -> None:
    path = os.pathsep.join([str(PYTHON / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    printed = await all_of(python_programs, lambda program: run(sys.executable, program, PYTHONPATH=path))
    assert_recipes(printed)


async def test_the_programs_in_typescript(typescript_programs: dict[str, Path], run: Run) -> None:
    programs = {name: program for name, program in typescript_programs.items() if name != "helpers"}
    printed = await all_of(programs, lambda program: run("node", program))
    assert_recipes(printed)


async def test_the_helpers_in_typescript(typescript_programs: dict[str, Path], run: Run) -> None:
    """They are told in helpers.ts, with node's own runner of tests."""
    printed = await run("node", "--test", "--test-reporter=tap", typescript_programs["helpers"])
    assert any(line.startswith("# pass ") for line in printed)
