"""sort names as in Polish."""

import sqlalchemy as sa
from alembic import op

from services.chassis.web.polish import polish_index, polish_key_statement

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.execute(polish_key_statement("screening"))
    # Nobody waits while these are made; they wait for whoever is at work.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        studies = [sa.text(polish_index("screening", "name")), "id"]
        _make("ix_studies_in_order", "studies", studies)
        _drop("ix_studies_name", "studies")
        campaigns = [sa.text(polish_index("screening", "name_pl")), "id"]
        _make("ix_campaigns_in_order", "campaigns", campaigns)
        op.execute("SET lock_timeout = '2s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        _drop("ix_campaigns_in_order", "campaigns")
        _make("ix_studies_name", "studies", ["name", "id"])
        _drop("ix_studies_in_order", "studies")
        op.execute("SET lock_timeout = '2s'")
    op.execute("DROP FUNCTION screening.polish_key(text)")


def _make(name: str, table: str, columns: list[str | sa.TextClause]) -> None:
    _drop(name, table)  # half made
    op.create_index(
        name,
        table,
        columns,
        schema="screening",
        postgresql_concurrently=True,
        if_not_exists=True,
    )


def _drop(name: str, table: str) -> None:
    op.drop_index(
        name,
        table,
        schema="screening",
        postgresql_concurrently=True,
        if_exists=True,
    )
