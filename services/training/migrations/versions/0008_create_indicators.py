"""create indicators."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "indicators",
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
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("target_female", sa.Integer(), nullable=True),
        sa.Column("target_male", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('output', 'result')", name=op.f("ck_indicators_kind")
        ),
        sa.CheckConstraint(
            "measure IN ('supported_staff', 'raised_competences', 'advised_authorities', 'recorded')",
            name=op.f("ck_indicators_measure"),
        ),
        sa.CheckConstraint(
            "(target_female IS NULL) = (target_male IS NULL) AND target_female + target_male = target",
            name=op.f("ck_indicators_target_by_sex"),
        ),
        sa.CheckConstraint("target > 0", name=op.f("ck_indicators_target")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_indicators_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        schema="training",
    )
    op.create_index(
        "ix_indicators_changed_at",
        "indicators",
        ["changed_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_indicators_code",
        "indicators",
        ["programme_id", "code"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "indicator_values",
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
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("female", sa.Integer(), nullable=True),
        sa.Column("male", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(female IS NULL) = (male IS NULL) AND female + male = total",
            name=op.f("ck_indicator_values_by_sex"),
        ),
        sa.CheckConstraint("total >= 0", name=op.f("ck_indicator_values_total")),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["training.indicators.id"],
            name=op.f("fk_indicator_values_indicator_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_values")),
        schema="training",
    )
    op.create_index(
        "uq_indicator_values_as_of",
        "indicator_values",
        ["indicator_id", "as_of"],
        unique=True,
        schema="training",
    )


def downgrade() -> None:
    op.drop_index(
        "uq_indicator_values_as_of", table_name="indicator_values", schema="training"
    )
    op.drop_table("indicator_values", schema="training")
    op.drop_index("uq_indicators_code", table_name="indicators", schema="training")
    op.drop_index(
        "ix_indicators_changed_at", table_name="indicators", schema="training"
    )
    op.drop_table("indicators", schema="training")
