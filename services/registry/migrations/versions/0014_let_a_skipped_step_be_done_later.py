"""let a skipped step be done later, and find the functions of a body."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

BEFORE, AFTER = "uq_process_run_steps_standing", "uq_process_run_steps_outcome"
RECORDS, FUNCTIONS = "process_run_steps", "institution_functions"
STANDING = sa.text("taken_back_at IS NULL")
OF_BODY = "ix_institution_functions_body_id"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # Nobody waits while they are made; they wait for whoever is at work.
        op.execute("SET lock_timeout = 0")
        _make(AFTER, RECORDS, ["run_id", "step_code", "outcome"], unique=True)
        _make(OF_BODY, FUNCTIONS, ["body_id"])
        _drop(BEFORE, RECORDS)
        op.execute("SET lock_timeout = '2s'")
    op.execute(
        "ALTER TABLE registry.institution_functions VALIDATE CONSTRAINT fk_institution_functions_body_id"
    )


def downgrade() -> None:
    # The index takes one record of a step: that it was skipped first stays in the
    # history alone.
    op.execute(
        "UPDATE registry.process_run_steps AS skipped SET taken_back_at = done.recorded_at,"
        " taken_back_by = done.recorded_by, taken_back_reason = 'done later'"
        " FROM registry.process_run_steps AS done WHERE done.run_id = skipped.run_id"
        " AND done.step_code = skipped.step_code AND done.outcome = 'done'"
        " AND skipped.outcome = 'skipped' AND done.taken_back_at IS NULL AND skipped.taken_back_at IS NULL"
    )
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        _make(BEFORE, RECORDS, ["run_id", "step_code"], unique=True)
        _drop(OF_BODY, FUNCTIONS)
        _drop(AFTER, RECORDS)
        op.execute("SET lock_timeout = '2s'")


def _make(name: str, table: str, columns: list[str], *, unique: bool = False) -> None:
    _drop(name, table)  # half made
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        schema="registry",
        postgresql_where=STANDING if unique else None,
        postgresql_concurrently=True,
        if_not_exists=True,
    )


def _drop(name: str, table: str) -> None:
    op.drop_index(
        name,
        table,
        schema="registry",
        postgresql_concurrently=True,
        if_exists=True,
    )
