"""create referrals."""

import sqlalchemy as sa
from alembic import op

from services.chassis.trust.access import row_level_security

revision = "0004"
down_revision = "0003"


LOCKED = {
    "referrals": {
        "team": "person_id",
        "guardian": "person_id",
        "break_glass": "person_id",
        # To the referral itself: the child is reached by the policy of `people` alone.
        "party": "id",
    },
    "referral_steps": {
        "team": "person_id",
        "guardian": "person_id",
        "break_glass": "person_id",
        "party": "referral_id",
    },
}
"""By table the columns that relations lead to, by their kind."""


def upgrade() -> None:
    op.create_table(
        "referrals",
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
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("subject_ref", sa.Uuid(), nullable=True),
        sa.Column("screening_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("support_service_id", sa.Uuid(), nullable=True),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.Column("reservation_id", sa.Uuid(), nullable=True),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(direction = 'outbound') = (support_service_id IS NOT NULL)",
            name=op.f("ck_referrals_support_service_id"),
        ),
        sa.CheckConstraint(
            "direction IN ('inbound', 'outbound')", name=op.f("ck_referrals_direction")
        ),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR subject_ref IS NOT NULL",
            name=op.f("ck_referrals_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["casework.consents.id"],
            name=op.f("fk_referrals_consent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_referrals_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        schema="casework",
    )
    op.create_index(
        "ix_referrals_case_id",
        "referrals",
        ["case_id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_referrals_county_terc",
        "referrals",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_referrals_institution_id",
        "referrals",
        ["institution_id", "state", "created_at"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_referrals_open",
        "referrals",
        ["county_terc", "due_on"],
        unique=False,
        schema="casework",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_referrals_person_id",
        "referrals",
        ["person_id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        # Partial: what a team sends out may come of the same screening.
        "uq_referrals_screening_id",
        "referrals",
        ["screening_id"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("direction = 'inbound'"),
    )
    op.create_table(
        "referral_steps",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["casework.referrals.id"],
            name=op.f("fk_referral_steps_referral_id"),
        ),
        sa.PrimaryKeyConstraint(
            "referral_id", "number", name=op.f("pk_referral_steps")
        ),
        schema="casework",
    )
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"casework.{table}", objects):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("referral_steps", schema="casework")
    op.drop_index(
        "uq_referrals_screening_id",
        table_name="referrals",
        schema="casework",
        postgresql_where=sa.text("direction = 'inbound'"),
    )
    op.drop_index("ix_referrals_person_id", table_name="referrals", schema="casework")
    op.drop_index(
        "ix_referrals_open",
        table_name="referrals",
        schema="casework",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        "ix_referrals_institution_id", table_name="referrals", schema="casework"
    )
    op.drop_index("ix_referrals_county_terc", table_name="referrals", schema="casework")
    op.drop_index("ix_referrals_case_id", table_name="referrals", schema="casework")
    op.drop_table("referrals", schema="casework")
