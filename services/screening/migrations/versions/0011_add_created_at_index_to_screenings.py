"""add the order of lists over several counties to screenings."""

from alembic import op

revision = "0011"
down_revision = "0010"

INDEX, TABLE = "ix_screenings_created_at", "screenings"


def upgrade() -> None:
    with (
        op.get_context().autocommit_block()
    ):  # nobody waits while it is made; it waits for whoever is at work
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            INDEX,
            TABLE,
            schema="screening",
            postgresql_concurrently=True,
            if_exists=True,
        )  # half made
        op.create_index(
            INDEX,
            TABLE,
            ["created_at", "id"],
            schema="screening",
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.execute("SET lock_timeout = '2s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(
            INDEX,
            TABLE,
            schema="screening",
            postgresql_concurrently=True,
            if_exists=True,
        )
