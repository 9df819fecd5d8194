"""create reservations."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "reservations",
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
        sa.Column("support_service_id", sa.Uuid(), nullable=False),
        sa.Column("referral_reference", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reserved_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'released') = (released_at IS NOT NULL)",
            name=op.f("ck_reservations_released_at"),
        ),
        sa.CheckConstraint(
            "state <> 'taken' OR taken_at IS NOT NULL",
            name=op.f("ck_reservations_taken_at"),
        ),
        sa.CheckConstraint(
            "state IN ('reserved', 'taken', 'released', 'expired')",
            name=op.f("ck_reservations_state"),
        ),
        sa.ForeignKeyConstraint(
            ["support_service_id"],
            ["registry.support_services.id"],
            name=op.f("fk_reservations_support_service_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        schema="registry",
    )
    op.create_index(
        "ix_reservations_expires_at",
        "reservations",
        ["support_service_id", "state", "expires_at"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_reservations_support_service_id",
        "reservations",
        ["support_service_id", "created_at", "id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "uq_reservations_held",
        "reservations",
        ["support_service_id", "referral_reference"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text("state IN ('reserved', 'taken')"),
    )


def downgrade() -> None:
    op.drop_table("reservations", schema="registry")
