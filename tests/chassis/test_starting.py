"""A program is started as images start it: by uvicorn, with models that are built later."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTED = ("-m", "services.chassis.serving.starting", "tests.chassis.unbuilt:app", "--lifespan", "off")


def test_a_program_is_served_and_its_models_are_not_built_yet(tmp_path: Path) -> None:
    command = [sys.executable, *STARTED, "--uds", str(tmp_path / "socket")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stdout == "False None\n", ran.stderr
