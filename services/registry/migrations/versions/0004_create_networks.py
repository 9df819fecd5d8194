"""create networks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "networks",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_networks_county_terc")
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR founded_on <= closed_on",
            name=op.f("ck_networks_closed_on"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_networks")),
        schema="registry",
    )
    op.create_index(
        "ix_networks_county_terc",
        "networks",
        ["county_terc", "founded_on"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "uq_networks_open",
        "networks",
        ["county_terc"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "network_rules",
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
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "sectors", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "institution_types",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "needs_verified_service",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column(
            "in_county", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("retiring_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to",
            name=op.f("ck_network_rules_valid_to"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id"],
            ["registry.networks.id"],
            name=op.f("fk_network_rules_network_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_rules")),
        sa.UniqueConstraint("network_id", "code", name="uq_network_rules_code"),
        schema="registry",
    )
    op.create_table(
        "network_memberships",
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
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["registry.institutions.id"],
            name=op.f("fk_network_memberships_institution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id"],
            ["registry.networks.id"],
            name=op.f("fk_network_memberships_network_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_memberships")),
        sa.UniqueConstraint(
            "network_id", "institution_id", name="uq_network_memberships_institution"
        ),
        schema="registry",
    )
    op.create_index(
        "ix_network_memberships_institution_id",
        "network_memberships",
        ["institution_id"],
        unique=False,
        schema="registry",
    )
    op.create_table(
        "network_decisions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(rule_id IS NULL) = (to_state = 'proposed')",
            name=op.f("ck_network_decisions_rule_id"),
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["registry.network_memberships.id"],
            name=op.f("fk_network_decisions_membership_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["registry.network_rules.id"],
            name=op.f("fk_network_decisions_rule_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_decisions")),
        sa.UniqueConstraint(
            "membership_id", "number", name="uq_network_decisions_number"
        ),
        schema="registry",
    )
    op.create_index(
        "ix_network_decisions_rule_id",
        "network_decisions",
        ["rule_id", "decided_on"],
        unique=False,
        schema="registry",
    )
    op.execute(
        "REVOKE UPDATE, DELETE, TRUNCATE ON registry.network_decisions FROM registry_app"
    )


def downgrade() -> None:
    op.drop_table("network_decisions", schema="registry")
    op.drop_table("network_memberships", schema="registry")
    op.drop_table("network_rules", schema="registry")
    op.drop_table("networks", schema="registry")
