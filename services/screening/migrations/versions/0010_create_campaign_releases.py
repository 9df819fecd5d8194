"""create campaign_releases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "campaign_releases",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("cells", postgresql.JSONB(), nullable=False),
        sa.Column(
            "released_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["screening.campaigns.id"],
            name=op.f("fk_campaign_releases_campaign_id_campaigns"),
        ),
        sa.PrimaryKeyConstraint(
            "campaign_id", "number", "county_terc", name=op.f("pk_campaign_releases")
        ),
        schema="screening",
    )


def downgrade() -> None:
    op.drop_table("campaign_releases", schema="screening")
