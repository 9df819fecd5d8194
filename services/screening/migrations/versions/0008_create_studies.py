"""create studies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "studies",
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
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("instrument_code", sa.Text(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("form_code", sa.Text(), nullable=False),
        sa.Column("scale_code", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column(
            "counties", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("age_to", sa.Integer(), nullable=True),
        sa.Column("administered_from", sa.Date(), nullable=True),
        sa.Column("administered_to", sa.Date(), nullable=True),
        sa.Column("criterion_source", sa.Text(), nullable=False),
        sa.Column("criterion_instrument", sa.Text(), nullable=True),
        sa.Column("criterion_note", sa.Text(), nullable=True),
        sa.Column("is_blinded", sa.Boolean(), nullable=True),
        sa.Column(
            "minimum_n", sa.Integer(), server_default=sa.text("100"), nullable=False
        ),
        sa.Column(
            "dif_by", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "prevalences",
            postgresql.ARRAY(sa.Float()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column(
            "run_number", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'running', 'ready')", name=op.f("ck_studies_state")
        ),
        sa.CheckConstraint(
            "criterion_source IN ('stage_two', 'uploaded')",
            name=op.f("ck_studies_criterion_source"),
        ),
        sa.CheckConstraint(
            "criterion_source <> 'stage_two' OR campaign_id IS NOT NULL",
            name=op.f("ck_studies_campaign_id"),
        ),
        sa.CheckConstraint("minimum_n >= 10", name=op.f("ck_studies_minimum_n")),
        sa.CheckConstraint("age_from < age_to", name=op.f("ck_studies_age_to")),
        sa.CheckConstraint(
            "administered_from <= administered_to",
            name=op.f("ck_studies_administered_to"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
        schema="screening",
    )
    op.create_index("ix_studies_name", "studies", ["name", "id"], schema="screening")
    op.create_index(
        "ix_studies_campaign_id", "studies", ["campaign_id"], schema="screening"
    )
    op.create_index(
        "ix_studies_instrument",
        "studies",
        ["instrument_code", "instrument_version"],
        schema="screening",
    )
    op.create_table(
        "study_criteria",
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("subject_ref", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('positive', 'negative', 'undetermined')",
            name=op.f("ck_study_criteria_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["screening.studies.id"],
            name=op.f("fk_study_criteria_study_id"),
        ),
        sa.PrimaryKeyConstraint(
            "study_id", "subject_ref", name=op.f("pk_study_criteria")
        ),
        schema="screening",
    )
    op.create_table(
        "study_runs",
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("results", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("run_by", sa.Text(), nullable=False),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["screening.studies.id"], name=op.f("fk_study_runs_study_id")
        ),
        sa.PrimaryKeyConstraint("study_id", "number", name=op.f("pk_study_runs")),
        schema="screening",
    )
    op.create_table(
        "study_exports",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("group_size", sa.Integer(), nullable=False),
        sa.Column("exported_by", sa.Text(), nullable=False),
        sa.Column(
            "exported_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["screening.studies.id"],
            name=op.f("fk_study_exports_study_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_exports")),
        schema="screening",
    )
    op.create_index(
        "ix_study_exports_study_id",
        "study_exports",
        ["study_id", "exported_at", "id"],
        schema="screening",
    )
    op.create_table(
        "study_export_files",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"],
            ["screening.study_exports.id"],
            name=op.f("fk_study_export_files_export_id"),
        ),
        sa.PrimaryKeyConstraint(
            "export_id", "name", name=op.f("pk_study_export_files")
        ),
        schema="screening",
    )


def downgrade() -> None:
    for table in (
        "study_export_files",
        "study_exports",
        "study_runs",
        "study_criteria",
        "studies",
    ):
        op.drop_table(table, schema="screening")
