"""create monitoring reports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
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
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        # The address of a feed is its password: only a digest of it is kept.
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        schema="casework",
    )
    op.create_index(
        "uq_calendar_feeds_digest",
        "calendar_feeds",
        ["digest"],
        unique=True,
        schema="casework",
    )
    op.create_table(
        # Without row-level security: reports are counts, and the programme
        # reads them all.
        "monitoring_reports",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("returning_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'accepted', 'returned')",
            name=op.f("ck_monitoring_reports_state"),
        ),
        sa.CheckConstraint(
            "starts_on <= ends_on", name=op.f("ck_monitoring_reports_ends_on")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitoring_reports")),
        schema="casework",
    )
    op.create_index(
        "uq_monitoring_reports_period_of_county",
        "monitoring_reports",
        ["county_terc", "starts_on", "ends_on"],
        unique=True,
        schema="casework",
    )


def downgrade() -> None:
    op.drop_index(
        "uq_monitoring_reports_period_of_county",
        table_name="monitoring_reports",
        schema="casework",
    )
    op.drop_table("monitoring_reports", schema="casework")
    op.drop_index(
        "uq_calendar_feeds_digest", table_name="calendar_feeds", schema="casework"
    )
    op.drop_table("calendar_feeds", schema="casework")
