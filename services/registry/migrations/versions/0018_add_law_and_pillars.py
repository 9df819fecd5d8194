"""add what refers to the law: the acts of functions, how services are ordered; pillars of bodies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"

SCHEMA = "registry"


def upgrade() -> None:
    op.add_column(
        "institution_functions",
        sa.Column("legal_act_id", sa.Uuid(), nullable=True),
        schema=SCHEMA,
    )
    op.add_column(
        "support_services",
        sa.Column("ordered_by_institution_id", sa.Uuid(), nullable=True),
        schema=SCHEMA,
    )
    op.add_column(
        "support_services",
        sa.Column("contracting_instrument", sa.Text(), nullable=True),
        schema=SCHEMA,
    )
    op.add_column(
        "bodies",
        sa.Column(
            "pillars", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
        schema=SCHEMA,
    )
    # Not valid: rows of today are looked at by the next revision, which blocks nobody.
    op.execute(
        "ALTER TABLE registry.institution_functions"
        " ADD CONSTRAINT fk_institution_functions_legal_act_id"
        " FOREIGN KEY (legal_act_id) REFERENCES registry.legal_acts (id) NOT VALID"
    )
    op.execute(
        "ALTER TABLE registry.support_services"
        " ADD CONSTRAINT fk_support_services_ordered_by_institution_id"
        " FOREIGN KEY (ordered_by_institution_id)"
        " REFERENCES registry.institutions (id) NOT VALID"
    )
    op.execute(
        "ALTER TABLE registry.support_services"
        " ADD CONSTRAINT ck_support_services_ordered CHECK"
        " ((ordered_by_institution_id IS NULL) = (contracting_instrument IS NULL))"
        " NOT VALID"
    )


def downgrade() -> None:
    op.drop_column("bodies", "pillars", schema=SCHEMA)
    op.drop_column("support_services", "contracting_instrument", schema=SCHEMA)
    op.drop_column("support_services", "ordered_by_institution_id", schema=SCHEMA)
    op.drop_column("institution_functions", "legal_act_id", schema=SCHEMA)
