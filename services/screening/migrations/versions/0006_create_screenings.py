"""create screenings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.trust.access import row_level_security

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "screenings",
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
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("stage", sa.Integer(), nullable=True),
        sa.Column("implementer", sa.Text(), nullable=True),
        sa.Column("subject_ref", sa.Uuid(), nullable=False),
        sa.Column("birth_month", sa.Date(), nullable=True),
        sa.Column("age_months", sa.Integer(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("instrument_code", sa.Text(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("form_code", sa.Text(), nullable=True),
        sa.Column("informant", sa.Text(), nullable=False),
        sa.Column("administered_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "result",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("norm_set_id", sa.Uuid(), nullable=True),
        sa.Column("has_consent", sa.Boolean(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annulled_by", sa.Text(), nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annulling_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_screenings_county_terc")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'scored', 'confirmed', 'annulled')",
            name=op.f("ck_screenings_state"),
        ),
        sa.CheckConstraint(
            "(campaign_id IS NULL) = (stage IS NULL)", name=op.f("ck_screenings_stage")
        ),
        sa.CheckConstraint(
            "date_trunc('month', birth_month) = birth_month",
            name=op.f("ck_screenings_birth_month"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'annulled') OR (administered_on IS NOT NULL AND birth_month IS NOT NULL"
            " AND age_months IS NOT NULL AND form_code IS NOT NULL)",
            name=op.f("ck_screenings_submitted"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (result IS NOT NULL AND confirmed_by IS NOT NULL)",
            name=op.f("ck_screenings_confirmed"),
        ),
        sa.CheckConstraint(
            "(state = 'annulled') = (annulling_reason IS NOT NULL)",
            name=op.f("ck_screenings_annulled"),
        ),
        sa.CheckConstraint(
            "(source IS NULL) = (external_id IS NULL)",
            name=op.f("ck_screenings_source"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screenings")),
        schema="screening",
    )
    op.create_index(
        "ix_screenings_county_terc",
        "screenings",
        ["county_terc", "created_at", "id"],
        schema="screening",
    )
    op.create_index(
        "ix_screenings_institution_id",
        "screenings",
        ["institution_id", "created_at", "id"],
        schema="screening",
        postgresql_where=sa.text("institution_id IS NOT NULL"),
    )
    op.create_index(
        "ix_screenings_campaign_id",
        "screenings",
        ["campaign_id", "created_at", "id"],
        schema="screening",
    )
    op.create_index(
        "ix_screenings_subject_ref", "screenings", ["subject_ref"], schema="screening"
    )
    op.create_index(
        "uq_screenings_external_id",
        "screenings",
        ["source", "external_id"],
        unique=True,
        schema="screening",
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_table(
        "replaced_results",
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("norm_set_id", sa.Uuid(), nullable=True),
        sa.Column("rescoring_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_by", sa.Text(), nullable=False),
        sa.Column(
            "replaced_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_replaced_results_county_terc")
        ),
        sa.ForeignKeyConstraint(
            ["screening_id"],
            ["screening.screenings.id"],
            name=op.f("fk_replaced_results_screening_id"),
        ),
        sa.PrimaryKeyConstraint(
            "screening_id", "version", name=op.f("pk_replaced_results")
        ),
        schema="screening",
    )
    op.execute(
        "REVOKE UPDATE, DELETE, TRUNCATE ON screening.replaced_results FROM screening_app"
    )
    for table in ("screening.screenings", "screening.replaced_results"):
        for statement in row_level_security(table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("replaced_results", schema="screening")
    op.drop_table("screenings", schema="screening")
