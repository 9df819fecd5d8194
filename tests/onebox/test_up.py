"""The whole platform on this machine: it comes up, answers, survives what is killed, and leaves no process behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from onebox.processes import identity, wait_until

REPOSITORY = Path(__file__).parents[2]
SECONDS = 90  # on a machine that is busy with other tests


@contextmanager
def running(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", httpx.Client]]:
    """An `up` of that folder, and a client of it once it is ready; stopped gently in the end where it still runs."""
    environment = {name: value for name, value in os.environ.items() if name != "ADMIN_DATABASE_URL"}
    command = [sys.executable, "-m", "onebox", "up", "--data", str(folder), "--port", "0", "--demo", "none"]
    (folder / "instance.json").unlink(missing_ok=True)
    with (folder / "printed").open("w+") as printed:
        up = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=printed, stderr=printed, text=True)
        try:
            announced = folder / "instance.json"
            wait_until(lambda: up.poll() is not None or announced.exists(), SECONDS)
            assert announced.exists(), (folder / "printed").read_text()
            with httpx.Client(base_url=json.loads(announced.read_text())["url"], timeout=30) as api:
                yield up, api
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(SECONDS)


def is_ready(api: httpx.Client) -> bool:
    try:
        return bool(api.get("/readyz").json()["status"] == "ok")
    except httpx.TransportError:
        return False


def pids(folder: Path) -> dict[str, int]:
    return {name: pid for name, (pid, _) in json.loads((folder / "pids.json").read_text()).items()}


def institutions(folder: Path, api: httpx.Client) -> object:
    token = [sys.executable, "-m", "onebox", "token", "--role", "registry_editor", "--data", str(folder)]
    printed = subprocess.run(token, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    return api.get("/v1/registry/institutions", headers={"Authorization": f"Bearer {printed.strip()}"}).json()["items"]


def test_the_platform_answers_heals_dies_without_a_trace_and_starts_again(tmp_path: Path) -> None:
    with running(tmp_path) as (up, api):
        assert institutions(tmp_path, api) == []
        before = pids(tmp_path)
        killed = ("registry", "postgres", "gateway")
        for name in killed:
            os.kill(before[name], signal.SIGKILL)
        survivors = len(before) - len(killed)
        assert wait_until(
            lambda: is_ready(api) and len(before.items() & pids(tmp_path).items()) == survivors, SECONDS, pause=0.2
        )
        assert institutions(tmp_path, api) == []
        left = pids(tmp_path)
        up.kill()
        up.wait()
        assert wait_until(lambda: not any(identity(pid) for pid in left.values()), SECONDS)
    with running(tmp_path) as (up, api):
        assert is_ready(api)
        left = pids(tmp_path)
        up.send_signal(signal.SIGTERM)
        assert up.wait(SECONDS) == 0
    assert not any(identity(pid) for pid in left.values())
    assert not (tmp_path / "instance.json").exists()
