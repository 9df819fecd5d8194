"""Processes by their id: whose they are, how they end with their parent, how they are stopped."""

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
    """The command, wrapped so that Linux sends it `death_signal` (INT, TERM, …) when we
    die, however we die.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", death_signal, "--", *command] if setpriv else command


def identity(pid: int) -> str | None:
    """What tells a process from a later one with the same id (boot and start time);
    None where no such process runs.
    """
    try:
        # From the last bracket on: a program's name may hold brackets and spaces, too.
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None if Path("/proc/self").exists() else _ask_ps(pid, "lstart=")
    return None if state == "Z" else f"{boot} {fields[START_TIME]}"


def command_line(pid: int) -> str | None:
    """What the process was started with, or None where no such process runs (a zombie
    runs no more).
    """
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip() or None
    except OSError:
        return None if Path("/proc/self").exists() else _ask_ps(pid, "command=")


def _ask_ps(pid: int, column: str) -> str | None:
    answer = subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def wait_until(condition: Callable[[], bool], seconds: float, *, pause: float = POLL_SECONDS) -> bool:
    """Whether the condition came true within so many seconds; looked at again after every pause."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def stop_stranded(pid: int, *, gently: signal.Signals = signal.SIGTERM, seconds: float = 5) -> None:
    """Ends a process that an earlier run left behind: gently, then by force. The caller
    has made sure whose it is.
    """
    known = identity(pid)
    for number in (gently, signal.SIGKILL):
        if known is None or identity(pid) != known:
            return
        os.kill(pid, number)
        wait_until(lambda: identity(pid) != known, seconds)
