"""create conference attendances, and for how long registrants stay known."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.chassis.trust.access import row_level_security

revision = "0015"
down_revision = "0014"

MEASURES = (
    "measure IN ('supported_staff', 'raised_competences', 'advised_authorities', "
)


def _versioned() -> list[sa.Column[Any]]:
    """What every table has that people change."""
    now = sa.text("now()")
    return [
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *(
            sa.Column(
                name, sa.DateTime(timezone=True), server_default=now, nullable=False
            )
            for name in ("created_at", "changed_at")
        ),
    ]


def upgrade() -> None:
    op.add_column(
        "conference_registrations",
        sa.Column("has_attended", sa.Boolean(), nullable=True),
        schema="training",
    )
    op.create_check_constraint(
        op.f("ck_conference_registrations_has_attended"),
        "conference_registrations",
        "has_attended IS NULL OR state = 'registered'",
        schema="training",
    )
    op.add_column(
        "conferences",
        sa.Column("registrants_erased_at", sa.DateTime(timezone=True), nullable=True),
        schema="training",
    )
    op.create_table(
        "conference_attendance_corrections",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("had_attended", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column(
            "corrected_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "reason IN ('entered_wrongly', 'other_person', 'on_paper_list')",
            name=op.f("ck_conference_attendance_corrections_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["training.conference_registrations.id"],
            name=op.f("fk_conference_attendance_corrections_registration_id"),
        ),
        sa.PrimaryKeyConstraint(
            "id", name=op.f("pk_conference_attendance_corrections")
        ),
        schema="training",
    )
    op.create_index(
        "ix_conference_attendance_corrections_registration_id",
        "conference_attendance_corrections",
        ["registration_id", "id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "conference_counts",
        sa.Column("conference_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("absent", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "least(registered, attended, absent) >= 0",
            name=op.f("ck_conference_counts_least"),
        ),
        sa.CheckConstraint(
            "attended + absent <= registered",
            name=op.f("ck_conference_counts_registered"),
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["training.conferences.id"],
            name=op.f("fk_conference_counts_conference_id"),
        ),
        sa.PrimaryKeyConstraint(
            "conference_id", "audience", name=op.f("pk_conference_counts")
        ),
        schema="training",
    )
    op.create_table(
        "conference_retention_rules",
        *_versioned(),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "months BETWEEN 0 AND 1200",
            name=op.f("ck_conference_retention_rules_months"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from <= valid_to",
            name=op.f("ck_conference_retention_rules_valid_to"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_retention_rules")),
        schema="training",
    )
    op.execute(
        "ALTER TABLE training.conference_retention_rules"
        " ADD CONSTRAINT ex_conference_retention_rules_days"
        " EXCLUDE USING gist (daterange(valid_from, valid_to, '[]') WITH &&)"
    )
    op.create_table(
        "conference_retention_runs",
        *_versioned(),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("conference_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("registrations", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'carried_out', 'declined')",
            name=op.f("ck_conference_retention_runs_state"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL)"
            " AND (decided_by IS NULL) = (decided_at IS NULL)"
            " AND decided_by <> proposed_by",
            name=op.f("ck_conference_retention_runs_decided_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_retention_runs")),
        schema="training",
    )
    op.create_index(
        "ix_conference_retention_runs_created_at",
        "conference_retention_runs",
        ["created_at", "id"],
        unique=False,
        schema="training",
    )
    op.drop_constraint(
        op.f("ck_indicators_measure"), "indicators", schema="training", type_="check"
    )
    op.create_check_constraint(
        op.f("ck_indicators_measure"),
        "indicators",
        MEASURES + "'held_conferences', 'conference_attendees', 'recorded')",
        schema="training",
    )
    for statement in row_level_security("training.conference_attendance_corrections"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_constraint(
        op.f("ck_indicators_measure"), "indicators", schema="training", type_="check"
    )
    op.create_check_constraint(
        op.f("ck_indicators_measure"),
        "indicators",
        MEASURES + "'recorded')",
        schema="training",
    )
    for table in (
        "conference_retention_runs",
        "conference_retention_rules",
        "conference_counts",
        "conference_attendance_corrections",
    ):
        op.drop_table(table, schema="training")
    op.drop_column("conferences", "registrants_erased_at", schema="training")
    op.drop_constraint(
        op.f("ck_conference_registrations_has_attended"),
        "conference_registrations",
        schema="training",
        type_="check",
    )
    op.drop_column("conference_registrations", "has_attended", schema="training")
