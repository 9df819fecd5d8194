"""Removes audit records whose time is over; the sealed log can be verified as before.

    python -m services.chassis.audit_retention propose SERVICE > release.txt
    python -m services.chassis.audit_retention carry-out SERVICE --release release.txt \\
        --key KEY --by NAME

`propose` removes nothing. It counts the records that are older than the law demands,
and signs their release with the service's key: DATABASE_URL, AUDIT_KEY and AUDIT_ORIGIN
are those of the service. `carry-out` is for the administrator of the database
(ADMIN_DATABASE_URL), who does not have that key. Hashes and checkpoints stay; so the
log can be verified to its beginning, and anyone who kept a record can show that the log
had it.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias
from uuid import uuid4

import asyncpg

from services.chassis.ground import clock
from services.chassis.migrating import connect
from services.chassis.trails.checkpoints import (
    Checkpoint,
    CheckpointRefused,
    SigningKey,
    VerifierKey,
    opened,
)
from services.chassis.trails.keeping import (
    is_released,
    keeping_of,
    kept_from,
    release,
)
from services.chassis.trails.merkle import Tree

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# The sealer's lock: no record is numbered meanwhile.
_LOCK = "SELECT pg_advisory_xact_lock(7305803, hashtext(current_schema()))"
# A record that commits late may be dated an hour before its checkpoint.
_LAST = """
SELECT size, sealed_at, checkpoint FROM audit_seals
WHERE sealed_at < $1 ORDER BY size DESC LIMIT 1
"""
_SEAL = "SELECT sealed_at, checkpoint FROM audit_seals WHERE size = $1"
_HASHES = "SELECT leaf_hash FROM audit_leaves WHERE sequence <= $1 ORDER BY sequence"
_COUNT = """
SELECT count(*) FROM audit_records JOIN audit_leaves ON audit_id = id
WHERE sequence <= $1
"""
_REMOVE = """
DELETE FROM audit_records USING audit_leaves WHERE audit_id = id AND sequence <= $1
"""
_LET_GO = "UPDATE audit_seals SET checkpoint = $2 WHERE size = $1"
_RECORD = """
INSERT INTO audit_records (actor, action, subject, outcome, detail, trace_id)
VALUES ($1, 'remove_audit_records', $2, 'done', $3, $4)
"""


class Refused(Exception):
    """Nothing was removed, and why."""


class Due(NamedTuple):
    """Records that may be removed: up to which checkpoint, how many, by which act."""

    checkpoint: Checkpoint
    sealed_at: datetime
    records: int
    act: str


async def find_due(
    database: Connection, keys: Sequence[VerifierKey], today: date, months: int = 0
) -> Due | None:
    """Records that are older than the law demands and than `months`; None if none.

    Refused for a log that is not the signed one: doubtful records are not removed.
    """
    law = keeping_of(today)
    begins = clock.civil_midnight(kept_from(today, max(months, law.months)))
    last = await database.fetchrow(_LAST, begins)
    if last is None:
        return None
    checkpoint = await _verified(database, last["checkpoint"], keys)
    records = await database.fetchval(_COUNT, checkpoint.size)
    if not records:
        return None
    return Due(checkpoint, last["sealed_at"], records, law.act)


async def _verified(
    database: Connection, note: str, keys: Sequence[VerifierKey]
) -> Checkpoint:
    """The checkpoint, if the hashes up to it are those that it signed."""
    try:
        checkpoint = opened(note, keys)
    except CheckpointRefused as refusal:
        raise Refused(f"the checkpoint is refused: {refusal}") from None
    tree = Tree()
    async with database.transaction():
        async for row in database.cursor(_HASHES, checkpoint.size, prefetch=2_000):
            tree.extend([row["leaf_hash"]])
    if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
        raise Refused("the log is not the one that was signed: verify it first")
    return checkpoint


async def remove(
    database: Connection, note: str, keys: Sequence[VerifierKey], today: date, by: str
) -> int:
    """Remove the records of a release, and record that; returns their number.

    Refused for a release that another key signed, of another log, or of records that
    the law still keeps.
    """
    async with database.transaction():
        await database.execute(_LOCK)
        due = await find_due(database, keys, today)
        checkpoint = await _released_checkpoint(database, note, keys)
        if due is None or checkpoint.size > due.checkpoint.size:
            raise Refused("the release is of records that are still to be kept")
        seal = await database.fetchrow(_SEAL, checkpoint.size)
        line = note.rpartition("\n\n")[2]
        if seal is not None and line not in seal["checkpoint"]:
            signed_note = seal["checkpoint"] + line
            await database.execute(_LET_GO, checkpoint.size, signed_note)
        status = await database.execute(_REMOVE, checkpoint.size)
        count = int(status.rpartition(" ")[2])
        detail = json.dumps({"records": count, "act": due.act})
        subject = f"audit-log/{checkpoint.size}"
        await database.execute(_RECORD, by, subject, detail, uuid4().hex)
    return count


async def _released_checkpoint(
    database: Connection, note: str, keys: Sequence[VerifierKey]
) -> Checkpoint:
    try:
        if not is_released(note, keys):
            raise Refused("the release is signed by none of the keys")
    except CheckpointRefused as refusal:
        raise Refused(f"the release is refused: {refusal}") from None
    size = int(note.split("\n")[1])
    seal = await database.fetchrow(_SEAL, size)
    # The same text: a release of another log has another root.
    if seal is None or not seal["checkpoint"].startswith(note.rpartition("— ")[0]):
        raise Refused("the release is not of a checkpoint of this log")
    return await _verified(database, seal["checkpoint"], keys)


async def propose(service: str, months: int) -> str | None:
    """The release of the records that are due, as text; None if none are due."""
    name = f"{os.environ.get('AUDIT_ORIGIN') or 'splot'}/{service}"
    seed = os.environ["AUDIT_KEY"]
    database = await connect(os.environ["DATABASE_URL"])
    try:
        await database.execute(f"SET search_path = {service}")
        earlier = json.loads(os.environ.get("AUDIT_EARLIER_VERIFIERS") or "[]")
        keys = [SigningKey(name, seed).verifier, *map(VerifierKey.read, earlier)]
        due = await find_due(database, keys, clock.today(), months)
    finally:
        await database.close()
    if due is None:
        return None
    sys.stderr.write(
        f"{service}: {due.records} records, sealed by {due.sealed_at:%Y-%m-%d},"
        f" need not be kept any longer: {due.act}. Nothing was removed.\n"
    )
    return f"{due.checkpoint.text}\n{release(name, seed, due.checkpoint)}"


async def carry_out(service: str, note: str, key: VerifierKey, by: str) -> int:
    """Remove the records of a release, as the administrator of the database."""
    database = await connect(os.environ["ADMIN_DATABASE_URL"])
    try:
        await database.execute(f"SET search_path = {service}")
        return await remove(database, note, [key], clock.today(), by)
    finally:
        await database.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when it was done or nothing is due, 1 when it was refused."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("step", choices=["propose", "carry-out"])
    parser.add_argument("service", choices=sorted(_services()))
    parser.add_argument("--months", type=int, default=0, help="to keep them longer")
    parser.add_argument("--release", type=Path)
    parser.add_argument("--key", type=VerifierKey.read)
    parser.add_argument("--by", help="who carries it out")
    options = parser.parse_args(arguments)
    try:
        if options.step == "propose":
            note = asyncio.run(propose(options.service, options.months))
            sys.stdout.write(note or "")
            if note is None:
                sys.stderr.write(f"{options.service}: nothing is due\n")
            return 0
        if not (options.release and options.key and options.by):
            parser.error("carry-out needs --release, --key and --by")
        note = options.release.read_text("utf-8")
        if not note:
            sys.stdout.write(f"{options.service}: nothing is due\n")
            return 0
        count = asyncio.run(carry_out(options.service, note, options.key, options.by))
    except Refused as refusal:
        sys.stderr.write(f"{options.service}: nothing was removed: {refusal}\n")
        return 1
    sys.stdout.write(f"{options.service}: {count} records were removed\n")
    return 0


def _services() -> list[str]:
    folder = Path(__file__).parents[1]
    return [main.parent.name for main in folder.glob("*/main.py")]


if __name__ == "__main__":
    sys.exit(main())
