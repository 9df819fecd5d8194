"""sort names as in Polish."""

import sqlalchemy as sa
from alembic import op

from services.chassis.web.polish import polish_index, polish_key_statement

revision = "0013"
down_revision = "0012"

BY_NAME = {
    "authorities": (["name"], "ix_authorities_name"),
    "partners": (["name"], "ix_partners_name"),
    "rooms": (["name"], "ix_rooms_name"),
    "trainers": (["family_name", "given_name"], "ix_trainers_family_name"),
    "good_practices": (["title_pl"], None),
}


def upgrade() -> None:
    op.execute(polish_key_statement("training"))
    for table, (words, old) in BY_NAME.items():
        columns = [*[sa.text(polish_index("training", each)) for each in words], "id"]
        op.create_index(f"ix_{table}_in_order", table, columns, schema="training")
        if old is not None:
            op.drop_index(old, table, schema="training")


def downgrade() -> None:
    for table, (words, old) in BY_NAME.items():
        op.drop_index(f"ix_{table}_in_order", table, schema="training")
        if old is not None:
            op.create_index(old, table, [*words, "id"], schema="training")
    op.execute("DROP FUNCTION training.polish_key(text)")
