"""create cases."""

import sqlalchemy as sa
from alembic import op

from services.chassis.trust.access import OWN_COUNTIES, row_level_security

revision = "0005"
down_revision = "0004"


LOCKED = {
    "cases": {"team": "id", "guardian": "person_id", "break_glass": "person_id"},
    "case_members": {
        "team": "case_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
    "case_steps": {
        "team": "case_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
}
"""By table the columns that relations lead to, by their kind."""
_TO_OWN_COUNTIES = OWN_COUNTIES.replace("county_terc =", "to_county_terc =")
_TRANSFERS = "ALTER TABLE casework.case_transfers"
_BOTH = f"{OWN_COUNTIES} OR {_TO_OWN_COUNTIES}"
TRANSFERS_LOCKED = [
    f"{_TRANSFERS} ENABLE ROW LEVEL SECURITY",
    f"{_TRANSFERS} FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY own_counties ON casework.case_transfers USING ({_BOTH}) WITH CHECK ({_BOTH})",
]
"""Both counties see a transfer: the one that hands over, and the one that may accept."""


def upgrade() -> None:
    op.create_table(
        "cases",
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
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("coordinator", sa.Text(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("organiser_institution_id", sa.Uuid(), nullable=True),
        sa.Column("wokro_stage", sa.Text(), nullable=True),
        sa.Column("first_contact_on", sa.Date(), nullable=False),
        sa.Column("first_support_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('closed', 'withdrawn', 'transferred')) = (closed_on IS NOT NULL)",
            name=op.f("ck_cases_closed_on"),
        ),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_cases_county_terc")
        ),
        sa.CheckConstraint(
            "track IN ('early', 'pupil', 'wokro')", name=op.f("ck_cases_track")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_cases_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["casework.referrals.id"],
            name=op.f("fk_cases_referral_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        schema="casework",
    )
    op.create_index(
        "ix_cases_changed_at",
        "cases",
        ["changed_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_cases_coordinator",
        "cases",
        ["coordinator", "changed_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_cases_county_terc",
        "cases",
        ["county_terc", "changed_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_cases_county_terc_state",
        "cases",
        ["county_terc", "state", "changed_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_cases_institution_id",
        "cases",
        ["institution_id", "changed_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_cases_person_id", "cases", ["person_id"], unique=False, schema="casework"
    )
    op.create_index(
        "uq_cases_number", "cases", ["number"], unique=True, schema="casework"
    )
    op.create_index(
        # One open case of a child: two teams must not work beside
        # each other unknowingly.
        "uq_cases_open_of_person",
        "cases",
        ["person_id"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "case_members",
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
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("profession", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework.cases.id"], name=op.f("fk_case_members_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_members")),
        schema="casework",
    )
    op.create_index(
        "ix_case_members_subject",
        "case_members",
        ["subject"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "uq_case_members_subject_in_case",
        "case_members",
        ["case_id", "subject"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "case_steps",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework.cases.id"], name=op.f("fk_case_steps_case_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_steps")),
        schema="casework",
    )
    op.create_table(
        "case_transfers",
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
        sa.Column("to_county_terc", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("kept", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'declined', 'withdrawn')",
            name=op.f("ck_case_transfers_state"),
        ),
        sa.CheckConstraint(
            "county_terc <> to_county_terc",
            name=op.f("ck_case_transfers_to_county_terc"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework.cases.id"], name=op.f("fk_case_transfers_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["casework.people.id"],
            name=op.f("fk_case_transfers_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_transfers")),
        schema="casework",
    )
    op.create_index(
        "ix_case_transfers_county_terc",
        "case_transfers",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_case_transfers_to_county_terc",
        "case_transfers",
        ["to_county_terc", "created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        # A case is offered to one county at a time.
        "uq_case_transfers_case_id",
        "case_transfers",
        ["case_id"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("state = 'proposed'"),
    )
    for statement in TRANSFERS_LOCKED:
        op.execute(statement)
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"casework.{table}", objects):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "uq_case_transfers_case_id",
        table_name="case_transfers",
        schema="casework",
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_index(
        "ix_case_transfers_to_county_terc",
        table_name="case_transfers",
        schema="casework",
    )
    op.drop_index(
        "ix_case_transfers_county_terc", table_name="case_transfers", schema="casework"
    )
    op.drop_table("case_transfers", schema="casework")
    op.drop_table("case_steps", schema="casework")
    op.drop_index(
        "uq_case_members_subject_in_case",
        table_name="case_members",
        schema="casework",
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.drop_index(
        "ix_case_members_subject", table_name="case_members", schema="casework"
    )
    op.drop_table("case_members", schema="casework")
    op.drop_index(
        "uq_cases_open_of_person",
        table_name="cases",
        schema="casework",
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.drop_index("uq_cases_number", table_name="cases", schema="casework")
    op.drop_index("ix_cases_person_id", table_name="cases", schema="casework")
    op.drop_index("ix_cases_institution_id", table_name="cases", schema="casework")
    op.drop_index("ix_cases_county_terc_state", table_name="cases", schema="casework")
    op.drop_index("ix_cases_county_terc", table_name="cases", schema="casework")
    op.drop_index("ix_cases_coordinator", table_name="cases", schema="casework")
    op.drop_index("ix_cases_changed_at", table_name="cases", schema="casework")
    op.drop_table("cases", schema="casework")
