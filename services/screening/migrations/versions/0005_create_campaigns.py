"""create campaigns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.trust.access import row_level_security

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "campaigns",
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
        sa.Column("name_pl", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=True),
        sa.Column("programme_code", sa.Text(), nullable=True),
        sa.Column("protocol_code", sa.Text(), nullable=False),
        sa.Column("protocol_version", sa.Integer(), nullable=False),
        sa.Column("plan", postgresql.JSONB(), nullable=False),
        sa.Column("age_bands", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column(
            "small_cell", sa.Integer(), server_default=sa.text("5"), nullable=False
        ),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closed')", name=op.f("ck_campaigns_state")
        ),
        sa.CheckConstraint(
            "small_cell BETWEEN 2 AND 100", name=op.f("ck_campaigns_small_cell")
        ),
        sa.CheckConstraint(
            "(state = 'planned') = (opened_on IS NULL)",
            name=op.f("ck_campaigns_opened_on"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)",
            name=op.f("ck_campaigns_closed_on"),
        ),
        sa.ForeignKeyConstraint(
            ["protocol_code", "protocol_version"],
            [
                "screening.protocol_versions.protocol_code",
                "screening.protocol_versions.number",
            ],
            name=op.f("fk_campaigns_protocol_code_protocol_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        schema="screening",
    )
    op.create_index(
        "ix_campaigns_county_terc",
        "campaigns",
        ["county_terc"],
        unique=False,
        schema="screening",
    )
    op.create_index(
        "ix_campaigns_protocol_code",
        "campaigns",
        ["protocol_code", "protocol_version"],
        unique=False,
        schema="screening",
    )
    op.create_table(
        "campaign_implementers",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column(
            "added_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["screening.campaigns.id"],
            name=op.f("fk_campaign_implementers_campaign_id"),
        ),
        sa.PrimaryKeyConstraint(
            "campaign_id", "code", name=op.f("pk_campaign_implementers")
        ),
        schema="screening",
    )
    _create_targets()
    _create_subjects_and_counts()
    _create_selections()
    for table in ("campaign_subjects", "campaign_selections"):
        for statement in row_level_security(f"screening.{table}"):
            op.execute(statement)


def _create_targets() -> None:
    op.create_table(
        "campaign_targets",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=True),
        sa.Column("implementer", sa.Text(), nullable=True),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column(
            "set_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stage IN (1, 2)", name=op.f("ck_campaign_targets_stage")),
        sa.CheckConstraint("subjects > 0", name=op.f("ck_campaign_targets_subjects")),
        sa.CheckConstraint(
            "county_terc IS NULL OR implementer IS NULL",
            name=op.f("ck_campaign_targets_one_dimension"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["screening.campaigns.id"],
            name=op.f("fk_campaign_targets_campaign_id"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id", "implementer"],
            [
                "screening.campaign_implementers.campaign_id",
                "screening.campaign_implementers.code",
            ],
            name="fk_campaign_targets_implementer",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_targets")),
        schema="screening",
    )
    op.create_index(
        "ix_campaign_targets_campaign_id",
        "campaign_targets",
        ["campaign_id", "implementer"],
        unique=False,
        schema="screening",
    )
    op.create_index(
        "uq_campaign_targets_current",
        "campaign_targets",
        ["campaign_id", "stage", "county_terc", "implementer"],
        unique=True,
        schema="screening",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def _create_subjects_and_counts() -> None:
    op.create_table(
        "campaign_subjects",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("subject_ref", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("implementer", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("age_months", sa.Integer(), nullable=False),
        sa.Column(
            "age_band", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("forms", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column(
            "is_selected", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("stage_one", sa.Text(), server_default="none", nullable=False),
        sa.Column(
            "stage_two", sa.Text(), server_default="not_selected", nullable=False
        ),
        sa.PrimaryKeyConstraint(
            "campaign_id",
            "subject_ref",
            "county_terc",
            name=op.f("pk_campaign_subjects"),
        ),
        schema="screening",
    )
    op.create_index(
        "ix_campaign_subjects_stage_one",
        "campaign_subjects",
        ["campaign_id", "county_terc", "stage_one"],
        unique=False,
        schema="screening",
    )
    op.create_table(
        "campaign_counts",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("implementer", sa.Text(), nullable=False),
        sa.Column("age_band", sa.Integer(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("stage_one", sa.Text(), nullable=False),
        sa.Column("stage_two", sa.Text(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id", "implementer"],
            [
                "screening.campaign_implementers.campaign_id",
                "screening.campaign_implementers.code",
            ],
            name="fk_campaign_counts_implementer",
        ),
        sa.PrimaryKeyConstraint(
            "campaign_id",
            "county_terc",
            "implementer",
            "age_band",
            "sex",
            "stage_one",
            "stage_two",
            name=op.f("pk_campaign_counts"),
        ),
        schema="screening",
    )
    op.create_index(
        "ix_campaign_counts_implementer",
        "campaign_counts",
        ["campaign_id", "implementer"],
        unique=False,
        schema="screening",
    )


def _create_selections() -> None:
    op.create_table(
        "campaign_selections",
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
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("subject_ref", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("rule", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("selected_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawing_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name=op.f("ck_campaign_selections_withdrawn_by"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawing_reason IS NULL)",
            name=op.f("ck_campaign_selections_withdrawing_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["screening.campaigns.id"],
            name=op.f("fk_campaign_selections_campaign_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_selections")),
        schema="screening",
    )
    op.create_index(
        "ix_campaign_selections_campaign_id",
        "campaign_selections",
        ["campaign_id", "county_terc"],
        unique=False,
        schema="screening",
    )
    op.create_index(
        "uq_campaign_selections_current",
        "campaign_selections",
        ["campaign_id", "subject_ref", "county_terc"],
        unique=True,
        schema="screening",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    for table in (
        "campaign_selections",
        "campaign_counts",
        "campaign_subjects",
        "campaign_targets",
        "campaign_implementers",
        "campaigns",
    ):
        op.drop_table(table, schema="screening")
