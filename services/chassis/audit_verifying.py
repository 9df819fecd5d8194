"""Verifies a file of the audit log by its public key: no database, no platform.

    python -m services.chassis.audit_verifying FILE --key KEY --known CHECKPOINT

FILE is what `GET …/audit-log` answered, KEY the log's verifier key, CHECKPOINT a file
with a checkpoint that was kept elsewhere; several of the last two may be given. Ends
with 0 when every record is the one that was sealed, and otherwise with 1 and the first
record that is not.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypedDict

from services.chassis.trails.checkpoints import (
    Checkpoint,
    CheckpointRefused,
    VerifierKey,
    opened,
)
from services.chassis.trails.keeping import is_released
from services.chassis.trails.merkle import Tree, leaf_hash

# How much later than it is dated a record may become visible.
LONGEST_TRANSACTION = timedelta(hours=1)

Leaf = dict[str, str | int | None]


class Entry(TypedDict):
    """A line of the file."""

    sequence: int | None
    leaf_hash: str | None
    record: Leaf | None
    checkpoint: str | None


class Fault(Exception):
    """The log is not the one that was signed: the first record in doubt, and why."""

    def __init__(self, first: int, why: str, last: int | None = None) -> None:
        self.first, self.last, self.why = first, last or first, why
        where = (
            f"record {first}"
            if self.last == first
            else f"a record of {first} to {self.last}"
        )
        super().__init__(f"{where}: {why}")


def canonical(record: Leaf) -> bytes:
    """Canonical JSON (RFC 8785) of texts, whole numbers and nulls under ASCII names."""
    # For such objects sorted keys are enough: no library is needed to verify.
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


@dataclass
class Verification:
    """The result of verifying so far, line by line, in constant memory."""

    keys: Sequence[VerifierKey]
    kept_checkpoints: Sequence[Checkpoint] = ()

    def __post_init__(self) -> None:
        self.tree, self.checkpoints, self.unsealed = Tree(), 0, 0
        self._signed_size = self._compared_size = 0
        # Records at the beginning that are gone, and how many of them were released.
        self.removed, self._released, self._is_kept = 0, 0, False
        self._sealed_at: datetime | None = None
        self._earliest: datetime | None = None

    def take(self, entry: Entry) -> None:
        """Take one more line. Raises Fault."""
        sequence, record, note = entry["sequence"], entry["record"], entry["checkpoint"]
        if sequence is not None:
            self._take_record(sequence, record, entry["leaf_hash"])
        elif record is not None:
            self._take_unsealed(record)
        if note is not None:
            self._take_checkpoint(note)
        # At that size of the tree: a log rewritten with its key is sound by itself.
        for checkpoint in self.kept_checkpoints:
            if sequence is not None and checkpoint.size == sequence:
                self._compare(checkpoint)

    def end(self) -> None:
        """Check what is due at the end of the file. Raises Fault."""
        size = self.tree.size
        self._require_released()
        # Numbers come together with their checkpoint: a missing one was taken out.
        if size > self._signed_size:
            raise Fault(self._signed_size + 1, "no checkpoint follows", size)
        for checkpoint in self.kept_checkpoints:
            if checkpoint.size > size:
                why = (
                    "it was sealed by the checkpoint kept elsewhere,"
                    " and the log ends before it"
                )
                raise Fault(size + 1, why, checkpoint.size)

    def _take_record(
        self, sequence: int, record: Leaf | None, kept_hash: str | None
    ) -> None:
        number = self.tree.size + 1
        if sequence != number:
            why = (
                "it is missing"
                if sequence > number
                else f"number {sequence} is there again"
            )
            raise Fault(number, why)
        if record is None:
            self._take_removed(number, kept_hash)
            return
        self._require_released()
        self._is_kept = True
        leaf = leaf_hash(canonical(record))
        # The tree would show it at the next checkpoint; this names the record.
        if leaf.hex() != kept_hash:
            raise Fault(number, "it is not what was sealed")
        self._sealed_at = _instant(record["sealed_at"])
        self._require_date(number, record, self._sealed_at)
        self.tree.extend([leaf])

    def _take_removed(self, number: int, kept_hash: str | None) -> None:
        # Records are removed from the beginning on: between kept ones there is no gap.
        if self._is_kept or kept_hash is None:
            raise Fault(number, "its number is there, and it is not")
        self.tree.extend([bytes.fromhex(kept_hash)])
        self.removed = number

    def _require_released(self) -> None:
        if self._released != self.removed:
            first = self._released + 1
            raise Fault(first, "its number is there, and it is not", self.removed)

    def _compare(self, checkpoint: Checkpoint) -> None:
        if checkpoint.root != self.tree.root():
            why = "the checkpoint kept elsewhere sealed another one"
            raise Fault(self._compared_size + 1, why, checkpoint.size)
        self._compared_size = checkpoint.size

    def _require_date(self, number: int, record: Leaf, sealed_at: datetime) -> None:
        """Fault for a date before the checkpoint without the record, or after its own.

        Each with the margin of the longest transaction.
        """
        recorded_at = _instant(record["recorded_at"])
        if self._earliest is not None and recorded_at < self._earliest:
            raise Fault(number, "it is dated before the checkpoint that lacks it")
        if recorded_at > sealed_at + LONGEST_TRANSACTION:
            raise Fault(number, "it is dated after it was sealed")

    def _take_unsealed(self, record: Leaf) -> None:
        recorded_at = _instant(record["recorded_at"])
        if self._earliest is not None and recorded_at < self._earliest:
            why = (
                f"id {record['id']} is dated before the last checkpoint, which lacks it"
            )
            raise Fault(self.tree.size + 1, why)
        self.unsealed += 1

    def _take_checkpoint(self, note: str) -> None:
        size, first = self.tree.size, self._signed_size + 1
        try:
            checkpoint = opened(note, self.keys)
        except CheckpointRefused as refusal:
            raise Fault(first, f"its checkpoint is refused: {refusal}", size) from None
        if checkpoint.size > size:
            raise Fault(size + 1, "a checkpoint sealed it, and it is not there")
        if checkpoint != Checkpoint(checkpoint.origin, size, self.tree.root()):
            raise Fault(first, "the checkpoint sealed another one", size)
        if size == self.removed and is_released(note, self.keys):
            self._released = size
        self._signed_size, self.checkpoints = size, self.checkpoints + 1
        # A record dated earlier was visible by now: if it follows, it was backdated.
        if self._sealed_at is not None:
            self._earliest = self._sealed_at - LONGEST_TRANSACTION


def _instant(text: str | int | None) -> datetime:
    return datetime.fromisoformat(str(text))


def verify(
    lines: Iterable[str],
    keys: Sequence[VerifierKey],
    kept_checkpoints: Sequence[Checkpoint] = (),
) -> Verification:
    """Verify a file of the log. Raises Fault with the first record in doubt."""
    verification = Verification(keys, kept_checkpoints)
    for line in lines:
        verification.take(json.loads(line))
    verification.end()
    return verification


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 for a sound log, 1 for any other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", action="append", required=True, type=VerifierKey.read)
    parser.add_argument("--known", action="append", default=[], type=Path)
    options = parser.parse_args(arguments)
    try:
        kept_checkpoints = [
            opened(path.read_text("utf-8"), options.key) for path in options.known
        ]
        with options.file.open(encoding="utf-8") as lines:
            verification = verify(lines, options.key, kept_checkpoints)
    except (Fault, CheckpointRefused) as error:
        sys.stdout.write(f"NOT the log that was signed: {error}\n")
        return 1
    sys.stdout.write(
        f"the log that was signed: {verification.tree.size} records"
        f" under {verification.checkpoints} checkpoints,"
        f" {verification.unsealed} not sealed yet,"
        f" {verification.removed} removed when their time was over\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
