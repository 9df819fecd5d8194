"""add copied_from_id to consents."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    # What held for an expected child holds for each twin, and the copy says of which.
    op.add_column(
        "consents",
        sa.Column("copied_from_id", sa.Uuid(), nullable=True),
        schema="casework",
    )
    op.create_foreign_key(
        op.f("fk_consents_copied_from_id"),
        "consents",
        "consents",
        ["copied_from_id"],
        ["id"],
        source_schema="casework",
        referent_schema="casework",
    )


def downgrade() -> None:
    op.drop_constraint("fk_consents_copied_from_id", "consents", schema="casework")
    op.drop_column("consents", "copied_from_id", schema="casework")
