"""add column_number and is_warning to job_problems."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

SCHEMA = "casework"


def upgrade() -> None:
    number = sa.Column("column_number", sa.Integer(), nullable=True)
    op.add_column("job_problems", number, schema=SCHEMA)
    # A constant: the rows that are there get it without being written again.
    is_warning = sa.Column(
        "is_warning", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("job_problems", is_warning, schema=SCHEMA)
