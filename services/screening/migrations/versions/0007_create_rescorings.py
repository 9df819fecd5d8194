"""create rescorings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.trust.access import row_level_security

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "rescorings",
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
        sa.Column("instrument_code", sa.Text(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("norm_set_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("counties", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("considered", sa.Integer(), nullable=True),
        sa.Column("changing", sa.Integer(), nullable=True),
        sa.Column("applied", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('computing', 'computed', 'accepted', 'discarded')",
            name=op.f("ck_rescorings_state"),
        ),
        sa.CheckConstraint(
            "(state IN ('accepted', 'discarded')) = (decided_by IS NOT NULL)",
            name=op.f("ck_rescorings_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["norm_set_id"],
            ["screening.norm_sets.id"],
            name=op.f("fk_rescorings_norm_set_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescorings")),
        schema="screening",
    )
    op.create_index(
        "ix_rescorings_created_at",
        "rescorings",
        ["created_at", "id"],
        schema="screening",
    )
    op.create_index(
        op.f("ix_rescorings_norm_set_id"),
        "rescorings",
        ["norm_set_id"],
        schema="screening",
    )
    op.create_table(
        "rescoring_decisions",
        sa.Column("rescoring_id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("old_norm_set_id", sa.Uuid(), nullable=True),
        sa.Column("old_outcome", sa.Text(), nullable=True),
        sa.Column("new_outcome", sa.Text(), nullable=False),
        sa.Column("old_bands", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("new_bands", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_changing", sa.Boolean(), nullable=False),
        sa.Column(
            "new_result", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'",
            name=op.f("ck_rescoring_decisions_county_terc"),
        ),
        sa.ForeignKeyConstraint(
            ["rescoring_id"],
            ["screening.rescorings.id"],
            name=op.f("fk_rescoring_decisions_rescoring_id"),
        ),
        sa.ForeignKeyConstraint(
            ["screening_id"],
            ["screening.screenings.id"],
            name=op.f("fk_rescoring_decisions_screening_id"),
        ),
        sa.PrimaryKeyConstraint(
            "rescoring_id", "screening_id", name=op.f("pk_rescoring_decisions")
        ),
        schema="screening",
    )
    op.create_index(
        "ix_rescoring_decisions_screening_id",
        "rescoring_decisions",
        ["screening_id"],
        schema="screening",
    )
    op.create_index(
        "ix_rescoring_decisions_changing",
        "rescoring_decisions",
        ["rescoring_id", "screening_id"],
        schema="screening",
        postgresql_where=sa.text("is_changing"),
    )
    for statement in row_level_security("screening.rescoring_decisions"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("rescoring_decisions", schema="screening")
    op.drop_table("rescorings", schema="screening")
