"""create consents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.trust.access import row_level_security

revision = "0003"
down_revision = "0002"


LOCKED = {
    "consents": {
        "team": "person_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
    "disclosures": {
        "team": "person_id",
        "guardian": "person_id",
        "break_glass": "person_id",
        # The institution that is asked reads what was disclosed with its referral.
        "party": "referral_id",
    },
}
"""By table the columns that relations lead to, by their kind."""


def upgrade() -> None:
    op.create_table(
        "consents",
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
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("exception", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("recipient_institution_id", sa.Uuid(), nullable=True),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name=op.f("ck_consents_withdrawn_at"),
        ),
        sa.CheckConstraint(
            "cardinality(categories) > 0", name=op.f("ck_consents_categories")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from <= valid_to",
            name=op.f("ck_consents_valid_to"),
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"],
            ["casework.people.id"],
            name=op.f("fk_consents_given_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_consents_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        schema="casework",
    )
    op.create_index(
        "ix_consents_county_terc",
        "consents",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_consents_person_id",
        "consents",
        ["person_id", "purpose"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "disclosures",
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
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_institution_id", sa.Uuid(), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopping_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'stopped')", name=op.f("ck_disclosures_state")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["casework.consents.id"],
            name=op.f("fk_disclosures_consent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_disclosures_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
        schema="casework",
    )
    op.create_index(
        "ix_disclosures_consent_id",
        "disclosures",
        ["consent_id", "state"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_disclosures_person_id",
        "disclosures",
        ["person_id", "created_at"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_disclosures_referral_id",
        "disclosures",
        ["referral_id"],
        unique=False,
        schema="casework",
    )
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"casework.{table}", objects):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "ix_disclosures_referral_id", table_name="disclosures", schema="casework"
    )
    op.drop_index(
        "ix_disclosures_person_id", table_name="disclosures", schema="casework"
    )
    op.drop_index(
        "ix_disclosures_consent_id", table_name="disclosures", schema="casework"
    )
    op.drop_table("disclosures", schema="casework")
    op.drop_index("ix_consents_person_id", table_name="consents", schema="casework")
    op.drop_index("ix_consents_county_terc", table_name="consents", schema="casework")
    op.drop_table("consents", schema="casework")
