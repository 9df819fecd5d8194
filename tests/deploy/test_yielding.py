"""What builds gives way to what serves, and the engine has its place back afterwards."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import yielding
from deploy.settings import ROOT

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives an engine its place back")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A program of a name of its own, in the place of the engine."""
    program = tmp_path / f"engine{os.getpid()}"
    program.symlink_to("/bin/sleep")
    monkeypatch.setattr(yielding, "ENGINE", program.name)
    with subprocess.Popen([program, "60"]) as process:
        while (Path("/proc") / str(process.pid) / "comm").read_text().strip() != program.name:
            time.sleep(0)
        yield process.pid
        process.kill()


@AS_ROOT
def test_the_engine_gives_way_for_as_long_as_something_is_built(engine: int) -> None:
    with yielding.engine_gives_way():
        assert os.sched_getscheduler(engine) == os.SCHED_IDLE
        assert os.sched_getscheduler(0) == os.SCHED_OTHER
    assert os.sched_getscheduler(engine) == os.SCHED_OTHER


@AS_ROOT
def test_the_engine_has_its_place_back_when_a_build_fails(engine: int) -> None:
    with pytest.raises(SystemExit), yielding.engine_gives_way():
        sys.exit("The upgrade stopped")
    assert os.sched_getscheduler(engine) == os.SCHED_OTHER


def test_nobody_but_root_touches_it(engine: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine of one's own could be sent down, and not be brought up again."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with yielding.engine_gives_way():
        assert os.sched_getscheduler(engine) == os.SCHED_OTHER


def test_a_command_gives_way_with_all_that_it_starts() -> None:
    asked = "import os, subprocess, sys; from deploy.yielding import give_way; give_way();"
    asked += "sys.exit(subprocess.call([sys.executable, '-c', 'import os, sys; sys.exit(os.sched_getscheduler(0))']))"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == os.SCHED_IDLE
