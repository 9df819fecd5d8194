"""`python -m tests.archive`: a platform of its own is backed up, lost under load, and restored to a moment.

Then its keys are changed."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from tests.archive.archives import IS_HERE
from tests.archive.drill import Drill, remove, run
from tests.archive.keys import change_keys


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(
    screenings: Annotated[int, typer.Option(min=0, help="How many there are beforehand.")] = 10_000,
    seconds: Annotated[float, typer.Option(min=1, help="Of load before the moment, and after it.")] = 15.0,
) -> None:
    """Back up, write on, lose, restore, verify; then change the keys."""
    if not IS_HERE:
        _tell("The drill needs the programs barman and rsync: apt-get install barman rsync")
        raise typer.Exit(2)
    folder = Path(tempfile.mkdtemp(prefix="splot-drill-"))
    # PostgreSQL's account has to pass through.
    folder.chmod(0o711)
    drill = Drill(folder, _tell)
    try:
        asyncio.run(run(drill, screenings, seconds, change_keys))
    finally:
        remove(folder)
    _tell("restored as it was" if not drill.wrong else f"failed: {'; '.join(drill.wrong)}")
    raise typer.Exit(1 if drill.wrong else 0)


if __name__ == "__main__":
    typer.run(main)
