"""Compiled modules where the environment forbids them beside the sources: else every
start compiles for seconds.
"""

import sys
from pathlib import Path

FORBIDDEN = "PYTHONDONTWRITEBYTECODE"
FOLDER = Path(sys.prefix) / "bytecode"


def keep_bytecode() -> None:
    """What this process imports from now on is kept in the virtual environment if not
    beside the source.
    """
    if sys.dont_write_bytecode and sys.prefix != sys.base_prefix:
        sys.pycache_prefix = str(FOLDER)
        sys.dont_write_bytecode = False


def keeping_bytecode(environment: dict[str, str]) -> dict[str, str]:
    """The same for the processes that get this environment."""
    if not environment.get(FORBIDDEN) or sys.prefix == sys.base_prefix:
        return environment
    allowed = {name: value for name, value in environment.items() if name != FORBIDDEN}
    return {**allowed, "PYTHONPYCACHEPREFIX": str(FOLDER)}
