"""create privacy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.trust.access import row_level_security

revision = "0011"
down_revision = "0010"


# Without `retention_rules` and `tombstones`: rules and digests tell of nobody.
LOCKED = {
    "retention_runs": {},
    "break_glass": {"break_glass": "person_id"},
    "data_subject_requests": {"guardian": "person_id"},
    "legal_holds": {},
}
"""By table the columns that relations lead to, by their kind."""


def upgrade() -> None:
    op.create_table(
        "retention_rules",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("starts_with", sa.Text(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "action IN ('erase', 'archive')", name=op.f("ck_retention_rules_action")
        ),
        sa.CheckConstraint(
            "years BETWEEN 0 AND 100", name=op.f("ck_retention_rules_years")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rules")),
        schema="casework",
    )
    op.create_index(
        "ix_retention_rules_county_terc",
        "retention_rules",
        ["county_terc", "record_kind", "valid_from"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "retention_runs",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        # Ids without foreign keys: the people whom a run names are erased by it.
        sa.Column("people", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'carried_out', 'declined')",
            name=op.f("ck_retention_runs_state"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by",
            name=op.f("ck_retention_runs_decided_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
        schema="casework",
    )
    op.create_index(
        "ix_retention_runs_county_terc",
        "retention_runs",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "tombstones",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_tombstones")),
        schema="casework",
    )
    op.create_table(
        "break_glass",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by <> subject",
            name=op.f("ck_break_glass_reviewed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_break_glass_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
        schema="casework",
    )
    op.create_index(
        "ix_break_glass_county_terc",
        "break_glass",
        ["county_terc", "opened_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_break_glass_person_id",
        "break_glass",
        ["person_id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_break_glass_subject",
        "break_glass",
        ["subject", "opened_at"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "data_subject_requests",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('access', 'rectification', 'restriction', 'erasure', 'objection')",
            name=op.f("ck_data_subject_requests_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'extended', 'fulfilled', 'refused')",
            name=op.f("ck_data_subject_requests_state"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["casework.people.id"],
            name=op.f("fk_data_subject_requests_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["casework.people.id"],
            name=op.f("fk_data_subject_requests_requested_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_subject_requests")),
        schema="casework",
    )
    op.create_index(
        "ix_data_subject_requests_county_terc",
        "data_subject_requests",
        ["county_terc", "due_on", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_data_subject_requests_person_id",
        "data_subject_requests",
        ["person_id"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "legal_holds",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_legal_holds_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
        schema="casework",
    )
    op.create_index(
        "ix_legal_holds_person_id",
        "legal_holds",
        ["person_id"],
        unique=False,
        schema="casework",
    )
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"casework.{table}", objects):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "ix_legal_holds_person_id", table_name="legal_holds", schema="casework"
    )
    op.drop_table("legal_holds", schema="casework")
    op.drop_index(
        "ix_data_subject_requests_person_id",
        table_name="data_subject_requests",
        schema="casework",
    )
    op.drop_index(
        "ix_data_subject_requests_county_terc",
        table_name="data_subject_requests",
        schema="casework",
    )
    op.drop_table("data_subject_requests", schema="casework")
    op.drop_index("ix_break_glass_subject", table_name="break_glass", schema="casework")
    op.drop_index(
        "ix_break_glass_person_id", table_name="break_glass", schema="casework"
    )
    op.drop_index(
        "ix_break_glass_county_terc", table_name="break_glass", schema="casework"
    )
    op.drop_table("break_glass", schema="casework")
    op.drop_table("tombstones", schema="casework")
    op.drop_index(
        "ix_retention_runs_county_terc", table_name="retention_runs", schema="casework"
    )
    op.drop_table("retention_runs", schema="casework")
    op.drop_index(
        "ix_retention_rules_county_terc",
        table_name="retention_rules",
        schema="casework",
    )
    op.drop_table("retention_rules", schema="casework")
