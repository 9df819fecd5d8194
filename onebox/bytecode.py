"""A folder for compiled modules where the environment forbids them beside the sources:
without it, every start would compile for seconds.
"""

import sys
from pathlib import Path

FORBIDDEN = "PYTHONDONTWRITEBYTECODE"
FOLDER = Path(sys.prefix) / "bytecode"


def keep_bytecode() -> None:
    """Store the bytecode of this process's imports in the virtual environment, where it may not
    be stored beside the source.
    """
    if sys.dont_write_bytecode and sys.prefix != sys.base_prefix:
        sys.pycache_prefix = str(FOLDER)
        sys.dont_write_bytecode = False


def keeping_bytecode(environment: dict[str, str]) -> dict[str, str]:
    """The environment with which child processes store their bytecode in the same folder."""
    if not environment.get(FORBIDDEN) or sys.prefix == sys.base_prefix:
        return environment
    others = {name: value for name, value in environment.items() if name != FORBIDDEN}
    return {**others, "PYTHONPYCACHEPREFIX": str(FOLDER)}
