"""`make restore AT=…`: a database as it was at a moment, in a volume of its own. Standard library only.

Nothing is restored over anything: the volume that was in use stays as it is, and `.env` names the new one.
"""

import os
import re
import shlex
import subprocess
import sys
import time

from deploy.archive.moments import NoMoment, moment_of
from deploy.settings import ROOT

VARIABLE = "DATABASE_VOLUME"


def named(text: str, volume: str) -> str:
    """The text of an `.env` that names this volume."""
    line = f"{VARIABLE}={volume}"
    if re.search(rf"^{VARIABLE}=.*$", text, re.MULTILINE):
        return re.sub(rf"^{VARIABLE}=.*$", line, text, flags=re.MULTILINE)
    return f"{text.rstrip()}\n{line}\n".lstrip()


def is_running(compose: list[str]) -> bool:
    """Whether any container of the platform runs."""
    listing = [*compose, "ps", "--quiet"]
    told = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    return bool(told.stdout.strip())


def restore(compose: list[str], at: str, volume: str) -> bool:
    """Fill a new volume; whether that was done. Only then `.env` names it."""
    given = {**os.environ, VARIABLE: volume, "AT": at}
    running = ["--profile", "restore", "run", "--rm", "--no-deps", "restore"]
    if subprocess.run(
        [*compose, *running], cwd=ROOT, env=given, check=False
    ).returncode:
        return False
    environment = ROOT / ".env"
    text = environment.read_text(encoding="utf-8") if environment.exists() else ""
    environment.write_text(named(text, volume), encoding="utf-8")
    return True


def main() -> int:
    """0 when the database is restored."""
    compose = shlex.split(os.environ.get("COMPOSE", "docker compose"))
    at, begun = os.environ.get("AT", ""), time.monotonic()
    try:
        moment_of(at)
    except NoMoment as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    if is_running(compose):
        sys.stderr.write("The platform runs: `make down` first; its data stay.\n")
        return 1
    volume = f"splot_database_{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    if not restore(compose, at, volume):
        sys.stderr.write("Nothing was restored; .env names the volume of before.\n")
        return 1
    sys.stdout.write(
        f"Restored in {time.monotonic() - begun:.0f} s into the volume {volume},"
        " which .env names now.\n`make up` starts the platform with it.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
