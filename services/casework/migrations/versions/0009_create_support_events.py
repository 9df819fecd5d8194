"""create support events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.trust.access import row_level_security

revision = "0009"
down_revision = "0008"


LOCKED = {
    "support_events": {
        "team": "case_id",
        "guardian": "person_id",
        "break_glass": "person_id",
        # An institution sees what was given by its own referral.
        "party": "referral_id",
    },
}
"""By table the columns that relations lead to, by their kind."""


def upgrade() -> None:
    op.create_table(
        "support_events",
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
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_early_support", sa.Boolean(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("present", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.Column("consent_document_id", sa.Uuid(), nullable=True),
        sa.Column("delivered_by", sa.Text(), nullable=False),
        sa.Column("annulled_by", sa.Text(), nullable=True),
        sa.Column("annulling_reason", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(annulled_by IS NULL) = (annulling_reason IS NULL)",
            name=op.f("ck_support_events_annulled_by"),
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 1 AND 1440", name=op.f("ck_support_events_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework.cases.id"], name=op.f("fk_support_events_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["casework.people.id"],
            name=op.f("fk_support_events_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_events")),
        schema="casework",
    )
    op.create_index(
        "ix_support_events_case_id",
        "support_events",
        ["case_id", "occurred_on"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_support_events_county_terc",
        "support_events",
        ["county_terc", "occurred_on", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_support_events_group_id",
        "support_events",
        ["group_id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_support_events_institution_id",
        "support_events",
        ["institution_id", "occurred_on", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_support_events_person_id",
        "support_events",
        ["person_id", "occurred_on"],
        unique=False,
        schema="casework",
    )
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"casework.{table}", objects):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "ix_support_events_person_id", table_name="support_events", schema="casework"
    )
    op.drop_index(
        "ix_support_events_institution_id",
        table_name="support_events",
        schema="casework",
    )
    op.drop_index(
        "ix_support_events_group_id", table_name="support_events", schema="casework"
    )
    op.drop_index(
        "ix_support_events_county_terc", table_name="support_events", schema="casework"
    )
    op.drop_index(
        "ix_support_events_case_id", table_name="support_events", schema="casework"
    )
    op.drop_table("support_events", schema="casework")
