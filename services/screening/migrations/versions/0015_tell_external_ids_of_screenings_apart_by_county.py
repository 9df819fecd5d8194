"""tell the external ids of screenings apart by county, so that nobody learns what another county has."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

BEFORE, AFTER, TABLE = (
    "uq_screenings_external_id",
    "uq_screenings_external_id_in_county",
    "screenings",
)


def upgrade() -> None:
    _replace(BEFORE, AFTER, ["source", "external_id", "county_terc"])


def downgrade() -> None:
    _replace(AFTER, BEFORE, ["source", "external_id"])


def _replace(old: str, new: str, columns: list[str]) -> None:
    with (
        op.get_context().autocommit_block()
    ):  # nobody waits while it is made; it waits for whoever is at work
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            new, TABLE, schema="screening", postgresql_concurrently=True, if_exists=True
        )  # half made
        op.create_index(
            new,
            TABLE,
            columns,
            unique=True,
            schema="screening",
            postgresql_where=sa.text("external_id IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.drop_index(
            old, TABLE, schema="screening", postgresql_concurrently=True, if_exists=True
        )
        op.execute("SET lock_timeout = '2s'")
