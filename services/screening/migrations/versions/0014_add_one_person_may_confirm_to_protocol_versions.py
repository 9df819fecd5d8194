"""add one_person_may_confirm to protocol_versions."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    may = sa.Column(
        "one_person_may_confirm",
        sa.Boolean(),
        server_default=sa.text("false"),
        nullable=False,
    )
    op.add_column("protocol_versions", may, schema="screening")


def downgrade() -> None:
    op.drop_column("protocol_versions", "one_person_may_confirm", schema="screening")
