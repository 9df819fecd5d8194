"""create feed tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "feed_positions",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), server_default=sa.text("'0'"), nullable=False),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="failed ones at the next event",
        ),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_feed_positions")),
        schema="casework",
    )
    op.create_table(
        "feed_receipts",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "event_id", name=op.f("pk_feed_receipts")),
        schema="casework",
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "position", sa.BigInteger(), sa.Identity(always=True), nullable=False
        ),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("event", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trace_id", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("replayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
        schema="casework",
    )
    op.create_index(
        "ix_dead_letters_created_at",
        "dead_letters",
        ["created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_dead_letters_waiting",
        "dead_letters",
        ["feed", "subject", "position"],
        unique=False,
        schema="casework",
        postgresql_where=sa.text("replayed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_dead_letters_waiting",
        table_name="dead_letters",
        schema="casework",
        postgresql_where=sa.text("replayed_at IS NULL"),
    )
    op.drop_index(
        "ix_dead_letters_created_at", table_name="dead_letters", schema="casework"
    )
    op.drop_table("dead_letters", schema="casework")
    op.drop_table("feed_receipts", schema="casework")
    op.drop_table("feed_positions", schema="casework")
