"""validate what refers to the law."""

from alembic import op

revision = "0019"
down_revision = "0018"

CONSTRAINTS = (
    ("institution_functions", "fk_institution_functions_legal_act_id"),
    ("support_services", "fk_support_services_ordered_by_institution_id"),
    ("support_services", "ck_support_services_ordered"),
)


def upgrade() -> None:
    for table, constraint in CONSTRAINTS:
        op.execute(f"ALTER TABLE registry.{table} VALIDATE CONSTRAINT {constraint}")


def downgrade() -> None:
    """What is validated stays so."""
