"""create norm sets."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

SHIPPED = Path(__file__).parents[1] / "shipped"
_ADD_DEMO = sa.text("""
INSERT INTO screening.norm_sets (instrument_version_id, code, state, document, in_force_from, in_force_by)
SELECT v.id, 'DEMO-2026', 'in_force', CAST(:document AS jsonb), now(), 'migration'
FROM screening.instrument_versions v JOIN screening.instruments i ON i.id = v.instrument_id
WHERE i.code = 'DEMO' AND v.number = 1
""")
_IMMUTABLE = """
CREATE FUNCTION screening.keep_norms_in_force() RETURNS trigger LANGUAGE plpgsql SET search_path = screening AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.document IS DISTINCT FROM OLD.document OR NEW.state = 'draft') THEN
        RAISE EXCEPTION 'norms that were in force never change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "norm_sets",
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
        sa.Column("instrument_version_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_by", sa.Text(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'in_force', 'replaced')",
            name=op.f("ck_norm_sets_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_norm_sets")),
        sa.UniqueConstraint("instrument_version_id", "code", name="uq_norm_sets_code"),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["screening.instrument_versions.id"],
            name=op.f("fk_norm_sets_instrument_version_id"),
        ),
        schema="screening",
    )
    op.create_index(
        "uq_norm_sets_in_force",
        "norm_sets",
        ["instrument_version_id"],
        unique=True,
        schema="screening",
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.execute(_IMMUTABLE)
    op.execute(
        "CREATE TRIGGER keep_norms_in_force BEFORE UPDATE ON screening.norm_sets"
        " FOR EACH ROW EXECUTE FUNCTION screening.keep_norms_in_force()"
    )
    op.execute(
        _ADD_DEMO.bindparams(
            document=(SHIPPED / "demo_1_norms.json").read_text(encoding="utf-8")
        )
    )


def downgrade() -> None:
    op.execute("DROP TABLE screening.norm_sets")
    op.execute("DROP FUNCTION screening.keep_norms_in_force()")
