"""count a case that waits for another county as open: it may come back any day."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

BEFORE, AFTER, TABLE = "uq_cases_open_of_person", "uq_cases_pending_of_person", "cases"
OPEN = "closed_on IS NULL"


def upgrade() -> None:
    _replace(BEFORE, AFTER, f"{OPEN} OR state = 'transferred'")


def downgrade() -> None:
    _replace(AFTER, BEFORE, OPEN)


def _replace(old: str, new: str, condition: str) -> None:
    # Nobody waits while it is made; it waits for whoever is at work.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        _drop(new)  # half made
        op.create_index(
            new,
            TABLE,
            ["person_id"],
            unique=True,
            schema="casework",
            postgresql_where=sa.text(condition),
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
