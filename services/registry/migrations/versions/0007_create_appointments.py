"""create appointments."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "appointments",
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
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=True),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.Column("held_to", sa.Date(), nullable=True),
        sa.Column("ending_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "held_to IS NULL OR held_from <= held_to",
            name=op.f("ck_appointments_held_to"),
        ),
        sa.CheckConstraint(
            "role <> 'animator' OR contract = 'employment'",
            name=op.f("ck_appointments_contract"),
        ),
        sa.CheckConstraint(
            "role <> 'coordinating_institution_coordinator' OR institution_id IS NOT NULL",
            name=op.f("ck_appointments_institution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["registry.institutions.id"],
            name=op.f("fk_appointments_institution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["registry.sites.id"], name=op.f("fk_appointments_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        schema="registry",
    )
    op.create_index(
        "ix_appointments_site_id",
        "appointments",
        ["site_id", "role", "held_from"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_appointments_county_terc",
        "appointments",
        ["county_terc", "role"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_appointments_institution_id",
        "appointments",
        ["institution_id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_appointments_subject",
        "appointments",
        ["subject"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_appointments_held_from",
        "appointments",
        ["held_from", "id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "uq_appointments_open_coordinator",
        "appointments",
        ["site_id"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text(
            "held_to IS NULL AND role = 'cross_sector_support_coordinator'"
        ),
    )


def downgrade() -> None:
    op.drop_table("appointments", schema="registry")
