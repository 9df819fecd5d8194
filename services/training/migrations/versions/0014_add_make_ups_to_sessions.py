"""add make-ups to sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column(
        "sessions",
        sa.Column("makes_up_for_id", sa.Uuid(), nullable=True),
        schema="training",
    )
    op.create_foreign_key(
        op.f("fk_sessions_makes_up_for_id"),
        "sessions",
        "sessions",
        ["makes_up_for_id"],
        ["id"],
        source_schema="training",
        referent_schema="training",
    )
    op.create_check_constraint(
        op.f("ck_sessions_makes_up_for_id"),
        "sessions",
        "makes_up_for_id IS NULL OR (group_id IS NOT NULL AND makes_up_for_id <> id)",
        schema="training",
    )
    op.create_index(
        "ix_sessions_makes_up_for_id",
        "sessions",
        ["makes_up_for_id"],
        unique=False,
        schema="training",
    )


def downgrade() -> None:
    op.drop_index(
        "ix_sessions_makes_up_for_id", table_name="sessions", schema="training"
    )
    op.drop_constraint(
        op.f("ck_sessions_makes_up_for_id"),
        "sessions",
        schema="training",
        type_="check",
    )
    op.drop_constraint(
        "fk_sessions_makes_up_for_id", "sessions", schema="training", type_="foreignkey"
    )
    op.drop_column("sessions", "makes_up_for_id", schema="training")
