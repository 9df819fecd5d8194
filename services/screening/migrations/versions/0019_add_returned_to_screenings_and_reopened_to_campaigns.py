"""add who sent a screening back, and why a campaign was reopened."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

SCHEMA = "screening"


def upgrade() -> None:
    for name, type_ in (
        ("returned_by", sa.Text()),
        ("returned_at", sa.DateTime(timezone=True)),
        ("returning_reason", sa.Text()),
    ):
        op.add_column(
            "screenings", sa.Column(name, type_, nullable=True), schema=SCHEMA
        )
    reopened_at = sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("campaigns", reopened_at, schema=SCHEMA)
    reason = sa.Column("reopening_reason", sa.Text(), nullable=True)
    op.add_column("campaigns", reason, schema=SCHEMA)


def downgrade() -> None:
    for name in ("reopening_reason", "reopened_at"):
        op.drop_column("campaigns", name, schema=SCHEMA)
    for name in ("returning_reason", "returned_at", "returned_by"):
        op.drop_column("screenings", name, schema=SCHEMA)
