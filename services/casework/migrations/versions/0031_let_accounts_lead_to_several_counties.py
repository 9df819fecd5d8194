"""let accounts lead to several counties: to one record of a person in each."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

BEFORE, AFTER, TABLE = (
    "uq_accounts_subject",
    "uq_accounts_subject_in_county",
    "accounts",
)


def upgrade() -> None:
    _replace(BEFORE, AFTER, ["subject", "county_terc"])


def downgrade() -> None:
    _replace(AFTER, BEFORE, ["subject"])


def _replace(old: str, new: str, columns: list[str]) -> None:
    # Nobody waits while it is made; it waits for whoever is at work.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        _drop(new)  # half made
        op.create_index(
            new,
            TABLE,
            columns,
            unique=True,
            schema="casework",
            postgresql_where=sa.text("ended_at IS NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        _drop(old)
        op.execute("SET lock_timeout = '2s'")


def _drop(name: str) -> None:
    op.drop_index(
        name,
        TABLE,
        schema="casework",
        postgresql_concurrently=True,
        if_exists=True,
    )
