"""The transactional outbox: events inserted by their change, numbered after commit.

Readers go by the number, so no transaction that commits late is skipped. Two changes of
one subject keep their order: whoever sees the later one committed sees the earlier one
too, and numbers follow the insertion.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.data.database import Database
from services.chassis.data.work import Change

_NUMBERING_LOCK = 7_305_801

_PENDING = text("SELECT EXISTS (SELECT FROM events WHERE sequence IS NULL)")
# By schema: the services share one database, and its advisory locks.
_LOCK = text("SELECT pg_advisory_xact_lock(:name, hashtext(current_schema()))")
_NUMBER = text("""
WITH last AS (SELECT coalesce(max(sequence), 0) AS number FROM events),
     pending AS (SELECT position, row_number() OVER (ORDER BY position) AS place FROM events WHERE sequence IS NULL)
UPDATE events SET sequence = last.number + pending.place FROM last, pending WHERE events.position = pending.position
""")


def event_table(metadata: MetaData) -> Table:
    """The outbox."""
    return Table(
        "events",
        metadata,
        Column("position", BigInteger, Identity(always=True), primary_key=True),
        Column(
            "sequence",
            BigInteger,
            unique=True,
            comment="given after commit, without gaps; NULL until then",
        ),
        Column("id", Uuid, nullable=False, server_default=func.uuidv7()),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("subject_version", Integer, nullable=False),
        Column("county_terc", Text),
        Column("data", JSONB, nullable=False),
        Column("trace_id", Text, nullable=False),
        Column(
            "occurred_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=func.clock_timestamp(),
        ),
        Index(
            "ix_events_unsequenced",
            "position",
            postgresql_where=text("sequence IS NULL"),
        ),
    )


EVENTS = event_table(MetaData())
"""As the service's own connections see it."""


async def number_events(database: Database) -> None:
    """Give each committed event its number; one transaction at a time does so."""
    # Most readers find nothing to number: looking alone needs no transaction.
    async with database.reading() as reading:
        if not await reading.scalar(_PENDING):
            return
    async with database.change() as change:
        await number_within(change)


async def number_within(change: Change) -> None:
    """Number them in an open transaction; nobody else numbers until it ends."""
    # Looked for without the lock first: another process may have numbered them.
    if await change.scalar(_PENDING):
        await change.execute(_LOCK, {"name": _NUMBERING_LOCK})
        await change.execute(_NUMBER)
