"""create place_releases."""

import sqlalchemy as sa
from alembic import op

from services.chassis.trust.access import row_level_security

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "place_releases",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("support_service_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("given_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_place_releases")),
        schema="casework",
    )
    op.create_index(
        "ix_place_releases_due_at",
        "place_releases",
        ["due_at"],
        unique=False,
        schema="casework",
    )
    for statement in row_level_security("casework.place_releases"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "ix_place_releases_due_at", table_name="place_releases", schema="casework"
    )
    op.drop_table("place_releases", schema="casework")
