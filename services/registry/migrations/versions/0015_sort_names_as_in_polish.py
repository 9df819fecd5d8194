"""sort names as in Polish."""

import sqlalchemy as sa
from alembic import op

from services.chassis.web.polish import polish_index, polish_key_statement

revision = "0015"
down_revision = "0014"

# Every name that is written has its key before the old ones are given theirs.
TRIGGER = """
CREATE OR REPLACE FUNCTION registry.sort_institution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sort_name := registry.polish_key(NEW.name);
    RETURN NEW;
END $$
"""
INSERTED = """
CREATE OR REPLACE TRIGGER sort_inserted BEFORE INSERT ON registry.institutions
FOR EACH ROW EXECUTE FUNCTION registry.sort_institution()
"""
RENAMED = """
CREATE OR REPLACE TRIGGER sort_renamed BEFORE UPDATE ON registry.institutions
FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name OR NEW.sort_name IS NULL)
EXECUTE FUNCTION registry.sort_institution()
"""
# A thousand at a time: nobody waits longer for one of them than that takes.
FILL = """
DO $$ DECLARE done bigint := 1; BEGIN
    WHILE done > 0 LOOP
        UPDATE registry.institutions SET sort_name = registry.polish_key(name) WHERE id IN
            (SELECT id FROM registry.institutions WHERE sort_name IS NULL LIMIT 1000 FOR UPDATE SKIP LOCKED);
        GET DIAGNOSTICS done = ROW_COUNT;
        COMMIT;
    END LOOP;
END $$
"""
BY_NAME = {
    "agreements": (["title"], "ix_agreements_title"),
    "agreement_signatories": (
        ["agreement_id", "party_name"],
        "ix_agreement_signatories_agreement_id",
    ),
    "bodies": (["name"], "ix_bodies_name"),
    "sites": (["programme_code", "name"], "ix_sites_programme_code"),
    "support_services": (["name"], "ix_support_services_name"),
}
OF_INSTITUTIONS = {
    "ix_institutions_in_order": ([], "ix_institutions_name", []),
    "ix_institutions_county_in_order": (
        ["county_terc"],
        "ix_institutions_county_terc",
        ["county_terc"],
    ),
    "ix_institutions_type_in_order": (["type"], "ix_institutions_type", ["type"]),
}


def upgrade() -> None:
    op.execute(polish_key_statement("registry"))
    column = sa.Column("sort_name", sa.Text(collation="C"), nullable=True)
    # What stands before the indexes may be there already: they are made outside the
    # transaction.
    op.add_column("institutions", column, schema="registry", if_not_exists=True)
    for statement in (TRIGGER, INSERTED, RENAMED):
        op.execute(statement)
    # Nobody waits while these are made; they wait for whoever is at work.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute(FILL)
        for name, (before, old, _) in OF_INSTITUTIONS.items():
            _make(name, "institutions", [*before, "sort_name", "id"])
            _drop(old, "institutions")
        for table, ([*before, words], old) in BY_NAME.items():
            columns = [*before, sa.text(polish_index("registry", words)), "id"]
            _make(f"ix_{table}_in_order", table, columns)
            _drop(old, table)
        units = ["level", sa.text(polish_index("registry", "name")), "terc"]
        _make("ix_territorial_units_in_order", "territorial_units", units)
        op.execute("SET lock_timeout = '2s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        _drop("ix_territorial_units_in_order", "territorial_units")
        for table, (columns, old) in BY_NAME.items():
            _make(old, table, [*columns, "id"])
            _drop(f"ix_{table}_in_order", table)
        for name, (_, old, before) in OF_INSTITUTIONS.items():
            _make(old, "institutions", [*before, "folded_name", "id"])
            _drop(name, "institutions")
        op.execute("SET lock_timeout = '2s'")
    op.execute("DROP TRIGGER sort_renamed ON registry.institutions")
    op.execute("DROP TRIGGER sort_inserted ON registry.institutions")
    op.execute("DROP FUNCTION registry.sort_institution()")
    op.drop_column("institutions", "sort_name", schema="registry")
    op.execute("DROP FUNCTION registry.polish_key(text)")


def _make(name: str, table: str, columns: list[str | sa.TextClause]) -> None:
    _drop(name, table)  # half made
    op.create_index(
        name,
        table,
        columns,
        schema="registry",
        postgresql_concurrently=True,
        if_not_exists=True,
    )


def _drop(name: str, table: str) -> None:
    op.drop_index(
        name,
        table,
        schema="registry",
        postgresql_concurrently=True,
        if_exists=True,
    )
