"""The newest checkpoint of an audit log, in a file beside the database.

A log that was restored from a backup is sound by itself. Compared with a checkpoint
that was signed later, it shows that it went back.
"""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from services.chassis.data.work import Reading
from services.chassis.trails.checkpoints import (
    Checkpoint,
    CheckpointRefused,
    VerifierKey,
    opened,
)

_OF_THAT_SIZE = "SELECT checkpoint FROM audit_seals WHERE size = $1"


class KeptCheckpoint:
    """The file, and the keys that sign its checkpoints."""

    def __init__(self, path: Path, keys: Sequence[VerifierKey]) -> None:
        self.path, self._keys = path, keys

    async def missing(self, reading: Reading) -> Checkpoint | None:
        """The checkpoint of the file if the database lacks it; else None.

        CheckpointRefused where the file holds none that these keys signed.
        """
        note = await asyncio.to_thread(self._read)
        if not note:
            return None
        checkpoint = opened(note, self._keys)
        row = await reading.fetchrow(_OF_THAT_SIZE, checkpoint.size)
        return None if row and row["checkpoint"] == note else checkpoint

    def _read(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError:
            raise CheckpointRefused("the file of the checkpoint is no text") from None

    async def keep(self, note: str) -> None:
        """Put this checkpoint in the file's place; it is on the disk afterwards."""
        await asyncio.to_thread(self._replace, note)

    def _replace(self, note: str) -> None:
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    def put_aside(self, size: int) -> Path:
        """Rename the file, so that it is kept."""
        return self.path.rename(self.path.with_name(f"{self.path.name}.lost-{size}"))
