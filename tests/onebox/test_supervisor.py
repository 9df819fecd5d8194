"""Programs are kept running, and are gone when they shall be."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

import httpx
import pytest

from onebox.checks import answers_on_port, answers_on_socket
from onebox.forks import Loader, Origin
from onebox.instance import instance_in, write_private
from onebox.processes import ending_with_parent, identity
from onebox.stack import SERVICES, preloaded
from onebox.supervisor import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    STEADY_SECONDS,
    Program,
    ReadyCheck,
    StartFailed,
    Supervisor,
    pause_before_restart,
)
from onebox.up import end_stranded, listening
from tests.faults.platform import parent

HERE = Path(__file__).parent
UVICORN = [sys.executable, "-m", "uvicorn", "tiny:app", "--app-dir", str(HERE), "--lifespan", "off"]


class Watched(Supervisor):
    """A supervisor whose restarts can be awaited."""

    def __init__(self, folder: Path) -> None:
        self.told: asyncio.Queue[str] = asyncio.Queue()
        super().__init__(folder, folder / "pids.json", self.told.put_nowait)


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Watched]:
    supervisor = Watched(tmp_path)
    yield supervisor
    await supervisor.stop(2)


def tiny(socket: Path) -> Program:
    return Program(
        name="tiny",
        command=ending_with_parent([*UVICORN, "--uds", str(socket)], "TERM"),
        environment=dict(os.environ),
        is_ready=answers_on_socket(socket, "/"),
    )


def preloaded_tiny(socket: Path) -> Program:
    environment = os.environ | {"PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parents[1]}"}
    return replace(preloaded(tiny(socket)), environment=environment)


async def never_ready(_: int) -> bool:
    return False


async def at_once(_: int) -> bool:
    return True


def has(marker: Path) -> ReadyCheck:
    exists = marker.exists

    async def is_ready(_: int) -> bool:
        return exists()

    return is_ready


def python(code: str, name: str = "python") -> Program:
    return Program(name=name, command=[sys.executable, "-c", code], environment=dict(os.environ), is_ready=at_once)


def recorded_pid(supervisor: Supervisor, name: str) -> int:
    return int(json.loads(supervisor.pids.read_text())[name][0])


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


async def until_it_answers(program: Program) -> None:
    async with asyncio.timeout(20):
        while not await program.is_ready(0):  # noqa: ASYNC110 - the other side is another process
            await asyncio.sleep(0.02)


async def test_a_program_that_crashes_or_is_killed_is_started_again(supervisor: Watched, tmp_path: Path) -> None:
    program = tiny(tmp_path / "tiny.sock")
    await supervisor.start(program)
    transport = httpx.AsyncHTTPTransport(uds=str(tmp_path / "tiny.sock"))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/die")
    assert await supervisor.told.get() == "tiny ended (exit code 3), restarting"
    await until_it_answers(program)
    os.kill(recorded_pid(supervisor, "tiny"), signal.SIGKILL)
    assert await supervisor.told.get() == "tiny ended (killed by signal 9), restarting"
    await until_it_answers(program)
    last = recorded_pid(supervisor, "tiny")
    await supervisor.stop(5)
    assert identity(last) is None
    assert not supervisor.pids.exists()


async def test_a_preloaded_program_is_replaced_by_another_fork(supervisor: Watched, tmp_path: Path) -> None:
    program = preloaded_tiny(tmp_path / "tiny.sock")
    await supervisor.start(program)
    [keeper] = supervisor.keepers
    loader, first = keeper.loader, recorded_pid(supervisor, "tiny")
    os.kill(first, signal.SIGKILL)
    assert await supervisor.told.get() == "tiny ended, restarting"
    await until_it_answers(program)
    assert keeper.loader is loader
    last = recorded_pid(supervisor, "tiny")
    assert last != first
    await supervisor.stop(5)
    assert loader is not None
    assert [identity(pid) for pid in (last, loader.pid)] == [None, None]


async def test_what_is_shared_is_loaded_once_and_nobody_misses_who_loaded_it(
    supervisor: Watched, tmp_path: Path
) -> None:
    program = replace(tiny(tmp_path / "tiny.sock"), rank=SERVICES)
    environment = os.environ | {"PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parents[1]}"}
    command = [sys.executable, "-m", "onebox.preloaded"]
    origin = Origin(command, HERE.parents[1], environment, tmp_path / "loading.log")
    await supervisor.start(preloaded(replace(program, folder=HERE.parents[1]), origin))
    [keeper] = supervisor.keepers
    assert isinstance(keeper.loader, Loader)
    first, forked_from = recorded_pid(supervisor, "tiny"), parent(keeper.loader.pid)
    assert name_of(first) == "tiny"
    for pid in (forked_from, keeper.loader.pid, first):
        os.kill(pid, signal.SIGKILL)
    assert await supervisor.told.get() == "tiny ended, restarting"
    await until_it_answers(program)
    last = recorded_pid(supervisor, "tiny")
    assert last != first
    await supervisor.stop(5)
    await origin.stop()
    assert [identity(pid) for pid in (forked_from, last, keeper.loader.pid)] == [None, None, None]


async def test_a_loader_that_is_killed_is_missed_by_nobody(supervisor: Watched, tmp_path: Path) -> None:
    program = preloaded_tiny(tmp_path / "tiny.sock")
    await supervisor.start(program)
    [keeper] = supervisor.keepers
    loader, running = keeper.loader, recorded_pid(supervisor, "tiny")
    assert loader is not None
    loader.kill()
    await loader.wait()
    assert await program.is_ready(running)
    os.kill(running, signal.SIGKILL)
    assert await supervisor.told.get() == "tiny ended, restarting"
    await until_it_answers(program)
    assert recorded_pid(supervisor, "tiny") != running


def test_who_was_steady_starts_anew_at_once_and_who_was_not_waits_longer_each_time() -> None:
    assert pause_before_restart(STEADY_SECONDS, LONGEST_PAUSE_SECONDS) == 0.0
    pauses, pause = [], 0.0
    for steady in (None, STEADY_SECONDS / 2, None, None):
        pause = pause_before_restart(steady, pause)
        pauses.append(pause)
    assert pauses == [FIRST_PAUSE_SECONDS * factor for factor in (1, 2, 4, 8)]
    for _ in range(20):
        pause = pause_before_restart(None, pause)
    assert pause == LONGEST_PAUSE_SECONDS


async def test_a_program_that_does_not_come_up_is_given_up_with_its_last_words(supervisor: Watched) -> None:
    program = python("raise SystemExit('no database in sight')")
    with pytest.raises(StartFailed, match="no database in sight"):
        await supervisor.start(Program(**{**vars(program), "is_ready": never_ready}))


async def test_a_program_that_ignores_being_asked_is_killed(supervisor: Watched, tmp_path: Path) -> None:
    deaf = (
        "import pathlib, signal\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); pathlib.Path('deaf').touch(); signal.pause()"
    )
    changes = {"is_ready": has(tmp_path / "deaf"), "folder": tmp_path}
    await supervisor.start(Program(**{**vars(python(deaf)), **changes}))
    pid = recorded_pid(supervisor, "python")
    await supervisor.stop(0.2)
    assert identity(pid) is None


async def test_what_leans_on_another_is_stopped_before_it(supervisor: Watched, tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "def stop(*_): open('stopped', 'a').write(sys.argv[1]); os._exit(0)\n"
        "signal.signal(signal.SIGTERM, stop); Path(sys.argv[1]).touch(); signal.pause()"
    )
    for name, rank in (("gateway", 3), ("postgres", 0), ("service", 2)):
        program = python(code, name)

        changes = {
            "command": [*program.command, name],
            "folder": tmp_path,
            "rank": rank,
            "is_ready": has(tmp_path / name),
        }
        await supervisor.start(Program(**{**vars(program), **changes}))
    await supervisor.stop(30)
    assert (tmp_path / "stopped").read_text() == "gatewayservicepostgres"


async def test_while_the_gateway_restarts_callers_wait_and_are_not_refused(supervisor: Watched) -> None:
    with listening(0) as listener:
        port, descriptor = listener.getsockname()[1], listener.fileno()
        program = Program(
            name="tiny",
            command=[*UVICORN, "--fd", str(descriptor)],
            environment=dict(os.environ),
            is_ready=answers_on_port(port, "/"),
            descriptors=(descriptor,),
        )
        await supervisor.start(program)
        os.kill(recorded_pid(supervisor, "tiny"), signal.SIGKILL)
        async with httpx.AsyncClient(timeout=20) as client:
            assert (await client.get(f"http://127.0.0.1:{port}/")).text == "hi"
        await supervisor.stop(5)


def test_what_a_killed_run_left_is_ended_and_a_stranger_with_the_same_number_is_not(tmp_path: Path) -> None:
    instance = instance_in(tmp_path)
    command = [sys.executable, "-c", "import signal; signal.pause()"]
    with Popen(command) as left, Popen(command) as stranger:
        write_private(
            instance.pids,
            {
                "registry": [left.pid, identity(left.pid)],
                "postgres": [stranger.pid, "another boot 123"],
                "gone": [1, None],
            },
        )
        end_stranded(instance)
        assert left.wait() == -signal.SIGTERM
        assert identity(stranger.pid) is not None
        stranger.kill()
