"""add consent_recorded_by and consent_recorded_at to screenings."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column(
        "screenings",
        sa.Column("consent_recorded_by", sa.Text(), nullable=True),
        schema="screening",
    )
    op.add_column(
        "screenings",
        sa.Column("consent_recorded_at", sa.DateTime(timezone=True), nullable=True),
        schema="screening",
    )


def downgrade() -> None:
    op.drop_column("screenings", "consent_recorded_at", schema="screening")
    op.drop_column("screenings", "consent_recorded_by", schema="screening")
