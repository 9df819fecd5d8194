"""create instruments."""

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

SHIPPED = Path(__file__).parents[1] / "shipped"
INSTRUMENTS = (
    # Of these only names are public: no item, norm or cut-off is shipped, and no abbreviation is expanded.
    ("SRMD", "SRMD", "SRMD", "SRMD", "screening", None),
    ("SZOF", "SZOF", "SzOF", "SzOF", "functional_assessment", None),
    ("AOU", "AOU", "AOU", "AOU", "functional_assessment", None),
    ("AKU", "AOU", "AKU", "AKU", "functional_assessment", "AOU"),
    ("DEMO", "DEMO", "Badanie pokazowe", "Demonstration screening", "screening", None),
)
_ADD = sa.text("""
INSERT INTO screening.instruments (code, family, name, purpose, supersedes)
VALUES (:code, :family, CAST(:name AS jsonb), :purpose, :supersedes)
""")
_ADD_DEMO = sa.text("""
INSERT INTO screening.instrument_versions (instrument_id, number, state, definition, published_at, published_by)
SELECT id, 1, 'published', CAST(:definition AS jsonb), now(), 'migration' FROM screening.instruments WHERE code = 'DEMO'
""")
_IMMUTABLE = """
CREATE FUNCTION screening.keep_published_definition() RETURNS trigger LANGUAGE plpgsql SET search_path = screening AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.definition IS DISTINCT FROM OLD.definition OR NEW.state = 'draft') THEN
        RAISE EXCEPTION 'a published definition never changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "instruments",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "description", postgresql.JSONB(astext_type=sa.Text()), nullable=True
        ),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("supersedes", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruments")),
        sa.UniqueConstraint("code", name="uq_instruments_code"),
        sa.ForeignKeyConstraint(
            ["supersedes"],
            ["screening.instruments.code"],
            name=op.f("fk_instruments_supersedes"),
        ),
        schema="screening",
    )
    op.create_index(
        "ix_instruments_supersedes", "instruments", ["supersedes"], schema="screening"
    )
    op.create_table(
        "instrument_versions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column(
            "definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("package_digest", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retiring_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_instrument_versions_number")),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'retired')",
            name=op.f("ck_instrument_versions_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_versions")),
        sa.UniqueConstraint(
            "instrument_id", "number", name="uq_instrument_versions_number"
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["screening.instruments.id"],
            name=op.f("fk_instrument_versions_instrument_id"),
        ),
        schema="screening",
    )
    op.create_index(
        "ix_instrument_versions_package_digest",
        "instrument_versions",
        ["package_digest"],
        unique=True,
        schema="screening",
        postgresql_where=sa.text("package_digest IS NOT NULL"),
    )
    op.execute(_IMMUTABLE)
    op.execute(
        "CREATE TRIGGER keep_published_definition BEFORE UPDATE ON screening.instrument_versions"
        " FOR EACH ROW EXECUTE FUNCTION screening.keep_published_definition()"
    )
    for code, family, polish, english, purpose, supersedes in INSTRUMENTS:
        name = json.dumps({"pl": polish, "en": english}, ensure_ascii=False)
        values = {
            "code": code,
            "family": family,
            "name": name,
            "purpose": purpose,
            "supersedes": supersedes,
        }
        op.execute(_ADD.bindparams(**values))
    op.execute(
        _ADD_DEMO.bindparams(
            definition=(SHIPPED / "demo_1.json").read_text(encoding="utf-8")
        )
    )


def downgrade() -> None:
    op.execute("DROP TABLE screening.instrument_versions")
    op.execute("DROP TABLE screening.instruments")
    op.execute("DROP FUNCTION screening.keep_published_definition()")
