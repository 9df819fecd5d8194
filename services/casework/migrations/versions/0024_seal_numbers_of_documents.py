"""seal numbers of documents: a digest of issuer and number takes the place of the number itself."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
_INDEX = "uq_documents_number_of_issuer"


def upgrade() -> None:
    # The index goes with its column.
    op.drop_column("documents", "number", schema="casework")
    op.add_column(
        "documents",
        sa.Column("number_index", sa.LargeBinary(), nullable=True),
        schema="casework",
    )
    columns = ["county_terc", "person_id", "kind", "number_index"]
    op.create_index(_INDEX, "documents", columns, unique=True, schema="casework")


def downgrade() -> None:
    op.drop_column("documents", "number_index", schema="casework")
    # Only the children's keys open what the numbers were: the column is there again, and empty.
    op.add_column(
        "documents", sa.Column("number", sa.Text(), nullable=True), schema="casework"
    )
    columns = ["county_terc", "person_id", "kind", "issuer_regon", "number"]
    op.create_index(_INDEX, "documents", columns, unique=True, schema="casework")
