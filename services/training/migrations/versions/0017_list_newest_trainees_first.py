"""list the newest trainees first by an index: of a county, and of all of them."""

from alembic import op

revision = "0017"
down_revision = "0016"

OF_COUNTY, TABLE, SCHEMA = "ix_trainees_county_terc", "trainees", "training"


def upgrade() -> None:
    _replace(["county_terc", "created_at", "id"])
    op.create_index(
        "ix_trainees_created_at", TABLE, ["created_at", "id"], schema=SCHEMA
    )


def downgrade() -> None:
    op.drop_index("ix_trainees_created_at", TABLE, schema=SCHEMA)
    _replace(["county_terc", "family_name", "id"])


def _replace(columns: list[str]) -> None:
    op.drop_index(OF_COUNTY, TABLE, schema=SCHEMA)
    op.create_index(OF_COUNTY, TABLE, columns, schema=SCHEMA)
