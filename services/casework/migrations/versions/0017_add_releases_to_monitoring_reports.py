"""add releases to monitoring reports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

ADDED = (
    sa.Column(
        "released",
        postgresql.JSONB(astext_type=sa.Text()),
        server_default=sa.text("'{}'"),
        nullable=False,
    ),
    sa.Column("submitted_by", sa.Text(), nullable=True),
    sa.Column("is_late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
)


def upgrade() -> None:
    for column in ADDED:
        op.add_column("monitoring_reports", column, schema="casework")


def downgrade() -> None:
    for column in ADDED:
        op.drop_column("monitoring_reports", column.name, schema="casework")
