"""create attendances and calendars."""

import sqlalchemy as sa
from alembic import op

from services.chassis.trust.access import row_level_security

revision = "0004"
down_revision = "0003"

LOCKED = {"trainer": "group_id", "trainee": "trainee_id"}
"""What relations to an attendance and to its corrections lead by, by their kind."""


def upgrade() -> None:
    op.create_table(
        "hour_totals",
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
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("audience_role", sa.Text(), nullable=True),
        sa.Column("county_terc", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_lower_bound", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_hour_totals_county_terc")
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_hour_totals_minutes")),
        sa.CheckConstraint(
            "year BETWEEN 2000 AND 2100", name=op.f("ck_hour_totals_year")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_hour_totals_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_totals")),
        schema="training",
    )
    op.create_index(
        "ix_hour_totals_year",
        "hour_totals",
        ["year", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_hour_totals_external_id",
        "hour_totals",
        ["source", "external_id"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "outreach_metrics",
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
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_outreach_metrics_value")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_outreach_metrics_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_metrics")),
        schema="training",
    )
    op.create_index(
        "ix_outreach_metrics_as_of",
        "outreach_metrics",
        ["as_of", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_outreach_metrics_as_of",
        "outreach_metrics",
        ["programme_id", "metric", "as_of"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "advisory_contacts",
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
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("audience_role", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("contacted_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("trainer_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("annulled_by", sa.Text(), nullable=True),
        sa.Column("annulling_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(given_by = 'expert') = (trainer_id IS NOT NULL) AND given_by IN ('expert', 'adviser')",
            name=op.f("ck_advisory_contacts_given_by"),
        ),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_advisory_contacts_county_terc")
        ),
        sa.CheckConstraint(
            "(annulled_by IS NULL) = (annulling_reason IS NULL)",
            name=op.f("ck_advisory_contacts_annulled_by"),
        ),
        sa.CheckConstraint(
            "audience_role IS NOT NULL OR authority_id IS NOT NULL",
            name=op.f("ck_advisory_contacts_audience"),
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 1 AND 1440", name=op.f("ck_advisory_contacts_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_advisory_contacts_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_advisory_contacts_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"],
            ["training.trainers.id"],
            name=op.f("fk_advisory_contacts_trainer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advisory_contacts")),
        schema="training",
    )
    op.create_index(
        "ix_advisory_contacts_authority_id",
        "advisory_contacts",
        ["authority_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_advisory_contacts_contacted_on",
        "advisory_contacts",
        ["contacted_on", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_advisory_contacts_county_terc",
        "advisory_contacts",
        ["county_terc", "contacted_on", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_advisory_contacts_trainer_id",
        "advisory_contacts",
        ["trainer_id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "calendars",
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
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["training.groups.id"], name=op.f("fk_calendars_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
        schema="training",
    )
    op.create_index(
        "ix_calendars_subject",
        "calendars",
        ["subject", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_calendars_digest", "calendars", ["digest"], unique=True, schema="training"
    )
    op.create_table(
        "attendances",
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
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_attendances_minutes")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["training.groups.id"], name=op.f("fk_attendances_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["training.sessions.id"],
            name=op.f("fk_attendances_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"],
            ["training.trainees.id"],
            name=op.f("fk_attendances_trainee_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        schema="training",
    )
    op.create_index(
        "ix_attendances_created_at",
        "attendances",
        ["created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_attendances_group_id",
        "attendances",
        ["group_id", "trainee_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_attendances_trainee_id",
        "attendances",
        ["trainee_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_attendances_trainee",
        "attendances",
        ["session_id", "trainee_id"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "attendance_corrections",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("attendance_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("minutes_before", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column(
            "corrected_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "minutes >= 0 AND minutes <> minutes_before",
            name=op.f("ck_attendance_corrections_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["attendance_id"],
            ["training.attendances.id"],
            name=op.f("fk_attendance_corrections_attendance_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_corrections")),
        schema="training",
    )
    op.create_index(
        "ix_attendance_corrections_attendance_id",
        "attendance_corrections",
        ["attendance_id", "id"],
        unique=False,
        schema="training",
    )
    op.add_column(
        "sessions",
        sa.Column("attendance_signed_at", sa.DateTime(timezone=True), nullable=True),
        schema="training",
    )
    op.add_column(
        "sessions",
        sa.Column("attendance_signed_by", sa.Text(), nullable=True),
        schema="training",
    )
    op.create_check_constraint(
        op.f("ck_sessions_attendance_signed_at"),
        "sessions",
        "(attendance_signed_at IS NULL) = (attendance_signed_by IS NULL)"
        " AND (attendance_signed_at IS NULL OR state = 'held')",
        schema="training",
    )
    op.create_check_constraint(
        op.f("ck_sessions_reason"),
        "sessions",
        "(state = 'cancelled') = (reason IS NOT NULL)",
        schema="training",
    )
    for table in ("attendances", "attendance_corrections"):
        for statement in row_level_security(f"training.{table}", LOCKED):
            op.execute(statement)


def downgrade() -> None:
    op.drop_constraint("ck_sessions_reason", "sessions", schema="training")
    op.drop_column("sessions", "attendance_signed_by", schema="training")
    op.drop_column("sessions", "attendance_signed_at", schema="training")
    op.drop_index(
        "ix_attendance_corrections_attendance_id",
        table_name="attendance_corrections",
        schema="training",
    )
    op.drop_table("attendance_corrections", schema="training")
    op.drop_index("uq_attendances_trainee", table_name="attendances", schema="training")
    op.drop_index(
        "ix_attendances_trainee_id", table_name="attendances", schema="training"
    )
    op.drop_index(
        "ix_attendances_group_id", table_name="attendances", schema="training"
    )
    op.drop_index(
        "ix_attendances_created_at", table_name="attendances", schema="training"
    )
    op.drop_table("attendances", schema="training")
    op.drop_index("uq_calendars_digest", table_name="calendars", schema="training")
    op.drop_index("ix_calendars_subject", table_name="calendars", schema="training")
    op.drop_table("calendars", schema="training")
    op.drop_index(
        "ix_advisory_contacts_trainer_id",
        table_name="advisory_contacts",
        schema="training",
    )
    op.drop_index(
        "ix_advisory_contacts_county_terc",
        table_name="advisory_contacts",
        schema="training",
    )
    op.drop_index(
        "ix_advisory_contacts_contacted_on",
        table_name="advisory_contacts",
        schema="training",
    )
    op.drop_index(
        "ix_advisory_contacts_authority_id",
        table_name="advisory_contacts",
        schema="training",
    )
    op.drop_table("advisory_contacts", schema="training")
    op.drop_index(
        "uq_outreach_metrics_as_of", table_name="outreach_metrics", schema="training"
    )
    op.drop_index(
        "ix_outreach_metrics_as_of", table_name="outreach_metrics", schema="training"
    )
    op.drop_table("outreach_metrics", schema="training")
    op.drop_index(
        "uq_hour_totals_external_id", table_name="hour_totals", schema="training"
    )
    op.drop_index("ix_hour_totals_year", table_name="hour_totals", schema="training")
    op.drop_table("hour_totals", schema="training")
