"""add pregnancy_ended_on to people."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column(
        "people",
        sa.Column("pregnancy_ended_on", sa.Date(), nullable=True),
        schema="casework",
    )
    # Only while a child is expected: a birth and an ended pregnancy exclude each other.
    op.create_check_constraint(
        op.f("ck_people_pregnancy_ended_on"),
        "people",
        "pregnancy_ended_on IS NULL OR kind = 'expected'",
        schema="casework",
    )


def downgrade() -> None:
    op.drop_constraint("ck_people_pregnancy_ended_on", "people", schema="casework")
    op.drop_column("people", "pregnancy_ended_on", schema="casework")
