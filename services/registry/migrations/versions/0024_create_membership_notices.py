"""create membership notices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "membership_notices",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("missing", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "given_on < answer_by", name=op.f("ck_membership_notices_answer_by")
        ),
        sa.CheckConstraint(
            "cardinality(missing) > 0", name=op.f("ck_membership_notices_missing")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["registry.network_memberships.id"],
            name=op.f("fk_membership_notices_membership_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["registry.network_rules.id"],
            name=op.f("fk_membership_notices_rule_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_notices")),
        schema="registry",
    )
    op.create_index(
        "ix_membership_notices_membership_id",
        "membership_notices",
        ["membership_id", "given_on"],
        schema="registry",
    )
    op.create_index(
        "ix_membership_notices_rule_id",
        "membership_notices",
        ["rule_id"],
        schema="registry",
    )


def downgrade() -> None:
    op.drop_table("membership_notices", schema="registry")
