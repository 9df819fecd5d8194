"""create calendar_entries: what each calendar feed has shown of a task."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        # Of no county: a feed is its owner's, who may reach several.
        "calendar_entries",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"],
            ["casework.calendar_feeds.id"],
            name=op.f("fk_calendar_entries_feed_id"),
        ),
        sa.PrimaryKeyConstraint("feed_id", "task", name=op.f("pk_calendar_entries")),
        schema="casework",
    )
    op.create_index(
        "ix_calendar_feeds_subject",
        "calendar_feeds",
        ["subject", "created_at", "id"],
        schema="casework",
    )


def downgrade() -> None:
    op.drop_index(
        "ix_calendar_feeds_subject", table_name="calendar_feeds", schema="casework"
    )
    op.drop_table("calendar_entries", schema="casework")
