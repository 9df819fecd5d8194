"""validate the evidence of steps."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE registry.process_run_steps"
        " VALIDATE CONSTRAINT fk_process_run_steps_document_version_id"
    )


def downgrade() -> None:
    """What is validated stays so."""
