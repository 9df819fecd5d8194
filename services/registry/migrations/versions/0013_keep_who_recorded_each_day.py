"""keep who recorded each day, what a step stands for, and every verification of a service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

DATED = (
    "agreements",
    "agreement_signatories",
    "appointments",
    "bodies",
    "body_meetings",
    "body_members",
    "institution_functions",
    "network_rules",
    "networks",
    "scope_decisions",
    "sites",
)
"""Of rows that are there already nobody knows it any more but the audit trail."""


def upgrade() -> None:
    for table in DATED:
        recorded = sa.Column(
            "recorded",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
        )
        op.add_column(table, recorded, schema="registry")
    op.add_column(
        "sites", sa.Column("signed_on", sa.Date(), nullable=True), schema="registry"
    )
    op.add_column(
        "process_run_steps",
        sa.Column("stands_for", sa.Text(), nullable=True),
        schema="registry",
    )
    op.add_column(
        "institution_functions",
        sa.Column("body_id", sa.Uuid(), nullable=True),
        schema="registry",
    )
    # Checked in a statement of its own: nobody waits while the rows are read.
    op.execute(
        "ALTER TABLE registry.institution_functions ADD CONSTRAINT fk_institution_functions_body_id"
        " FOREIGN KEY (body_id) REFERENCES registry.bodies (id) NOT VALID"
    )
    _create_verifications()


def _create_verifications() -> None:
    op.create_table(
        "support_service_verifications",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("support_service_id", sa.Uuid(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["support_service_id"],
            ["registry.support_services.id"],
            name=op.f("fk_support_service_verifications_support_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_service_verifications")),
        schema="registry",
    )
    op.create_index(
        "ix_support_service_verifications_support_service_id",
        "support_service_verifications",
        ["support_service_id", "verified_on", "id"],
        schema="registry",
    )
    # Of older verifications only the last one was kept.
    op.execute(
        "INSERT INTO registry.support_service_verifications (support_service_id, verified_on, recorded_by, recorded_at)"
        " SELECT id, (verified_at AT TIME ZONE 'Europe/Warsaw')::date, verified_by, verified_at"
        " FROM registry.support_services"
    )
    op.execute(
        "REVOKE UPDATE, DELETE, TRUNCATE ON registry.support_service_verifications FROM registry_app"
    )


def downgrade() -> None:
    op.drop_table("support_service_verifications", schema="registry")
    op.drop_column("institution_functions", "body_id", schema="registry")
    op.drop_column("process_run_steps", "stands_for", schema="registry")
    op.drop_column("sites", "signed_on", schema="registry")
    for table in DATED:
        op.drop_column(table, "recorded", schema="registry")
