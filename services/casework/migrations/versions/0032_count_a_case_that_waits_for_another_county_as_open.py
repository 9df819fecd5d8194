"""count a case that waits for another county as open: it may come back any day."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

BEFORE, AFTER, TABLE = "uq_cases_open_of_person", "uq_cases_pending_of_person", "cases"
OPEN = "closed_on IS NULL"
PENDING = f"{OPEN} OR state = 'transferred'"
# An index would say only which key there is twice.
REFUSE_DOUBLED = f"""
DO $$ DECLARE doubled bigint; BEGIN
    PERFORM set_config('app.counties', '*', true);
    SELECT count(*) INTO doubled FROM (
        SELECT FROM casework.cases WHERE {PENDING} GROUP BY person_id HAVING count(*) > 1
    ) AS people;
    IF doubled > 0 THEN
        RAISE EXCEPTION 'people with an open case beside one that waits for another county: %', doubled
            USING HINT = 'Close or withdraw the open one of each, then migrate again.';
    END IF;
END $$
"""  # noqa: S608 - put together from our own words


def upgrade() -> None:
    op.execute(REFUSE_DOUBLED)
    _replace(BEFORE, AFTER, PENDING)


def downgrade() -> None:
    _replace(AFTER, BEFORE, OPEN)


def _replace(old: str, new: str, condition: str) -> None:
    # Nobody waits while it is made; it waits for whoever is at work.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        _drop(new)  # half made
        op.create_index(
            new,
            TABLE,
            ["person_id"],
            unique=True,
            schema="casework",
            postgresql_where=sa.text(condition),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        _drop(old)
        op.execute("SET lock_timeout = '2s'")


def _drop(name: str) -> None:
    op.drop_index(
        name,
        TABLE,
        schema="casework",
        postgresql_concurrently=True,
        if_exists=True,
    )
