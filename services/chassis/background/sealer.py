"""Sealing the audit log: records are numbered, and a checkpoint of them is signed."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.chassis.background.kept_checkpoints import KeptCheckpoint
from services.chassis.data.audit_log import record_json
from services.chassis.data.database import Database
from services.chassis.data.work import Change
from services.chassis.trails.checkpoints import (
    CheckpointRefused,
    SigningKey,
    VerifierKey,
    opened,
)
from services.chassis.trails.merkle import Tree

# A backlog may be long: this many records are held in memory at a time.
SEALED_AT_ONCE = 2_000
# The locks of a database share their numbers: …801 numbers events, …802 migrates.
_LOCK = 7_305_803
_LARGEST = 2**63 - 1
# The first look reads the whole trail: more than the usual statement_timeout allows.
_BEGIN = """
SELECT pg_try_advisory_xact_lock($1, hashtext(current_schema())) AS is_mine,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next,
       left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline,
       clock_timestamp() AS now, set_config('statement_timeout', '15min', true)
"""
_LAST = "SELECT size, peaks, checkpoint FROM audit_seals ORDER BY size DESC LIMIT 1"
_ADD_LEAVES = f"""
WITH records AS MATERIALIZED (
    SELECT * FROM audit_records AS records
    WHERE (xid, id) > ($1, $2) AND xid < $3
          AND NOT EXISTS (SELECT FROM audit_leaves WHERE audit_id = records.id)
    ORDER BY xid, id LIMIT $4
), leaves AS (
    INSERT INTO audit_leaves (sequence, audit_id, sealed_at, leaf_hash)
    SELECT $5 + row_number() OVER (ORDER BY xid, id), id, $6,
           sha256('\\x00'::bytea || convert_to({record_json("$6::timestamptz")}, 'UTF8'))
    FROM records RETURNING sequence, audit_id, leaf_hash)
SELECT leaf_hash, xid, id FROM leaves JOIN records ON id = audit_id ORDER BY sequence
"""  # noqa: S608 # made of constants
_ADD_SEAL = """
INSERT INTO audit_seals (size, previous, sealed_at, peaks, checkpoint)
VALUES ($1, $2, $3, $4, $5)
"""


class AuditLogBroken(Exception):
    """The log in the database is not the signed one: nothing more is signed."""


class _Place(NamedTuple):
    """How far records were read: a transaction, and a record of it."""

    xid: int
    id: int


_BEGINNING = _Place(0, 0)


class Sealer:
    """Numbers and signs the records of one service. Several may work side by side.

    Where to look for new records is remembered here, not in the database: a restored
    database, and a server that was promoted, count transactions anew.
    """

    def __init__(
        self,
        database: Database,
        key: SigningKey,
        earlier: Sequence[VerifierKey] = (),
        kept: KeptCheckpoint | None = None,
    ) -> None:
        """`earlier`: keys that signed checkpoints before this one; `kept`: the newest
        one, beside the database.
        """
        self._database, self._key, self._kept = database, key, kept
        self._trusted = [key.verifier, *earlier]
        self._after, self._size, self._timeline = _BEGINNING, 0, ""

    async def seal(self) -> None:
        """Seal all committed records, unless another does; raises AuditLogBroken."""
        # Reset until this look succeeds: after an error the next starts anew.
        after, self._after = self._after, _BEGINNING
        async with self._database.change() as change:
            moment = await change.fetchrow(_BEGIN, _LOCK)
            if moment is None or not moment["is_mine"]:
                self._after = after
                return
            if moment["timeline"] != self._timeline:
                after, self._timeline = _BEGINNING, moment["timeline"]
            tree = await self._last_tree(change)
            await self._require_kept(change)
            until = _LARGEST if after == _BEGINNING else moment["next"]
            note = await self._add(change, tree, moment["now"], after, until)
        self._size = tree.size
        if note and self._kept:
            await self._kept.keep(note)
        # Records not visible yet are of the oldest running transaction, or a later one.
        self._after = _Place(moment["oldest"], 0)

    async def _add(
        self, change: Change, tree: Tree, now: datetime, after: _Place, until: int
    ) -> str | None:
        """Number new records, sign once: a backlog in parts would look backdated.

        Returns the checkpoint; None where nothing is new.
        """
        previous = tree.size
        place: _Place | None = after
        while place is not None:
            limits = (*place, until, SEALED_AT_ONCE)
            leaves = await change.fetch(_ADD_LEAVES, *limits, tree.size, now)
            tree.extend(row["leaf_hash"] for row in leaves)
            more = len(leaves) == SEALED_AT_ONCE
            place = _Place(leaves[-1]["xid"], leaves[-1]["id"]) if more else None
        if tree.size == previous:
            return None
        checkpoint = self._key.checkpoint(tree.size, tree.root())
        seal = (tree.size, previous, now, tree.peaks, checkpoint)
        await change.run(_ADD_SEAL, *seal)
        return checkpoint

    async def _require_kept(self, change: Change) -> None:
        """AuditLogBroken unless the database has the checkpoint kept beside it."""
        try:
            missing = self._kept and await self._kept.missing(change)
        except CheckpointRefused:
            raise AuditLogBroken("forged") from None
        if missing:
            raise AuditLogBroken("rolled_back")

    async def _last_tree(self, change: Change) -> Tree:
        """The tree of the last checkpoint, if it is ours and the newest known."""
        last = await change.fetchrow(_LAST)
        # Shorter than what this process has signed: restored, or cut off.
        if (last["size"] if last else 0) < self._size:
            raise AuditLogBroken("rolled_back")
        if last is None:
            return Tree()
        try:
            tree = Tree(last["size"], last["peaks"])
            checkpoint = opened(last["checkpoint"], self._trusted)
        except ValueError:
            raise AuditLogBroken("forged") from None
        if (checkpoint.size, checkpoint.root) != (tree.size, tree.root()):
            raise AuditLogBroken("forged")
        return tree
