"""create webhooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column(
            "rights",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="what the owner's token said when it was last presented here",
        ),
        sa.Column(
            "rights_until",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column(
            "types",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="empty: every type",
        ),
        sa.Column(
            "state", sa.Text(), server_default=sa.text("'active'"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it is disabled"),
        sa.Column("secret", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("earlier_secret", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("earlier_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "passed", sa.BigInteger(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("told", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "attempts", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "lease", sa.Uuid(), nullable=True, comment="of whoever is sending now"
        ),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        schema="training",
    )
    op.create_index(
        "ix_webhooks_created_at",
        "webhooks",
        ["created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_webhooks_owner",
        "webhooks",
        ["owner", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column(
            "number",
            sa.BigInteger(),
            nullable=True,
            comment="of the event in the outbox",
        ),
        sa.Column(
            "place",
            sa.BigInteger(),
            nullable=True,
            comment="what the receiver sees as `sequence`",
        ),
        sa.Column(
            "state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False
        ),
        sa.Column(
            "attempts", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("status", sa.Integer(), nullable=True, comment="of the last answer"),
        sa.Column("fault", sa.Text(), nullable=True, comment="of the last attempt"),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["training.webhooks.id"],
            name=op.f("fk_webhook_deliveries_webhook_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        schema="training",
    )
    op.create_index(
        "ix_webhook_deliveries_waiting",
        "webhook_deliveries",
        ["webhook_id", "id"],
        unique=False,
        schema="training",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_webhook_deliveries_webhook_id",
        "webhook_deliveries",
        ["webhook_id", "created_at", "id"],
        unique=False,
        schema="training",
    )


def downgrade() -> None:
    op.drop_table("webhook_deliveries", schema="training")
    op.drop_table("webhooks", schema="training")
