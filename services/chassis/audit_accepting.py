"""An audit trail that went back with a restored database is sealed on from there:
`python -m services.chassis.audit_accepting SERVICE`.

The trail itself records that it went back, from which size to which; the lost
checkpoint stays beside it, under another name.
"""

import asyncio
import sys
from collections.abc import Sequence

from services.chassis.background.kept_checkpoints import KeptCheckpoint
from services.chassis.background.sealing import keys_of
from services.chassis.data.database import Database
from services.chassis.data.effects import Subject
from services.chassis.ground.settings import ServiceSettings
from services.chassis.trust.callers import Caller

OPERATOR = Caller("operator: restored database")
_SIZE = "SELECT coalesce(max(size), 0) AS size FROM audit_seals"


async def accept(database: Database, kept_checkpoint: KeptCheckpoint) -> str:
    """Put the lost checkpoint aside, on record; returns a sentence for the operator."""
    async with database.change(OPERATOR) as change:
        lost = await kept_checkpoint.missing(change)
        if lost is None:
            return "the audit trail has the checkpoint that is kept: nothing went back"
        row = await change.fetchrow(_SIZE)
        size = row["size"] if row else 0
        change.record(
            "accept_restored_audit_log",
            Subject("audit-log"),
            sealed=size,
            lost=lost.size,
            lost_root=lost.root.hex(),
        )
    # After the commit: if this fails, a second run does it, and is on record too.
    path = await asyncio.to_thread(kept_checkpoint.put_aside, lost.size)
    return (
        f"the audit trail is sealed on after {size} records;"
        f" the checkpoint of {lost.size} that is lost: {path}"
    )


async def _accept(service: str) -> int:
    settings = ServiceSettings()
    if settings.audit_checkpoint_file is None or settings.audit_key is None:
        sys.stderr.write("AUDIT_CHECKPOINT_FILE and AUDIT_KEY are not both set\n")
        return 1
    key, earlier = keys_of(settings, service)
    kept_checkpoint = KeptCheckpoint(
        settings.audit_checkpoint_file, [key.verifier, *earlier]
    )
    database = Database(settings, service)
    try:
        report = await accept(database, kept_checkpoint)
    finally:
        await database.close()
    sys.stdout.write(f"{report}\n")
    return 0


def main(arguments: Sequence[str]) -> int:
    """0 when it is done, or nothing was to be done."""
    if len(arguments) != 1:
        sys.stderr.write("python -m services.chassis.audit_accepting SERVICE\n")
        return 1
    return asyncio.run(_accept(arguments[0]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
