"""What compose reads for this instance: the environment, then `.env`, then the default. Standard library only."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_PORT = "8000"
LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^}]*))?\}")


def settings_of(
    file: Path = ROOT / ".env", environment: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The variables of that file and of the environment, which comes first, as compose does it."""
    known: dict[str, str] = dict(environment)
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        if found := LINE.fullmatch(line.strip()):
            name, written = found.groups()
            value = VARIABLE.sub(
                lambda used: known.get(used[1]) or used[2] or "", _unquoted(written)
            )
            # A variable may use those above it, and the environment goes before the
            # file.
            known.setdefault(name, value)
    return known


def _unquoted(written: str) -> str:
    if written[:1] in {"'", '"'} and written[-1:] == written[:1]:
        return written[1:-1]
    return written.partition(" #")[0].rstrip()
