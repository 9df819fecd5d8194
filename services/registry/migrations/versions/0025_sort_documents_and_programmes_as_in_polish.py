"""sort documents and programmes as in Polish."""

import sqlalchemy as sa
from alembic import op

from services.chassis.web.polish import polish_index

revision = "0025"
down_revision = "0024"

BY_NAME = {"documents": "title", "local_programmes": "name"}


def upgrade() -> None:
    # Nobody waits while these are made; they wait for whoever is at work.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for table, words in BY_NAME.items():
            in_order = sa.text(polish_index("registry", words))
            _make(f"ix_{table}_in_order", table, [in_order, "id"])
            _drop(f"ix_{table}_{words}", table)
        op.execute("SET lock_timeout = '2s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for table, words in BY_NAME.items():
            _make(f"ix_{table}_{words}", table, [words, "id"])
            _drop(f"ix_{table}_in_order", table)
        op.execute("SET lock_timeout = '2s'")


def _make(name: str, table: str, columns: list[str | sa.TextClause]) -> None:
    _drop(name, table)  # half made
    op.create_index(
        name,
        table,
        columns,
        schema="registry",
        postgresql_concurrently=True,
        if_not_exists=True,
    )


def _drop(name: str, table: str) -> None:
    op.drop_index(
        name,
        table,
        schema="registry",
        postgresql_concurrently=True,
        if_exists=True,
    )
