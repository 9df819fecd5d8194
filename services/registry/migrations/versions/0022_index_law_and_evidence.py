"""add the indexes of what refers to the law, and of the evidence of steps."""

from alembic import op

revision = "0022"
down_revision = "0021"

SCHEMA = "registry"
INDEXES = (
    ("institution_functions", "legal_act_id"),
    ("support_services", "ordered_by_institution_id"),
    ("process_run_steps", "document_version_id"),
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for table, column in INDEXES:
            _drop(table, column)  # half made
            op.create_index(
                f"ix_{table}_{column}",
                table,
                [column],
                schema=SCHEMA,
                postgresql_concurrently=True,
                if_not_exists=True,
            )
        op.execute("SET lock_timeout = '2s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for table, column in INDEXES:
            _drop(table, column)
        op.execute("SET lock_timeout = '2s'")


def _drop(table: str, column: str) -> None:
    op.drop_index(
        f"ix_{table}_{column}",
        table,
        schema=SCHEMA,
        postgresql_concurrently=True,
        if_exists=True,
    )
