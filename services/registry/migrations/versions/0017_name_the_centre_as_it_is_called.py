"""name the county's centre as it is called in Polish."""

from alembic import op

revision = "0017"
down_revision = "0016"

# Where nobody has renamed it.
RENAME = """
UPDATE registry.processes SET name_pl = '{}', version = version + 1
WHERE code = 'pckz_formation' AND name_pl = '{}'
"""
BEFORE = "Powstawanie powiatowego centrum koordynacji zasobów"
AFTER = "Powstawanie Powiatowego Centrum ds. Koordynacji Zasobów"


def upgrade() -> None:
    op.execute(RENAME.format(AFTER, BEFORE))


def downgrade() -> None:
    op.execute(RENAME.format(BEFORE, AFTER))
