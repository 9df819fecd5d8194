"""read the own counties once a statement, and not for every row."""

from alembic import op

revision = "0012"
down_revision = "0011"

TABLES = (
    "campaign_subjects",
    "campaign_selections",
    "screenings",
    "replaced_results",
    "rescoring_decisions",
)
BEFORE = (
    "county_terc = ANY (string_to_array(NULLIF(current_setting('app.counties', true), ''), ','))"
    " OR current_setting('app.counties', true) = '*'"
)
AFTER = (
    "county_terc = ANY (CAST((SELECT string_to_array(NULLIF(current_setting('app.counties', true), ''), ',')) AS text[]))"
    " OR (SELECT current_setting('app.counties', true) = '*')"
)


def upgrade() -> None:
    _lock_by(AFTER)


def downgrade() -> None:
    _lock_by(BEFORE)


def _lock_by(own: str) -> None:
    for table in TABLES:
        op.execute(
            f"ALTER POLICY own_counties ON screening.{table} USING ({own}) WITH CHECK ({own})"
        )
