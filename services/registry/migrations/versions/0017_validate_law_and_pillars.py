"""validate the references of 0021, and index them."""

from alembic import op

revision = "0017"
down_revision = "0016"

SCHEMA = "registry"
CONSTRAINTS = (
    ("institution_functions", "fk_institution_functions_legal_act_id"),
    ("support_services", "fk_support_services_ordered_by_institution_id"),
    ("support_services", "ck_support_services_ordered"),
)
INDEXES = (
    ("institution_functions", "legal_act_id"),
    ("support_services", "ordered_by_institution_id"),
)


def upgrade() -> None:
    for table, constraint in CONSTRAINTS:
        op.execute(f"ALTER TABLE registry.{table} VALIDATE CONSTRAINT {constraint}")
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
