"""let accounts lead to several counties: to one record of a person in each."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

RUNNING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "uq_accounts_subject_in_county",
        "accounts",
        ["subject", "county_terc"],
        unique=True,
        schema="casework",
        postgresql_where=RUNNING,
    )
    op.drop_index("uq_accounts_subject", table_name="accounts", schema="casework")


def downgrade() -> None:
    op.create_index(
        "uq_accounts_subject",
        "accounts",
        ["subject"],
        unique=True,
        schema="casework",
        postgresql_where=RUNNING,
    )
    op.drop_index(
        "uq_accounts_subject_in_county", table_name="accounts", schema="casework"
    )
