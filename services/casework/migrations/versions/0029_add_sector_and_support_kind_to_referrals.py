"""add sector and support_kind to referrals."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

SCHEMA = "casework"
# Of referrals that were sent before, casework does not know what for.
COLUMNS = ("sector", "support_kind")


def upgrade() -> None:
    for name in COLUMNS:
        column = sa.Column(name, sa.Text(), nullable=True)
        op.add_column("referrals", column, schema=SCHEMA)


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("referrals", name, schema=SCHEMA)
