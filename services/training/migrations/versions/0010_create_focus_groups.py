"""create focus groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "focus_groups",
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
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column(
            "participants", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.Column(
            "is_told", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("findings_pl", sa.Text(), nullable=True),
        sa.Column("findings_en", sa.Text(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)",
            name=op.f("ck_focus_groups_cancel_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'reported') = (findings_pl IS NOT NULL) AND (findings_pl IS NULL) = (findings_en IS NULL)",
            name=op.f("ck_focus_groups_findings"),
        ),
        sa.CheckConstraint(
            "(state IN ('held', 'reported')) = (held_on IS NOT NULL)",
            name=op.f("ck_focus_groups_held_on"),
        ),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_focus_groups_county_terc")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'reported', 'cancelled')",
            name=op.f("ck_focus_groups_state"),
        ),
        sa.CheckConstraint("stage IN (1, 2)", name=op.f("ck_focus_groups_stage")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_focus_groups_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focus_groups")),
        schema="training",
    )
    op.create_index(
        "ix_focus_groups_county_terc",
        "focus_groups",
        ["county_terc", "programme_id", "stage"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_focus_groups_planned_on",
        "focus_groups",
        ["planned_on", "id"],
        unique=False,
        schema="training",
    )


def downgrade() -> None:
    op.drop_index(
        "ix_focus_groups_planned_on", table_name="focus_groups", schema="training"
    )
    op.drop_index(
        "ix_focus_groups_county_terc", table_name="focus_groups", schema="training"
    )
    op.drop_table("focus_groups", schema="training")
