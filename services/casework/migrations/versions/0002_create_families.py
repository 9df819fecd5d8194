"""create families."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.trust.access import row_level_security

revision = "0002"
down_revision = "0001"


LOCKED = {
    "households": {},
    # Of the county alone: a code is handed over on paper, and never read again.
    "account_codes": {},
    "accounts": {"guardian": "person_id"},
    "guardianships": {
        "team": "child_id",
        "guardian": "child_id",
        "break_glass": "child_id",
    },
    "household_members": {
        "team": "person_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
    # Two records that may be one person are for the county to compare.
    "merges": {},
}
"""By table the columns that relations lead to, by their kind."""


def upgrade() -> None:
    op.create_table(
        "households",
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
        schema="casework",
    )
    op.create_index(
        "ix_households_county_terc",
        "households",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "account_codes",
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
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["casework.people.id"],
            name=op.f("fk_account_codes_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_codes")),
        schema="casework",
    )
    op.create_index(
        "ix_account_codes_person_id",
        "account_codes",
        ["person_id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "uq_account_codes_digest",
        "account_codes",
        ["digest"],
        unique=True,
        schema="casework",
    )
    op.create_table(
        "accounts",
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
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_accounts_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        schema="casework",
    )
    op.create_index(
        "ix_accounts_person_id",
        "accounts",
        ["person_id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        # Partial: an account that has ended may be joined to a person again.
        "uq_accounts_subject",
        "accounts",
        ["subject"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "guardianships",
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
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ending_reason", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "child_id <> guardian_id", name=op.f("ck_guardianships_guardian_id")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on <= ends_on",
            name=op.f("ck_guardianships_ends_on"),
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["casework.people.id"], name=op.f("fk_guardianships_child_id")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["casework.people.id"],
            name=op.f("fk_guardianships_guardian_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianships")),
        schema="casework",
    )
    op.create_index(
        "ix_guardianships_guardian_id",
        "guardianships",
        ["guardian_id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "uq_guardianships_guardian_of_child",
        "guardianships",
        ["child_id", "guardian_id"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "household_members",
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
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "left_on IS NULL OR joined_on <= left_on",
            name=op.f("ck_household_members_left_on"),
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["casework.households.id"],
            name=op.f("fk_household_members_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["casework.people.id"],
            name=op.f("fk_household_members_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_members")),
        schema="casework",
    )
    op.create_index(
        "ix_household_members_person_id",
        "household_members",
        ["person_id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "uq_household_members_person_in_household",
        "household_members",
        ["household_id", "person_id"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.create_table(
        "merges",
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
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "moved",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'merged', 'declined', 'undone')",
            name=op.f("ck_merges_state"),
        ),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_merges_merged_id")),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["casework.people.id"], name=op.f("fk_merges_kept_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["casework.people.id"], name=op.f("fk_merges_merged_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
        schema="casework",
    )
    op.create_index(
        "ix_merges_county_terc",
        "merges",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_merges_kept_id", "merges", ["kept_id"], unique=False, schema="casework"
    )
    op.create_index(
        "uq_merges_merged_id",
        "merges",
        ["merged_id"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("state IN ('proposed', 'merged')"),
    )
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"casework.{table}", objects):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "uq_merges_merged_id",
        table_name="merges",
        schema="casework",
        postgresql_where=sa.text("state IN ('proposed', 'merged')"),
    )
    op.drop_index("ix_merges_kept_id", table_name="merges", schema="casework")
    op.drop_index("ix_merges_county_terc", table_name="merges", schema="casework")
    op.drop_table("merges", schema="casework")
    op.drop_index(
        "uq_household_members_person_in_household",
        table_name="household_members",
        schema="casework",
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.drop_index(
        "ix_household_members_person_id",
        table_name="household_members",
        schema="casework",
    )
    op.drop_table("household_members", schema="casework")
    op.drop_index(
        "uq_guardianships_guardian_of_child",
        table_name="guardianships",
        schema="casework",
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.drop_index(
        "ix_guardianships_guardian_id", table_name="guardianships", schema="casework"
    )
    op.drop_table("guardianships", schema="casework")
    op.drop_index(
        "uq_accounts_subject",
        table_name="accounts",
        schema="casework",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_accounts_person_id", table_name="accounts", schema="casework")
    op.drop_table("accounts", schema="casework")
    op.drop_index(
        "uq_account_codes_digest", table_name="account_codes", schema="casework"
    )
    op.drop_index(
        "ix_account_codes_person_id", table_name="account_codes", schema="casework"
    )
    op.drop_table("account_codes", schema="casework")
    op.drop_index(
        "ix_households_county_terc", table_name="households", schema="casework"
    )
    op.drop_table("households", schema="casework")
