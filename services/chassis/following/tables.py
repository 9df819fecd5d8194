"""The tables of a service that follows the feeds of others."""

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

from services.chassis.data.tables import instant


def _dead_letters_table(metadata: MetaData) -> Table:
    """Events of others that could not be carried out, in order of putting aside."""
    return Table(
        "dead_letters",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=func.uuidv7()),
        Column("position", BigInteger, Identity(always=True), nullable=False),
        Column("feed", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("event", JSONB, nullable=False),
        Column("problem", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("trace_id", Text, nullable=False),
        instant("created_at"),
        Column("replayed_at", DateTime(timezone=True)),
        Index(
            "ix_dead_letters_waiting",
            "feed",
            "subject",
            "position",
            postgresql_where=text("replayed_at IS NULL"),
        ),
        Index("ix_dead_letters_created_at", "created_at", "id"),
    )


def feed_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """How far feeds were followed, which events took effect, which are put aside."""
    positions = Table(
        "feed_positions",
        metadata,
        Column("feed", Text, primary_key=True),
        Column("cursor", Text, nullable=False, server_default=text("'0'")),
        Column(
            "attempts",
            Integer,
            nullable=False,
            server_default=text("0"),
            comment="failed ones at the next event",
        ),
    )
    # Kept for ever: a feed that is read again from its start skips these events.
    receipts = Table(
        "feed_receipts",
        metadata,
        Column("feed", Text, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
    )
    return positions, receipts, _dead_letters_table(metadata)


FEED_POSITIONS, FEED_RECEIPTS, DEAD_LETTERS = feed_tables(MetaData())
