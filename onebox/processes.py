"""Processes by their id: how they are identified, end with their parent, and are stopped."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

POLL_SECONDS = 0.01
START_TIME = 18  # among the fields behind the state in /proc/PID/stat


def ending_with_parent(command: list[str], death_signal: str) -> list[str]:
    """The command, wrapped so that Linux sends it `death_signal` (INT, TERM, …) when this process
    ends, however it ends.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", death_signal, "--", *command] if setpriv else command


def identity(pid: int) -> str | None:
    """A text that differs between a process and a later one with the same id (boot and start
    time); None when no such process runs.
    """
    try:
        # From the last bracket on: the name of a program may have brackets and spaces.
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None if Path("/proc/self").exists() else _ask_ps(pid, "lstart=")
    return None if state == "Z" else f"{boot} {fields[START_TIME]}"


def command_line(pid: int) -> str | None:
    """The command line of a process; None when no such process runs (a zombie does not run)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip() or None
    except OSError:
        return None if Path("/proc/self").exists() else _ask_ps(pid, "command=")


def _ask_ps(pid: int, column: str) -> str | None:
    answer = subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def wait_until(condition: Callable[[], bool], seconds: float, *, pause: float = POLL_SECONDS) -> bool:
    """Whether the condition became true within so many seconds; it is checked again
    after every pause.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def stop_stranded(pid: int, *, gently: signal.Signals = signal.SIGTERM, seconds: float = 5) -> None:
    """Ends a process that an earlier run left behind: gently, then by force. The caller has
    checked that the process is ours.
    """
    expected = identity(pid)
    for number in (gently, signal.SIGKILL):
        if expected is None or identity(pid) != expected:
            return
        os.kill(pid, number)
        wait_until(lambda: identity(pid) != expected, seconds)
