"""create protocols."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "protocols",
        sa.Column("code", sa.Text(), nullable=False),
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
        sa.Column("name_pl", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "code ~ '^[A-Z][A-Z0-9_-]{1,39}$'", name=op.f("ck_protocols_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_protocols")),
        schema="screening",
    )
    op.create_table(
        "protocol_versions",
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
        sa.Column("protocol_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage_one", postgresql.JSONB(), nullable=False),
        sa.Column("selection", postgresql.JSONB(), nullable=True),
        sa.Column("stage_two", postgresql.JSONB(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retiring_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_protocol_versions_number")),
        sa.CheckConstraint(
            "(selection IS NULL) = (stage_two IS NULL)",
            name=op.f("ck_protocol_versions_stage_two"),
        ),
        sa.CheckConstraint(
            "(retired_at IS NULL) = (retiring_reason IS NULL)",
            name=op.f("ck_protocol_versions_retired_at"),
        ),
        sa.ForeignKeyConstraint(
            ["protocol_code"],
            ["screening.protocols.code"],
            name=op.f("fk_protocol_versions_protocol_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_versions")),
        sa.UniqueConstraint(
            "protocol_code",
            "number",
            name=op.f("uq_protocol_versions_protocol_code_number"),
        ),
        schema="screening",
    )


def downgrade() -> None:
    op.drop_table("protocol_versions", schema="screening")
    op.drop_table("protocols", schema="screening")
