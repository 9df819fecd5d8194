"""The machine of a run, described without its name; and how idle it is."""

import asyncio
import os
import platform
import re
from pathlib import Path


def cpu_model() -> str:
    """The processor's model name, without trademark signs."""
    match = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    return " ".join((match[1] if match else platform.machine()).replace("(R)", "").replace("(TM)", "").split())


def machine_class() -> str:
    """Short, for a file's name: cores and processor."""
    model = re.sub(r"\b(processor|cpu|core)\b|@.*", "", cpu_model(), flags=re.IGNORECASE)
    return f"{os.cpu_count()}-cores-" + re.sub(r"[^a-z0-9]+", "-", model.lower()).strip("-")


def describe_machine() -> dict[str, str]:
    """The properties of the machine that a reader needs to compare figures."""
    memory = re.search(r"^MemTotal:\s*(\d+) kB", _read("/proc/meminfo"), re.MULTILINE)
    return {
        "cores": str(os.cpu_count()),
        "processor": cpu_model(),
        "memory": f"{int(memory[1]) / 1_048_576:.0f} GB" if memory else "unknown",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
    }


async def idle_share(seconds: float = 1.0) -> float:
    """The idle share of the machine over so many seconds; 1.0 is all of it."""
    before = _ticks()
    await asyncio.sleep(seconds)
    after = _ticks()
    total = sum(after) - sum(before)
    return (after[3] - before[3] + after[4] - before[4]) / total if total else 1.0


def _ticks() -> list[int]:
    line = _read("/proc/stat").partition("\n")[0]
    return [int(field) for field in line.split()[1:]] or [0] * 5


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""
