"""Receivers of events, and the deliveries to them."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB


def _at(name: str, *, optional: bool = False) -> Column[object]:
    default = None if optional else func.now()
    return Column(
        name, DateTime(timezone=True), nullable=optional, server_default=default
    )


def _count(name: str, kind: type[Integer] = Integer, first: int = 0) -> Column[int]:
    return Column(name, kind, nullable=False, server_default=text(str(first)))


def webhook_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Webhooks of one service, and their deliveries."""
    webhooks = Table(
        "webhooks",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=func.uuidv7()),
        _count("version", first=1),
        _at("created_at"),
        _at("changed_at"),
        Column("owner", Text, nullable=False),
        Column(
            "rights",
            JSONB,
            nullable=False,
            comment="what the owner's token said when it was last presented here",
        ),
        _at("rights_until"),
        Column("url", Text, nullable=False),
        Column("types", ARRAY(Text), nullable=False, comment="empty: every type"),
        Column("state", Text, nullable=False, server_default=text("'active'")),
        Column("reason", Text, comment="why it is disabled"),
        Column("secret", LargeBinary, nullable=False, comment="sealed"),
        Column("earlier_secret", LargeBinary, comment="sealed"),
        _at("earlier_secret_until", optional=True),
        _count("passed", BigInteger),
        _count("told", BigInteger),
        _count("attempts"),
        _at("failing_since", optional=True),
        _at("next_attempt_at"),
        Column("lease", Uuid, comment="of whoever is sending now"),
        _at("leased_until", optional=True),
        Index("ix_webhooks_owner", "owner", "created_at", "id"),
        Index("ix_webhooks_created_at", "created_at", "id"),
    )
    return webhooks, _deliveries_table(metadata, webhooks)


def _deliveries_table(metadata: MetaData, webhooks: Table) -> Table:
    return Table(
        "webhook_deliveries",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=func.uuidv7()),
        _count("version", first=1),
        _at("created_at"),
        Column("webhook_id", Uuid, ForeignKey(webhooks.c.id), nullable=False),
        Column("kind", Text, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("number", BigInteger, comment="of the event in the outbox"),
        Column("place", BigInteger, comment="what the receiver sees as `sequence`"),
        Column("state", Text, nullable=False, server_default=text("'waiting'")),
        _count("attempts"),
        Column("status", Integer, comment="of the last answer"),
        Column("fault", Text, comment="of the last attempt"),
        _at("attempted_at", optional=True),
        _at("delivered_at", optional=True),
        _at("leased_until", optional=True),
        Index("ix_webhook_deliveries_webhook_id", "webhook_id", "created_at", "id"),
        # Senders look for these again and again.
        Index(
            "ix_webhook_deliveries_waiting",
            "webhook_id",
            "id",
            postgresql_where=text("state = 'waiting'"),
        ),
    )


WEBHOOKS, DELIVERIES = webhook_tables(MetaData())
"""As the service's own connections see them."""
