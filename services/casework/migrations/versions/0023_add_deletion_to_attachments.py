"""add deletion to attachments: when, by whom and why a file was deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for column in (
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.Column("deletion_reason", sa.Text(), nullable=True),
    ):
        op.add_column("attachments", column, schema="casework")
    op.create_check_constraint(
        op.f("ck_attachments_deleted_by"),
        "attachments",
        "(deleted_at IS NULL) = (deleted_by IS NULL)",
        schema="casework",
    )
    op.create_check_constraint(
        op.f("ck_attachments_content"),
        "attachments",
        "deleted_at IS NULL OR content = ''",
        schema="casework",
    )


def downgrade() -> None:
    for name in ("content", "deleted_by"):
        op.drop_constraint(
            op.f(f"ck_attachments_{name}"), "attachments", schema="casework"
        )
    for name in ("deletion_reason", "deleted_by", "deleted_at"):
        op.drop_column("attachments", name, schema="casework")
