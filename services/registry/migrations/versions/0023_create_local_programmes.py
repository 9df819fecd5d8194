"""create local programmes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "local_programmes",
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
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column(
            "target_groups",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.Numeric(14, 2), nullable=True),
        sa.Column("funder", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "starts_on <= ends_on", name=op.f("ck_local_programmes_ends_on")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_local_programmes_amount")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["registry.institutions.id"],
            name=op.f("fk_local_programmes_institution_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_programmes")),
        schema="registry",
    )
    for name, columns in (
        ("county_terc", ["county_terc", "sector"]),
        ("institution_id", ["institution_id"]),
        ("name", ["name", "id"]),
    ):
        op.create_index(
            f"ix_local_programmes_{name}",
            "local_programmes",
            columns,
            schema="registry",
        )


def downgrade() -> None:
    op.drop_table("local_programmes", schema="registry")
