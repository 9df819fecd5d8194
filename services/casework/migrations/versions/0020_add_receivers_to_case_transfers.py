"""add receivers to case_transfers.

A row about a person is of the county that answers for the person.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_COLUMNS: dict[str, tuple[type[sa.types.TypeEngine[object]], bool]] = {
    "case_number": (sa.Text, False),
    "case_state": (sa.Text, False),
    "to_institution_id": (sa.Uuid, False),
    "declining_reason": (sa.Text, True),
}
"""By name the type, and whether it may be absent."""
# Whoever writes while a child moves has read the old county: such a row would be seen
# by the people of neither county.
# The share lock waits for the move, and then finds the child elsewhere.
_FUNCTION = """
CREATE FUNCTION casework.require_county_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM casework.people
    WHERE id = CAST(to_jsonb(NEW) ->> TG_ARGV[0] AS uuid) AND county_terc = NEW.county_terc FOR KEY SHARE;
    IF NOT FOUND AND to_jsonb(NEW) ->> TG_ARGV[0] IS NOT NULL THEN
        RAISE EXCEPTION 'another county answers for this person'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'county_of_person';
    END IF;
    RETURN NULL;
END $$
"""
_TRIGGERS = """
DO $$ DECLARE name text; owner text; BEGIN
    FOR name, owner IN
        SELECT own.table_name, own.column_name FROM information_schema.columns AS own
        JOIN information_schema.columns AS county
            ON county.table_schema = own.table_schema AND county.table_name = own.table_name
            AND county.column_name = 'county_terc'
        WHERE own.table_schema = 'casework' AND own.column_name IN ('person_id', 'child_id')
            AND own.table_name <> 'case_transfers'
    LOOP
        EXECUTE format(
            'CREATE TRIGGER county_of_person AFTER INSERT ON casework.%I FOR EACH ROW'
            ' EXECUTE FUNCTION casework.require_county_of_person(%L)', name, owner);
    END LOOP;
END $$
"""


def upgrade() -> None:
    # No transfer has been proposed before this: there was no way to.
    for name, (kind, is_optional) in _COLUMNS.items():
        column = sa.Column(name, kind(), nullable=is_optional)
        op.add_column("case_transfers", column, schema="casework")
    op.execute(_FUNCTION)
    op.execute(_TRIGGERS)


def downgrade() -> None:
    op.execute("DROP FUNCTION casework.require_county_of_person() CASCADE")
    for name in _COLUMNS:
        op.drop_column("case_transfers", name, schema="casework")
