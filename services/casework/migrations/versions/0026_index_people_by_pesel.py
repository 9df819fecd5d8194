"""index people by PESEL: the numbers of merged records lead to the record that is kept."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_index(
        "ix_people_pesel_index",
        "people",
        ["county_terc", "pesel_index"],
        schema="casework",
    )


def downgrade() -> None:
    op.drop_index("ix_people_pesel_index", table_name="people", schema="casework")
