"""create register reports."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "register_reports",
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
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("entity_key", sa.Text(), nullable=False),
        sa.Column("entity_name", sa.Text(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column(
            "voivodeship_terc",
            sa.Text(),
            sa.Computed("left(county_terc, 2)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "registered", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column("report_submitted_on", sa.Date(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_register_reports_county_terc")
        ),
        sa.CheckConstraint(
            "report_submitted_on IS NULL OR register = 'cas'",
            name=op.f("ck_register_reports_report_submitted_on"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["registry.institutions.id"],
            name=op.f("fk_register_reports_institution_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_reports")),
        sa.UniqueConstraint(
            "kind", "year", "entity_key", "register", name="uq_register_reports_entity"
        ),
        schema="registry",
    )
    op.create_index(
        "ix_register_reports_county_terc",
        "register_reports",
        ["county_terc", "kind", "year"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_register_reports_institution_id",
        "register_reports",
        ["institution_id"],
        unique=False,
        schema="registry",
    )
    op.create_table(
        "register_coverages",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("coverage", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stated_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_coverages")),
        schema="registry",
    )
    op.create_index(
        "ix_register_coverages_kind",
        "register_coverages",
        ["kind", "year", "register", "recorded_at"],
        unique=False,
        schema="registry",
    )
    op.execute(
        "REVOKE UPDATE, DELETE, TRUNCATE ON registry.register_coverages FROM registry_app"
    )


def downgrade() -> None:
    op.drop_table("register_coverages", schema="registry")
    op.drop_table("register_reports", schema="registry")
