"""Programs and data that are not ours to pass on: npm fetches what is locked under tools/, where tests run."""

import shutil
import subprocess
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "tools"
_QUIETLY = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"]
_SOON = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000"]


class NotInstalled(Exception):
    """What is needed cannot be had here, and why."""


def install(tool: str, folder: Path) -> Path:
    """The folder with a copy of that tool's own files and all that its lock names; NotInstalled without it."""
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstalled("there is no npm here")
    for file in (TOOLS / tool).iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    if subprocess.run([npm, "ci", *_QUIETLY, *_SOON], cwd=folder, check=False).returncode:
        raise NotInstalled(f"npm cannot install what tools/{tool} names")
    return folder
