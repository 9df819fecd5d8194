"""index assessments by county: a county's list is read from its newest end."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_index(
        "ix_assessments_county_terc",
        "assessments",
        ["county_terc", "changed_at", "id"],
        schema="casework",
    )


def downgrade() -> None:
    op.drop_index(
        "ix_assessments_county_terc", table_name="assessments", schema="casework"
    )
