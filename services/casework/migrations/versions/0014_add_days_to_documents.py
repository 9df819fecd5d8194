"""add days to documents.

Of the application, the appeal, the programme and the assessments of functioning.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    days = ("applied_on", "appealed_on", "ipet_on")
    columns = [sa.Column(name, sa.Date(), nullable=True) for name in days]
    columns += [
        sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        for name in ("is_complex", "begins_with_school_year")
    ]
    columns.append(
        sa.Column(
            "wopfu_on",
            sa.ARRAY(sa.Date()),
            server_default=sa.text("'{}'"),
            nullable=False,
        )
    )
    for column in columns:
        op.add_column("documents", column, schema="casework")
    # What is only applied for has neither.
    for name in ("issued_on", "number"):
        op.alter_column("documents", name, nullable=True, schema="casework")
    op.create_check_constraint(
        op.f("ck_documents_issued_on"),
        "documents",
        "issued_on IS NOT NULL OR applied_on IS NOT NULL",
        schema="casework",
    )
    op.create_index("ix_documents_case_id", "documents", ["case_id"], schema="casework")


def downgrade() -> None:
    op.drop_index("ix_documents_case_id", table_name="documents", schema="casework")
    op.drop_constraint(op.f("ck_documents_issued_on"), "documents", schema="casework")
    # What was only applied for cannot be kept by the tables before.
    op.execute(
        "DELETE FROM casework.documents WHERE issued_on IS NULL OR number IS NULL"
    )
    for name in ("issued_on", "number"):
        op.alter_column("documents", name, nullable=False, schema="casework")
    for name in (
        "applied_on",
        "appealed_on",
        "ipet_on",
        "is_complex",
        "begins_with_school_year",
        "wopfu_on",
    ):
        op.drop_column("documents", name, schema="casework")
